namespace Talweg.Continual;

/// <summary>What is trained on a sequence of tasks.</summary>
public enum TrainingProtocol
{
    /// <summary>Everything, from weights drawn at random.</summary>
    FromScratch,

    /// <summary>
    /// The papers' (Feng and Tu, Methods): the network is first trained on all tasks together; then its input and output layers stay as they are, and only the hidden layers
    /// between them are drawn anew and trained, task after task.
    /// </summary>
    HiddenLayers,
}
