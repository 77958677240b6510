using Talweg.Networks;

namespace Talweg.Training;

/// <summary>State of the training at the end of an epoch. Losses are means in nats, errors shares of misclassified samples.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="TrainLoss">Over the whole training set.</param>
/// <param name="TrainError">Over the whole training set.</param>
/// <param name="TestLoss">Over the whole test set.</param>
/// <param name="TestError">Over the whole test set.</param>
public sealed record EpochRecord(int Epoch, double TrainLoss, double TrainError, double TestLoss, double TestError);

/// <summary>Why a training run ended.</summary>
public enum Ending
{
    /// <summary>Zero training error, and the extra epochs after it.</summary>
    ZeroError,

    /// <summary>The plan's last epoch.</summary>
    EpochLimit,

    /// <summary>The loss became infinite or not a number.</summary>
    Diverged,
}

/// <summary>A finished training run.</summary>
public sealed record TrainingRun
{
    /// <summary>What was asked for.</summary>
    public required TrainingPlan Plan { get; init; }

    /// <summary>Why it ended.</summary>
    public required Ending Ending { get; init; }

    /// <summary>The ending in words, with the epoch and what to try where it went wrong.</summary>
    public required string Verdict { get; init; }

    /// <summary>One record for every epoch that was evaluated (<see cref="TrainingPlan.EvaluateEvery"/>); the epoch in which a run diverged has none.</summary>
    public required IReadOnlyList<EpochRecord> Epochs { get; init; }

    /// <summary>Epochs trained, evaluated or not; the one in which a run diverged does not count.</summary>
    public required int CompletedEpochs { get; init; }

    /// <summary>The first evaluated epoch with zero training error; null if there was none.</summary>
    public required int? ZeroErrorEpoch { get; init; }

    /// <summary>
    /// Whether the last training loss is that of guessing, ln(classes) to a thousandth, or more: the network learned nothing, or its hidden
    /// units have died and nothing moves any more.
    /// </summary>
    public bool OnlyGuesses => Epochs.Count > 0 && IsGuess(Epochs[^1].TrainLoss, Weights.Network.Outputs);

    /// <summary>The last weights.</summary>
    public required NetworkWeights Weights { get; init; }

    /// <summary>E, iterations an epoch.</summary>
    public required int IterationsPerEpoch { get; init; }

    /// <summary>The trajectory's file, a row for every iteration recorded (<see cref="TrainingPlan.RecordEvery"/>); null if nothing was recorded.</summary>
    public required string? TrajectoryPath { get; init; }

    /// <summary>The epoch whose first iteration is the trajectory's first row; null if nothing was recorded.</summary>
    public required int? FirstRecordedEpoch { get; init; }

    internal static bool IsGuess(double loss, int classes) => loss > 0.999 * Math.Log(classes);
}
