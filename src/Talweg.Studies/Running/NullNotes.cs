using Talweg.Studies.Findings;

namespace Talweg.Studies.Running;

/// <summary>What it means that a surrogate meets a finding's bands as well, in one sentence a surrogate.</summary>
internal static class NullNotes
{
    private static readonly string[] Meanings = [
        "An isotropic random walk gives it too: principal component analysis makes this of any random walk, whatever the loss.",
        "An isotropic walk whose steps sum to zero over each epoch gives it too: drawing without replacement is enough, whatever the loss.",
        "The recorded steps in another order within each epoch give it too: it tells of each epoch's whole displacement and of the steps' covariance, which the shuffle keeps, and not of their order in time.",
    ];

    /// <summary>For findings on flatness: the meaning of the surrogates whose modes know nothing of the loss.</summary>
    public static (string Surrogate, string Meaning)[] RandomDirections =>
        [.. NullWindows.Names.Take(2).Select(name => (name, $"The {name} gives it too: its modes are random directions, along which F varies by chance only, so its value may fall anywhere, here into the band."))];

    /// <param name="measurements">The finding's measurements.</param>
    /// <param name="others">Sentences that fit the finding better, by surrogate.</param>
    public static IEnumerable<string> Of(IReadOnlyList<Measurement> measurements, params (string Surrogate, string Meaning)[] others)
    {
        if (!measurements.All(m => m.Band.Contains(m.Value)))
            yield break;
        foreach (string surrogate in Judgement.SurrogatesThatGiveItToo(measurements))
            yield return others.FirstOrDefault(other => other.Surrogate == surrogate).Meaning ?? Meanings[NullWindows.Names.ToList().IndexOf(surrogate)];
    }
}
