using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Talweg.Networks;

namespace Talweg.Training;

/// <summary>From when on a training run records its trajectory.</summary>
public enum Recording
{
    /// <summary>Nothing is recorded.</summary>
    None,

    /// <summary>From the epoch after the first with zero training error, or so late that <see cref="TrainingPlan.ExtraEpochs"/> are left.</summary>
    Exploration,

    /// <summary>From the first iteration on.</summary>
    All,
}

/// <summary>Everything that decides a training run: with the same data, the same plan gives the same bits on the same machine.</summary>
public sealed record TrainingPlan
{
    private static readonly JsonSerializerOptions Format = new()
    {
        Converters = { new JsonStringEnumConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The network.</summary>
    [JsonConverter(typeof(NetworkText))]
    public required Network Network { get; init; }

    /// <summary>B, samples a minibatch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>α; the optimizer's where one is given.</summary>
    public double LearningRate { get => field == 0 && Optimizer is not null ? Optimizer.LearningRate : field; init; }

    /// <summary>Name and checksum of the data, so that a run is never resumed on other data; empty where it does not matter.</summary>
    public string Data { get; init; } = "";

    /// <summary>Root of all random streams of the run.</summary>
    public required long Seed { get; init; }

    /// <summary>How the first weights are drawn.</summary>
    public Initialisation Initialisation { get; init; } = Initialisation.PyTorch;

    /// <summary>How minibatches are drawn.</summary>
    public Drawing Drawing { get; init; } = Drawing.WithoutReplacement;

    /// <summary>The run ends after this many epochs at the latest.</summary>
    public int MaxEpochs { get; init; } = 200;

    /// <summary>k: the run ends this many epochs after the first with zero training error; null: only at <see cref="MaxEpochs"/>.</summary>
    public int? ExtraEpochs { get; init; } = 30;

    /// <summary>From when on the trajectory is recorded.</summary>
    public Recording Recording { get; init; } = Recording.Exploration;

    /// <summary>The layers whose weights are recorded, counted from 1.</summary>
    public IReadOnlyList<int> RecordedLayers { get; init; } = [];

    /// <summary>
    /// k: of the iterations from which on the trajectory is recorded, those divisible by this, counted from 1 over the whole run, become rows; null:
    /// all. For layers whose trajectory the disk would not hold: 12,000 iterations of 160,000 weights are 7.7 GB.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RecordEvery { get; init; }

    /// <summary>Whether the biases of <see cref="RecordedLayers"/> are recorded too, each after its layer's matrix.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool RecordBiases { get; init; }

    /// <summary>k: with <see cref="Recording.All"/>, only the last k of <see cref="MaxEpochs"/> are recorded; null: all of them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RecordLast { get; init; }

    /// <summary>The layers whose matrices (and biases, if there are any) are trained, counted from 1, all others staying as they are; null: all weights are trained.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? TrainedLayers { get; init; }

    /// <summary>The full weights are kept at the end of every epoch divisible by this; null: never. See <see cref="Snapshots"/>.</summary>
    public int? SnapshotEvery { get; init; }

    /// <summary>
    /// The full weights are also kept after each of these iterations, counted from 1 over the whole run, wherever in an epoch they fall; 0 are
    /// the initial weights. Those that the run does not reach are left out; null: none. See <see cref="Snapshots.LoadIteration(string, long, Network)"/>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<long>? SnapshotIterations { get; init; }

    /// <summary>
    /// Losses and errors are taken after every epoch divisible by this, and after the last; null: after every epoch. What they decide waits for
    /// them: the epoch of zero error is then the first that was seen. For full batches, where an epoch is one iteration.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? EvaluateEvery { get; init; }

    /// <summary>The rule by which the weights move; null for plain SGD, w ← w − α g.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Optimizer? Optimizer { get; init; }

    /// <summary>What the learning rate is multiplied by in every iteration; null: nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Schedule? Schedule { get; init; }

    /// <summary>The plan as text, by which a checkpoint knows its own.</summary>
    [JsonIgnore]
    public string Fingerprint => JsonSerializer.Serialize(this, Format);

    /// <summary>Throws what is wrong with the plan, if anything is.</summary>
    /// <exception cref="InputException">A field lies outside its range.</exception>
    public void Validate(int samples)
    {
        Require(BatchSize >= 1 && BatchSize <= samples, "batch size", BatchSize, $"1 to {samples}, the number of training samples");
        Optimizer?.Validate();
        Schedule?.Validate();
        Require(Optimizer is null || LearningRate == Optimizer.LearningRate, "learning rate", LearningRate, $"none beside the optimizer {Optimizer}, or the same");
        Require(Optimizer is not GradientDescent || BatchSize == samples, "batch size", BatchSize, $"{samples}, all training samples, since gradient descent takes them all");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), "learning rate", LearningRate, "a positive number");
        Require(MaxEpochs >= 1, "epochs", MaxEpochs, "at least 1");
        Require(ExtraEpochs is not < 0, "extra epochs", ExtraEpochs ?? 0, "0 or more");
        Require(SnapshotEvery is not < 1, "snapshots every", SnapshotEvery ?? 0, "1 epoch or more");
        Require(RecordEvery is not < 1, "record every", RecordEvery ?? 0, "1 iteration or more");
        Require(RecordLast is not < 1, "record last", RecordLast ?? 0, "1 epoch or more");
        Require(!RecordBiases || Network.HasBiases, "record biases", Network, "a network that has biases");
        Require(EvaluateEvery is not < 1, "evaluate every", EvaluateEvery ?? 0, "1 epoch or more");
        foreach (long iteration in SnapshotIterations ?? [])
            Require(iteration >= 0, "snapshot iterations", iteration, "0, the initial weights, or more");
        Require(Recording == Recording.None || RecordedLayers.Count > 0, "recorded layers", "none", "at least one layer, since a trajectory is to be recorded");
        foreach (int layer in RecordedLayers)
            Require(layer >= 1 && layer <= Network.Layers, "recorded layers", layer, $"layers 1 to {Network.Layers} of {Network}");
        ValidateTrained();
    }

