using System.Globalization;
using Talweg.Training;

namespace Talweg.Studies.Forgetting;

/// <summary>The stops at which a later task is looked at, all of one training: the papers do not say how long they trained, and everything depends on it.</summary>
/// <param name="Name">In words: "α = 0.1".</param>
/// <param name="LearningRate">α of the later tasks.</param>
/// <param name="Step">How springs are followed; null: as the plan's default has it, implicitly.</param>
/// <param name="Errors">Stops where the last task's test error first falls to so much.</param>
/// <param name="Epochs">Stops after so many epochs, ascending.</param>
public sealed record Ladder(string Name, double LearningRate, PenaltyStep? Step, IReadOnlyList<double> Errors, IReadOnlyList<double> Epochs)
{
    /// <summary>The names of all stops, the shortest first.</summary>
    public IReadOnlyList<string> Stops => [.. Errors.OrderDescending().Select(ErrorName), .. Epochs.Order().Select(EpochName)];

    /// <summary>The longest stop.</summary>
    public string Last => EpochName(Epochs.Max());

    /// <summary>Epochs that a training takes to reach all stops.</summary>
    public int TrainedEpochs => (int)Math.Ceiling(Epochs.Max());

    /// <summary>"ε₂ ≤ 2%".</summary>
    public static string ErrorName(double error) => string.Create(CultureInfo.InvariantCulture, $"ε₂ ≤ {100 * error:G6}%");

    /// <summary>"½ epoch", "1 epoch", "20 epochs".</summary>
    public static string EpochName(double epochs) => epochs switch
    {
        0.5 => "½ epoch",
        1 => "1 epoch",
        _ => string.Create(CultureInfo.InvariantCulture, $"{epochs:G6} epochs"),
    };

    /// <summary>The iteration of a stop after so many epochs, 1 at least.</summary>
    public static long IterationOf(double epochs, int perEpoch) => Math.Max(1, (long)Math.Round(epochs * perEpoch));
}
