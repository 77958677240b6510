namespace Talweg.Benchmarks.MainJob;

/// <summary>How long a user waits for commands that compute nothing.</summary>
internal sealed class StartUp : IBenchmark
{
    private const int LeastRuns = 10;

    public string Name => "start-up";

    public string Compares => "seconds that talweg --help and talweg list take";

    private static Bar Needed => Bar.Below(0.3);

    public IEnumerable<Measurement> Run(Workplace workplace)
    {
        foreach (string argument in (string[])["--help", "list"])
        {
            string name = $"{Name}, {argument}";
            if (TalwegProgram.Find() is not { } program)
            {
                yield return Measurement.Skipped(name, "s", Needed, TalwegProgram.NotBuilt);
                continue;
            }

            TalwegProgram.Run(program, [argument]);
            double[] seconds = [.. Enumerable.Range(0, Math.Max(LeastRuns, workplace.Repeat)).Select(_ => PairedTimes.Seconds(() => TalwegProgram.Run(program, [argument])))];
            yield return new(name, "s", seconds, Needed);
        }
    }
}
