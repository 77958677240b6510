using System.Globalization;
using System.Text.Json.Serialization;
using Talweg.Continual;
using Talweg.Studies.Running;

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

    /// <summary>α.</summary>
    public required double LearningRate { get; init; }

    /// <inheritdoc/>
    public required long Seed { get; init; }

    /// <summary>Epochs on every task.</summary>
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

    /// <summary>Numbers of constraints that are tried (FT-17), besides <see cref="Modes"/> and all there are; none for sequences.</summary>
    public required IReadOnlyList<int> Counts { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Label => string.Create(CultureInfo.InvariantCulture, $"{Sequence} ({Tasks} of {Data}), seed {Seed}");

    /// <summary>The training, but for the method.</summary>
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
        Data = Data,
    };
}
