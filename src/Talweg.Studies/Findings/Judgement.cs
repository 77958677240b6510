namespace Talweg.Studies.Findings;

/// <summary>The rule that turns measurements into a verdict; nobody else may.</summary>
/// <remarks>
/// Fails if any interval lies wholly outside its band. Otherwise undecided if a surrogate's values meet the bands where the measured
/// values do (all of them, or any where the measurements are settings of one condition), or if any interval is missing or reaches out of its band. Otherwise holds. A wide interval never holds.
/// </remarks>
/// <param name="Verdict">The verdict.</param>
/// <param name="Reason">Why, if it is undecided or fails; empty if it holds.</param>
public sealed record Judgement(Verdict Verdict, string Reason)
{
    /// <summary>Judges <paramref name="measurements"/>; without any, nothing is decided.</summary>
    /// <param name="measurements">Conditions that a claim needs all of.</param>
    /// <param name="settings">
    /// Whether they are one condition measured under several settings: then a surrogate gives the claim too if it does so under any of
    /// them. Otherwise it must meet all conditions together.
    /// </param>
    public static Judgement Of(IReadOnlyList<Measurement> measurements, bool settings = false)
    {
        ArgumentNullException.ThrowIfNull(measurements);
        if (measurements.Count == 0)
            return new(Verdict.Undecided, "nothing was measured");
        if (measurements.FirstOrDefault(m => m.IsOutside) is { } outside)
            return new(Verdict.Fails, $"{outside.Name} lies outside its band");
        if (settings
            ? measurements.Any(m => m.Band.Contains(m.Value) && m.Nulls.Any(n => n.GivesToo(m.Band)))
            : measurements.All(m => m.Band.Contains(m.Value)) && Surrogates(measurements).Any(name => MeetsBands(measurements, name)))
            return new(Verdict.Undecided, "the null gives it too");
        if (measurements.FirstOrDefault(m => !m.HasInterval) is { } without)
            return new(Verdict.Undecided, $"no interval for {without.Name}");
        if (measurements.FirstOrDefault(m => !m.IsInside) is { } wide)
            return new(Verdict.Undecided, $"the interval of {wide.Name} reaches out of its band");
        return new(Verdict.Holds, "");
    }

    /// <summary>The surrogates whose values lie in the bands of all the measurements that were made on them.</summary>
    public static IReadOnlyList<string> SurrogatesThatGiveItToo(IReadOnlyList<Measurement> measurements) =>
        [.. Surrogates(measurements).Where(name => MeetsBands(measurements, name))];

    private static IEnumerable<string> Surrogates(IReadOnlyList<Measurement> measurements) =>
        measurements.SelectMany(m => m.Nulls).Select(n => n.Surrogate).Distinct();

    private static bool MeetsBands(IReadOnlyList<Measurement> measurements, string surrogate) =>
        measurements.All(m => m.Nulls.Where(n => n.Surrogate == surrogate).All(n => n.GivesToo(m.Band)));
}
