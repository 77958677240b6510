namespace Talweg.Benchmarks.Networks;

/// <summary>The benchmarks of convolutional networks, in the order of the table.</summary>
internal static class NetworkBenchmarks
{
    public static BenchmarkSet Set { get; } = new("networks", "What measuring convolutional networks costs.", [new ConvolutionalTransects(), new ConvolutionGradients()]);
}
