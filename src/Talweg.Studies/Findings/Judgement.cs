namespace Talweg.Studies.Findings;

/// <summary>The rule that turns measurements into a verdict; nobody else may. It follows from intervals and bands alone: what null surrogates give is <see cref="Evidence"/>.</summary>
/// <remarks>
/// Fails if any interval lies wholly outside its band. Otherwise undecided if any interval is missing, has no width or reaches out of its band, or if a value cannot
/// decide. Otherwise holds. A wide interval never holds.
/// </remarks>
/// <param name="Verdict">The verdict.</param>
/// <param name="Reason">Why, if it is undecided or fails; empty if it holds.</param>
/// <param name="WithinOneRun">Whether what holds or fails rests on an interval from one run.</param>
public sealed record Judgement(Verdict Verdict, string Reason, bool WithinOneRun = false)
{
    /// <summary>Judges <paramref name="measurements"/>, all of which a claim needs; without any, nothing is decided.</summary>
    public static Judgement Of(IReadOnlyList<Measurement> measurements)
    {
        ArgumentNullException.ThrowIfNull(measurements);
        if (measurements.Count == 0)
            return new(Verdict.Undecided, "nothing was measured");
        Measurement[] outside = [.. measurements.Where(m => m.IsOutside)];
        if (outside.Length > 0)
            return new(Verdict.Fails, Outside(outside, measurements.Count), outside.All(m => m.WithinOneRun));
        if (measurements.FirstOrDefault(m => m.NothingFollows.Length > 0) is { } without)
            return new(Verdict.Undecided, without.NothingFollows);
        if (measurements.FirstOrDefault(m => !m.IsInside) is { } wide)
            return new(Verdict.Undecided, $"the interval of {wide.Name} reaches out of its band");
        return new(Verdict.Holds, "", measurements.Any(m => m.WithinOneRun));
    }

    /// <summary>"γ lies outside its band, 1 of 2 measurements".</summary>
    private static string Outside(Measurement[] outside, int count)
    {
        string which = outside.Length == 1 ? $"{outside[0].Name} lies outside its band" : $"{string.Join("; ", outside.Select(m => m.Name))} lie outside their bands";
        return count == 1 ? which : $"{which}, {outside.Length} of {count} measurements";
    }
}
