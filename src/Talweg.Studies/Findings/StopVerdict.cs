namespace Talweg.Studies.Findings;

/// <summary>What the data say about a claim at one stop.</summary>
/// <param name="Course">What the stop is one of.</param>
/// <param name="Stop">The stop.</param>
/// <param name="Verdict">The verdict, from the measurements at this stop alone.</param>
/// <param name="Reason">Why, if it is undecided or fails.</param>
public sealed record StopVerdict(string Course, string Stop, Verdict Verdict, string Reason)
{
    /// <summary>One for every stop, in the order of the measurements; none for measurements without stops.</summary>
    public static IReadOnlyList<StopVerdict> Of(IReadOnlyList<Measurement> measurements)
    {
        ArgumentNullException.ThrowIfNull(measurements);
        return [.. measurements.Where(measurement => measurement.Stop.Length > 0).GroupBy(measurement => (measurement.Course, measurement.Stop)).Select(group =>
        {
            var judged = Judgement.Of([.. group]);
            return new StopVerdict(group.Key.Course, group.Key.Stop, judged.Verdict, judged.Reason);
        })];
    }

    /// <summary>"ten classes, α = 0.1: holds up to 1 epoch, fails at 5 epochs, 20 epochs": how far a claim holds in every course.</summary>
    public static string Text(IReadOnlyList<StopVerdict> verdicts)
    {
        ArgumentNullException.ThrowIfNull(verdicts);
        return string.Join("; ", verdicts.GroupBy(verdict => verdict.Course).Select(course => $"{course.Key}: {OfCourse([.. course])}"));
    }

    private static string OfCourse(StopVerdict[] stops)
    {
        StopVerdict[] holds = [.. stops.Where(stop => stop.Verdict == Verdict.Holds)];
        if (holds.Length == stops.Length)
            return "holds at every stop";
        bool first = stops.Take(holds.Length).All(stop => stop.Verdict == Verdict.Holds);
        string[] parts =
        [
            holds.Length == 0 ? "holds at no stop" : first ? $"holds up to {holds[^1].Stop}" : $"holds at {Names(holds)}",
            .. Part(stops, Verdict.Undecided, "undecided"),
            .. Part(stops, Verdict.Fails, "fails"),
        ];
        return string.Join(", ", parts);
    }

    private static IEnumerable<string> Part(StopVerdict[] stops, Verdict verdict, string word)
    {
        StopVerdict[] such = [.. stops.Where(stop => stop.Verdict == verdict)];
        if (such.Length > 0)
            yield return such.Length == stops.Length ? $"{word} at all" : $"{word} at {Names(such)}";
    }

    /// <summary>"½ epoch, 1 epoch and 5 epochs".</summary>
    private static string Names(StopVerdict[] stops) => stops.Length == 1
        ? stops[0].Stop
        : $"{string.Join(", ", stops.Take(stops.Length - 1).Select(stop => stop.Stop))} and {stops[^1].Stop}";
}
