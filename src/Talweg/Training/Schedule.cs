using System.Text.Json;
using System.Text.Json.Serialization;

namespace Talweg.Training;

/// <summary>How the learning rate changes: what it is multiplied by in every iteration. Several, joined by +, multiply each other.</summary>
[JsonConverter(typeof(Text))]
public abstract record Schedule
{
    private static readonly SettingsText<Schedule> Kinds = new("--schedule",
    [
        new("step", new StepSchedule(),
            [
                Setting<Schedule>.Of<StepSchedule>("every", NumberRange.Count, s => s.Every, (s, x) => s with { Every = (int)x }),
                Setting<Schedule>.Of<StepSchedule>("factor", NumberRange.Positive, s => s.Factor, (s, x) => s with { Factor = x }),
            ], "step:every=30,factor=0.1"),
        new("exponential", new ExponentialSchedule(),
            [Setting<Schedule>.Of<ExponentialSchedule>("factor", NumberRange.Positive, s => s.Factor, (s, x) => s with { Factor = x })], "exponential:factor=0.95"),
        new("cosine", new CosineSchedule(),
            [
                Setting<Schedule>.Of<CosineSchedule>("epochs", NumberRange.Count, s => s.Epochs, (s, x) => s with { Epochs = (int)x }),
                Setting<Schedule>.Of<CosineSchedule>("floor", NumberRange.Share, s => s.Floor, (s, x) => s with { Floor = x }),
            ], "cosine:epochs=100"),
        new("warmup", new WarmupSchedule(),
            [Setting<Schedule>.Of<WarmupSchedule>("epochs", NumberRange.Count, s => s.Epochs, (s, x) => s with { Epochs = (int)x })], "warmup:epochs=5"),
    ]);

    private protected Schedule()
    {
    }

    /// <summary>Reads <c>step:every=30,factor=0.1</c>, <c>exponential:factor=0.95</c>, <c>cosine:epochs=100,floor=0.01</c>, <c>warmup:epochs=5+cosine:epochs=100</c>.</summary>
    /// <exception cref="InputException">There is no such schedule or setting, or a number is missing or out of range.</exception>
    public static Schedule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Schedule[] factors = [.. text.Split('+').Select(Kinds.Parse)];
        return factors.Length == 1 ? factors[0] : new ScheduleProduct(factors);
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public sealed override string ToString() => string.Join('+', Factors.Select(Kinds.Print));

    /// <summary>What the learning rate is multiplied by.</summary>
    /// <param name="epoch">Counted from 1.</param>
    /// <param name="iteration">Counted from 1 over the whole run.</param>
    /// <param name="perEpoch">E, iterations an epoch.</param>
    public abstract double At(int epoch, long iteration, int perEpoch);

    /// <exception cref="InputException">A number is out of range.</exception>
    internal void Validate()
    {
        foreach (var factor in Factors)
            Kinds.Validate(factor);
    }

    private protected virtual IReadOnlyList<Schedule> Factors => [this];

    /// <summary>A schedule in JSON is its text.</summary>
    private sealed class Text : JsonConverter<Schedule>
    {
        public override Schedule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, Schedule value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}

/// <summary>factor^⌊(epoch − 1)/every⌋, as torch.optim.lr_scheduler.StepLR.</summary>
public sealed record StepSchedule : Schedule
{
    /// <summary>Epochs from one drop to the next.</summary>
    public int Every { get; init; }

    /// <summary>What a drop multiplies by.</summary>
    public double Factor { get; init; } = 0.1;

    /// <inheritdoc/>
    public override double At(int epoch, long iteration, int perEpoch) => Math.Pow(Factor, (epoch - 1) / Every);
}

/// <summary>factor^(epoch − 1), as torch.optim.lr_scheduler.ExponentialLR.</summary>
public sealed record ExponentialSchedule : Schedule
{
    /// <summary>What an epoch multiplies by.</summary>
    public double Factor { get; init; }

    /// <inheritdoc/>
    public override double At(int epoch, long iteration, int perEpoch) => Math.Pow(Factor, epoch - 1);
}

/// <summary>floor + (1 − floor)·½(1 + cos π (epoch − 1)/epochs), then floor: torch.optim.lr_scheduler.CosineAnnealingLR, half a period (Loshchilov and Hutter, ICLR 2017).</summary>
public sealed record CosineSchedule : Schedule
{
    /// <summary>Epochs until the floor.</summary>
    public int Epochs { get; init; }

    /// <summary>The last factor.</summary>
    public double Floor { get; init; }

    /// <inheritdoc/>
    public override double At(int epoch, long iteration, int perEpoch) =>
        epoch > Epochs ? Floor : Floor + (1 - Floor) * 0.5 * (1 + Math.Cos(Math.PI * (epoch - 1) / Epochs));
}

/// <summary>min(1, t/(epochs·E)): grows from iteration to iteration over the first epochs (Goyal et al., arXiv:1706.02677).</summary>
public sealed record WarmupSchedule : Schedule
{
    /// <summary>Epochs until the full learning rate.</summary>
    public int Epochs { get; init; }

    /// <inheritdoc/>
    public override double At(int epoch, long iteration, int perEpoch) => Math.Min(1, iteration / ((double)Epochs * perEpoch));
}

/// <summary>Several schedules that multiply each other.</summary>
internal sealed record ScheduleProduct : Schedule
{
    private readonly IReadOnlyList<Schedule> _factors;

    public ScheduleProduct(IReadOnlyList<Schedule> factors) => _factors = factors;

    public override double At(int epoch, long iteration, int perEpoch) => _factors.Aggregate(1.0, (product, factor) => product * factor.At(epoch, iteration, perEpoch));

    private protected override IReadOnlyList<Schedule> Factors => _factors;
}
