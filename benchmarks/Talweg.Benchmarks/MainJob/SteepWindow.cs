using System.Runtime.InteropServices;
using Talweg.Trajectories;
using static TorchSharp.torch;

namespace Talweg.Benchmarks.MainJob;

/// <summary>A window of weights whose variances fall over eleven decades, as those of training runs do.</summary>
internal static class SteepWindow
{
    private const double Decades = 11;

    /// <summary>Normal numbers of variances 10^(−11 √(i/N)) along random orthogonal directions, from a fixed seed.</summary>
    public static Window Draw(int iterations, int dimension)
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(7);
        double[] powers = [.. Enumerable.Range(0, dimension).Select(i => Math.Pow(10, -Decades / 2 * Math.Sqrt((double)i / dimension)))];
        var deviations = tensor(powers);
        var (directions, _) = linalg.qr(randn([dimension, dimension], ScalarType.Float64, generator: generator));
        var weights = (randn([iterations, dimension], ScalarType.Float64, generator: generator) * deviations).matmul(directions.t()).to(ScalarType.Float32);
        return new(MemoryMarshal.Cast<byte, float>(weights.bytes).ToArray(), iterations, dimension);
    }
}
