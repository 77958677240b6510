using System.Globalization;
using System.Text.Json.Serialization;
using Talweg.Continual;
using Talweg.Studies.Running;
using Talweg.Training;

namespace Talweg.Studies.Forgetting;

/// <summary>One seed of one sequence of tasks, and everything that its measurements depend on.</summary>
public sealed record ForgettingCell : ICell
{
    /// <summary>Its name among <see cref="SequenceCase"/>.</summary>
    public required string Sequence { get; init; }

    /// <summary>As <c>--tasks</c> takes it.</summary>
    public required string Tasks { get; init; }

    /// <summary>Name of the data set.</summary>
    public required string Data { get; init; }

    /// <summary>As <c>--network</c> takes it.</summary>
    public required string Network { get; init; }

    /// <summary>The layers that are trained task after task, counted from 1.</summary>
    public required IReadOnlyList<int> Layers { get; init; }

    /// <summary>Training images that tasks are made of, from the first on; 0 for all.</summary>
    public required int Samples { get; init; }

    /// <summary>Share of each task's training images that λ is chosen by.</summary>
    public required double ValidationShare { get; init; }

    /// <summary>B.</summary>
    public required int BatchSize { get; init; }

    /// <summary>α of the training on all classes together and of the first task.</summary>
    public required double LearningRate { get; init; }

    /// <summary>What is learned before the hidden layers are drawn anew.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<PretrainingClasses>))]
    public required PretrainingClasses Pretraining { get; init; }

    /// <summary>α of later tasks.</summary>
    public required double LaterLearningRate { get; init; }

    /// <summary>Stops of the last task: test errors that it first falls to; none where no training gets there.</summary>
    public required IReadOnlyList<double> StopErrors { get; init; }

    /// <summary>Stops of the last task in epochs.</summary>
    public required IReadOnlyList<double> StopEpochs { get; init; }

    /// <summary>α of later tasks that are followed by explicit steps.</summary>
    public required double SlowLearningRate { get; init; }

    /// <summary>Stops of the last task in epochs there.</summary>
    public required IReadOnlyList<double> SlowEpochs { get; init; }

    /// <inheritdoc/>
    public required long Seed { get; init; }

    /// <summary>Epochs on the first task.</summary>
    public required int Epochs { get; init; }

    /// <summary>The last of them, whose trajectory has the modes.</summary>
    public required int WindowEpochs { get; init; }

    /// <summary>Epochs on all tasks together at most.</summary>
    public required int PretrainingEpochs { get; init; }

    /// <summary>N_c.</summary>
    public required int Modes { get; init; }

    /// <summary>The papers' λ.</summary>
    public required double Lambda { get; init; }

    /// <summary>λs of every method.</summary>
    public required int GridPoints { get; init; }

    /// <summary>Numbers of constraints that are tried (FT-17), besides <see cref="Modes"/> and all modes there are; none for sequences.</summary>
    public required IReadOnlyList<int> Counts { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Label => string.Create(CultureInfo.InvariantCulture, $"{Sequence} ({Tasks} of {Data}{(Pretraining == PretrainingClasses.Own ? ", own classes" : "")}), seed {Seed}");

    /// <summary>The stops that later tasks are looked at.</summary>
    [JsonIgnore]
    public IReadOnlyList<Ladder> Ladders =>
    [
        new(string.Create(CultureInfo.InvariantCulture, $"α = {LaterLearningRate:G6}"), LaterLearningRate, null, StopErrors, StopEpochs),
        new(string.Create(CultureInfo.InvariantCulture, $"α = {SlowLearningRate:G6}, explicit steps"), SlowLearningRate, PenaltyStep.Explicit, [], SlowEpochs),
    ];

    /// <summary>The training, but for the method and the later tasks' own numbers.</summary>
    [JsonIgnore]
    internal ContinualPlan Plan => new()
    {
        Network = Talweg.Networks.Network.Parse(Network),
        Method = new NoMethod(),
        BatchSize = BatchSize,
        LearningRate = LearningRate,
        Seed = Seed,
        Epochs = Epochs,
        WindowEpochs = WindowEpochs,
        Protocol = TrainingProtocol.HiddenLayers,
        TrainedLayers = Layers,
        PretrainingEpochs = PretrainingEpochs,
        PretrainingClasses = Pretraining,
        Data = Data,
    };
}
