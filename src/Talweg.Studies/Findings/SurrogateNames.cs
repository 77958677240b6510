namespace Talweg.Studies.Findings;

/// <summary>What null surrogates are called, the same words everywhere: what a claim means depends on which of them gives it.</summary>
internal static class SurrogateNames
{
    /// <summary>(a): independent steps, alike in all directions.</summary>
    public const string IsotropicWalk = "isotropic walk";

    /// <summary>(b): such steps that sum to zero over each epoch.</summary>
    public const string EpochBalancedWalk = "epoch-balanced walk";

    /// <summary>(c): the recorded steps in another order within each epoch.</summary>
    public const string ShuffledSteps = "shuffled steps";
}