    /// <summary>The epoch after which the run ends, as far as is known.</summary>
    /// <param name="zeroError">The first epoch that was seen to have zero training error; null for none so far.</param>
    internal int LastEpochAfter(int? zeroError) => ExtraEpochs is { } extra && zeroError is { } zero ? (int)Math.Min((long)zero + extra, MaxEpochs) : MaxEpochs;

    /// <summary>The epoch from whose first iteration on the trajectory is recorded, as far as is known; null: none.</summary>
    /// <param name="zeroError">As above.</param>
    internal int? FirstRecordedAfter(int? zeroError) => Recording switch
    {
        Recording.None => null,
        Recording.All => 1 + Math.Max(0, MaxEpochs - (RecordLast ?? MaxEpochs)),
        _ => 1 + Math.Max(0, Math.Min(zeroError ?? int.MaxValue, MaxEpochs - (ExtraEpochs ?? MaxEpochs))),
    };

    /// <summary>The weights that are trained.</summary>
    internal WeightSpace Trained => TrainedLayers is null ? WeightSpace.All(Network) : WeightSpace.Of(Network, [.. TrainedLayers.Order()], Network.HasBiases);

    private void ValidateTrained()
    {
        if (TrainedLayers is null)
            return;
        Require(TrainedLayers.Count > 0, "trained layers", "none", "at least one layer, or null for all");
        Require(!Network.Normalises, "trained layers", string.Join(",", TrainedLayers), $"none named, so that all are trained: {Network} normalises batches, which moves with every step");
        foreach (int layer in TrainedLayers)
            Require(layer >= 1 && layer <= Network.Layers, "trained layers", layer, $"layers 1 to {Network.Layers} of {Network}");
    }

    private static void Require(bool condition, string field, object found, string expected)
    {
        if (!condition)
            throw new InputException("training plan", field, $"{found}", expected);
    }

    /// <summary>A network in JSON is its text.</summary>
    private sealed class NetworkText : JsonConverter<Network>
    {
        public override Network Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Network.Parse(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, Network value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
