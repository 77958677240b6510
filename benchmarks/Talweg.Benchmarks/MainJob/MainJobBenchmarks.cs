namespace Talweg.Benchmarks.MainJob;

/// <summary>The benchmarks of the first study's work, in the order of the table.</summary>
internal static class MainJobBenchmarks
{
    public static BenchmarkSet Set { get; } = new("main-job", "What the first study spends its time on.",
    [
        new TrainingStep(),
        new TwoCells(),
        new TransectsPerDirection(),
        new TransectsTwoThreads(),
        new KernelPeak(),
        new PrincipalModesOfWindow(),
        new FlatnessOfModes(),
        new PeakMemory(),
        new StartUp(),
    ]);
}
