namespace Talweg.Benchmarks;

/// <summary>A row of the table.</summary>
/// <param name="Name">The benchmark, and the variant where it has several.</param>
/// <param name="Quantity">What the numbers are: "times as fast", "core-minutes".</param>
/// <param name="Values">One number a repetition; none if skipped.</param>
/// <param name="Bar">What the median must reach; null where the number is only told.</param>
internal sealed record Measurement(string Name, string Quantity, IReadOnlyList<double> Values, Bar? Bar)
{
    /// <summary>What a reader should know besides: absolute times, choices made, how well results agree.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether both sides gave different results where they must agree: then the ratio is worth nothing.</summary>
    public bool Differs { get; init; }

    public double? Median => Values.Count == 0 ? null : Numbers.Median(Values);

    /// <summary>ok, short, differs, skipped; or – where there is no bar.</summary>
    public string Verdict =>
        Differs ? "differs"
        : Median is not { } median ? "skipped"
        : Bar is null ? "–"
        : Bar.IsMetBy(median) ? "ok" : "short";

    public static Measurement Skipped(string name, string quantity, Bar bar, string why) => new(name, quantity, [], bar) { Notes = [$"skipped: {why}"] };
}
