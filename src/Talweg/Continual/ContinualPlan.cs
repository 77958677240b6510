using System.Globalization;
using Talweg.Networks;
using Talweg.Training;

namespace Talweg.Continual;

/// <summary>Everything that decides how a sequence of tasks is learned: with the same tasks, the same plan gives the same bits on the same machine.</summary>
public sealed record ContinualPlan
{
    /// <summary>The network, whose output layer all tasks share.</summary>
    public required Network Network { get; init; }

    /// <summary>The way not to forget.</summary>
    public required IContinualMethod Method { get; init; }

    /// <summary>B.</summary>
    public int BatchSize { get; init; } = 50;

    /// <summary>α of plain SGD; an <see cref="Optimizer"/> has its own.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>Instead of plain SGD; it begins anew with every task.</summary>
    public Optimizer? Optimizer { get; init; }

    /// <summary>How springs are followed; null: implicitly by plain SGD, so that they may be as strong as one likes, and explicitly by other optimizers. Replay is always followed explicitly.</summary>
    public PenaltyStep? PenaltyStep { get; init; }

    /// <summary>Root of all random numbers.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Epochs on every task: as many on each, whatever its error.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Epochs on every task but the first; null: <see cref="Epochs"/>. What is forgotten depends on it: the papers do not say how long they trained task 2.</summary>
    public int? LaterEpochs { get; init; }

    /// <summary>α on every task but the first, of plain SGD or of the <see cref="Optimizer"/>; null: the first's.</summary>
    public double? LaterLearningRate { get; init; }

    /// <summary>T in epochs: the last so many of a task's are recorded for methods that need them; of a later task with fewer, all.</summary>
    public int WindowEpochs { get; init; } = 10;

    /// <summary>What is trained.</summary>
    public TrainingProtocol Protocol { get; init; } = TrainingProtocol.FromScratch;

    /// <summary>
    /// The layers that are trained, counted from 1: with <see cref="TrainingProtocol.HiddenLayers"/>; null for its default, all dense layers but the network's first and last layer.
    /// </summary>
    public IReadOnlyList<int>? TrainedLayers { get; init; }

    /// <summary>Epochs on all tasks together, before the hidden layers are drawn anew; fewer where the training error, taken every five epochs, is zero before.</summary>
    public int PretrainingEpochs { get; init; } = 30;

    /// <summary>What is learned together, before the hidden layers are drawn anew.</summary>
    public PretrainingClasses PretrainingClasses { get; init; }

    /// <summary>Name and checksum of the data, so that a run is never resumed on other data.</summary>
    public string Data { get; init; } = "";

    /// <summary>The files of the data, for the record: where data lie makes no other run.</summary>
    public IReadOnlyList<string> DataFiles { get; init; } = [];

    /// <summary>How a memory is followed.</summary>
    internal PenaltyStep StepOf(IMemory? memory) =>
        memory is IProximalPenalty && (PenaltyStep ?? (IsPlain ? Training.PenaltyStep.Implicit : Training.PenaltyStep.Explicit)) == Training.PenaltyStep.Implicit
            ? Training.PenaltyStep.Implicit
            : Training.PenaltyStep.Explicit;

    /// <summary>Epochs on a task, counted from 0.</summary>
    internal int EpochsOf(int task) => task == 0 ? Epochs : LaterEpochs ?? Epochs;

    /// <summary>Epochs of a task's window.</summary>
    internal int WindowOf(int task) => Math.Min(WindowEpochs, EpochsOf(task));

    /// <summary>α of plain SGD on a task; 0 beside an optimizer, which has its own.</summary>
    internal double RateOf(int task) => Optimizer is not null ? 0 : task == 0 ? LearningRate : LaterLearningRate ?? LearningRate;

    /// <summary>The optimizer on a task; null for plain SGD.</summary>
    internal Optimizer? OptimizerOf(int task) => task > 0 && LaterLearningRate is { } rate && Optimizer is not null ? Optimizer with { LearningRate = rate } : Optimizer;

    private bool IsPlain => Optimizer is null or Sgd { IsPlain: true };

    /// <summary>Throws what is wrong with the plan, if anything is.</summary>
    /// <exception cref="InputException">A field lies outside its range.</exception>
    public void Validate()
    {
        Require(Epochs >= 1, "epochs", Epochs, "at least 1");
        Require(WindowEpochs >= 1 && (!Method.NeedsWindow || WindowEpochs <= Epochs), "window epochs", WindowEpochs, $"1 to {Epochs}, the epochs of a task");
        Require(!(Method.NeedsWindow && Protocol == TrainingProtocol.FromScratch && Network.Normalises), "method", Method, $"one that needs no trajectory, or the protocol of hidden layers: {Network} has normalisations, whose scales and shifts are not recorded");
        Require(LaterEpochs is not < 1, "later epochs", LaterEpochs ?? 0, "at least 1");
        Require(LaterLearningRate is not { } rate || (rate > 0 && double.IsFinite(rate)), "later learning rate", LaterLearningRate ?? 0, "a positive number");
        Require(PretrainingClasses == PretrainingClasses.All || Protocol == TrainingProtocol.HiddenLayers, "pretraining classes", "own", "all where everything is trained from scratch; or the protocol of hidden layers");
        Require(PretrainingEpochs >= 1, "pretraining epochs", PretrainingEpochs, "at least 1");
        Require(IsPlain || PenaltyStep != Training.PenaltyStep.Implicit, "penalty step", "implicit", $"explicit with {Optimizer}: springs are followed implicitly by plain SGD alone");
        Require(TrainedLayers is null || Protocol == TrainingProtocol.HiddenLayers, "trained layers", string.Join(",", TrainedLayers ?? []), "none where everything is trained from scratch; or the protocol of hidden layers");
    }

    /// <summary>The plan as text, by which a folder knows its own.</summary>
    internal string Fingerprint(TaskSequence tasks) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Network}; tasks {tasks.Name}; method {Method}; B = {BatchSize}; {Optimizer?.ToString() ?? $"sgd:lr={LearningRate:R}"}; seed {Seed}; {Epochs} epochs, window {WindowEpochs}; {PenaltyStep?.ToString() ?? "default"} steps; ")
        + $"{Protocol}{(TrainedLayers is null ? "" : $" of layers {string.Join(",", TrainedLayers)}")}, pretraining {PretrainingEpochs}{(PretrainingClasses == PretrainingClasses.Own ? " on own classes" : "")}{Later}; data {Data}";

    private string Later =>
        (LaterEpochs is null ? "" : $"; later tasks {LaterEpochs} epochs") + (LaterLearningRate is { } rate ? string.Create(CultureInfo.InvariantCulture, $"; later tasks lr={rate:R}") : "");

    private static void Require(bool condition, string field, object found, string expected)
    {
        if (!condition)
            throw new InputException("plan of tasks", field, string.Create(CultureInfo.InvariantCulture, $"{found}"), expected);
    }
}
