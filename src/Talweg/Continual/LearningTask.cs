using Talweg.Data;

namespace Talweg.Continual;

/// <summary>One task of a sequence: samples to learn from, and others to be judged by. Labels are those of the whole sequence, whose tasks share one output layer.</summary>
/// <param name="Name">"01", "animals", "rotated 30°".</param>
/// <param name="Train">What is learned.</param>
/// <param name="Test">What is not.</param>
public sealed record LearningTask(string Name, LabelledSamples Train, LabelledSamples Test)
{
    /// <summary>Samples by which settings are chosen, neither learned nor tested on; null where none were put aside.</summary>
    public LabelledSamples? Validation { get; init; }
}
