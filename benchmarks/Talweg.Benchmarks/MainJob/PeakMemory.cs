namespace Talweg.Benchmarks.MainJob;

/// <summary>The most memory that the study takes at its quick preset.</summary>
internal sealed class PeakMemory : IBenchmark
{
    private const string Study = "inverse-variance-flatness";

    public string Name => "memory";

    public string Compares => $"peak resident memory of talweg run {Study} --preset quick, in MiB";

    private static Bar Needed => Bar.Below(2048);

    public IEnumerable<Measurement> Run(Workplace workplace)
    {
        if (!OperatingSystem.IsLinux() || TalwegProgram.Find() is not { } program)
        {
            yield return Measurement.Skipped(Name, "MiB", Needed, OperatingSystem.IsLinux() ? TalwegProgram.NotBuilt : "this takes /proc");
            yield break;
        }

        double peak = 0;
        double seconds = PairedTimes.Seconds(() => TalwegProgram.Run(
            program,
            ["run", Study, "--preset", "quick", "--out", Path.Combine(workplace.Folder, "study")],
            process => peak = Math.Max(peak, TalwegProgram.PeakMebibytes(process))));
        yield return new(Name, "MiB", [peak], Needed) { Notes = [$"one run, {Numbers.Duration(seconds)}"] };
    }
}
