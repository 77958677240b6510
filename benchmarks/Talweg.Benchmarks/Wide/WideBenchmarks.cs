namespace Talweg.Benchmarks.Wide;

/// <summary>What wide layers cost.</summary>
internal static class WideBenchmarks
{
    public static BenchmarkSet Set { get; } = new("wide", "What the trajectories of wide layers cost: 8 GB of disk, a quarter of an hour.",
    [
        new WideWindowModes(),
    ]);
}
