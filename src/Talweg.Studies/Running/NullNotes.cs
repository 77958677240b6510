using Talweg.Studies.Findings;

namespace Talweg.Studies.Running;

/// <summary>What it means that a surrogate gives a claim as well, in one sentence a surrogate.</summary>
internal static class NullNotes
{
    private static readonly string[] Meanings = [
        "An isotropic random walk gives the claim: principal component analysis makes this of any random walk, whatever the loss.",
        "An isotropic walk whose steps sum to zero over each epoch gives the claim: drawing without replacement is enough, whatever the loss.",
        "The recorded steps in another order within each epoch give the claim: it tells of each epoch's whole displacement and of the steps' covariance, which the shuffle keeps, and not of their order in time.",
    ];

    /// <summary>For findings on flatness: the meaning of the surrogates whose modes know nothing of the loss.</summary>
    public static (string Surrogate, string Meaning)[] RandomDirections =>
        [.. NullWindows.Names.Take(2).Select(name => (name, $"The {name} gives the claim: its modes are random directions, along which F varies by chance only, so its value may fall anywhere, here into the band."))];

    /// <param name="evidence">The finding's.</param>
    /// <param name="others">Sentences that fit the finding better, by surrogate.</param>
    public static IEnumerable<string> Of(Evidence evidence, params (string Surrogate, string Meaning)[] others) => evidence.SharedWith.Select(surrogate =>
        others.FirstOrDefault(other => other.Surrogate == surrogate).Meaning ?? Meanings[NullWindows.Names.ToList().IndexOf(surrogate)]);
}
