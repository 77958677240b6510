namespace Talweg.Studies.Findings;

/// <summary>What it means that a surrogate gives a claim as well, in one sentence a surrogate.</summary>
internal static class NullNotes
{
    /// <summary>For findings on flatness: the meaning of the surrogates whose modes know nothing of the loss.</summary>
    public static (string Surrogate, string Meaning)[] RandomDirections { get; } = [.. new[] { SurrogateNames.IsotropicWalk, SurrogateNames.EpochBalancedWalk }
        .Select(name => (name, $"The {name} gives the claim: its modes are random directions, along which F varies by chance only, so its value may fall anywhere, here into the band."))];

    /// <param name="evidence">The finding's.</param>
    /// <param name="others">Sentences that fit the finding better, by surrogate.</param>
    public static IEnumerable<string> Of(Evidence evidence, params (string Surrogate, string Meaning)[] others) =>
        evidence.SharedWith.Select(surrogate => others.FirstOrDefault(other => other.Surrogate == surrogate).Meaning ?? Meaning(surrogate));

    private static string Meaning(string surrogate) => surrogate switch
    {
        SurrogateNames.IsotropicWalk => "An isotropic random walk gives the claim: principal component analysis makes this of any random walk, whatever the loss.",
        SurrogateNames.EpochBalancedWalk => "An isotropic walk whose steps sum to zero over each epoch gives the claim: drawing without replacement is enough, whatever the loss.",
        SurrogateNames.ShuffledSteps => "The recorded steps in another order within each epoch give the claim: it tells of each epoch's whole displacement and of the steps' covariance, which the shuffle keeps, and not of their order in time.",
        _ => throw new ArgumentOutOfRangeException(nameof(surrogate), surrogate, "is no surrogate's name"),
    };
}
