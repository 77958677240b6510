namespace Talweg.Networks;

/// <summary>How batch normalisation runs. Networks without it are the same in both.</summary>
public enum Normalisation
{
    /// <summary>By the running means and variances that training left: every sample's loss is its own. What measures use unless told otherwise.</summary>
    Evaluation,

    /// <summary>By the mean and variance of the samples that run together, as in training: a sample's loss depends on the others of its block.</summary>
    Training,
}
