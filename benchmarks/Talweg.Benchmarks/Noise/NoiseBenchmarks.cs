namespace Talweg.Benchmarks.Noise;

/// <summary>The benchmarks of the noise room, in the order of the table.</summary>
internal static class NoiseBenchmarks
{
    public static BenchmarkSet Set { get; } = new("noise", "What measuring the noise of minibatches costs.",
    [
        new TemperatureAndEnsembles(),
        new MinibatchGradients(),
    ]);
}
