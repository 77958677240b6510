using System.Runtime.InteropServices;
using Talweg.Trajectories;
using static TorchSharp.torch;

namespace Talweg.Benchmarks.Wide;

/// <summary>A recorded trajectory too large for memory, whose leading variances are known.</summary>
/// <remarks>
/// Cosines of k half waves over the window, of variance k^−2.6, along the columns of a Hadamard matrix: orthogonal both in time and in space,
/// so that cosine k is mode k exactly. Beneath them normal numbers of variance 10^−7 in all, and single precision's rounding.
/// </remarks>
internal static class WideTrajectory
{
    public const int Cosines = 512;
    private const int RowsAtOnce = 64;
    private const double NoiseVariance = 1e-7;

    /// <summary>σ² of a mode over the window: the cosine's, and what noise in N ≫ T weights adds to every mode, its variance over T.</summary>
    public static double Variance(int mode, int iterations) => Cosine(mode) + NoiseVariance / iterations;

    public static void Write(string path, int iterations, int dimension)
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(7);
        var axes = Axes(dimension);
        using var noise = tensor((float)Math.Sqrt(NoiseVariance / dimension));
        using var recorder = new TrajectoryRecorder(path, dimension);
        for (int first = 0; first < iterations; first += RowsAtOnce)
        {
            using var block = NewDisposeScope();
            int rows = Math.Min(RowsAtOnce, iterations - first);
            var weights = randn([rows, dimension], ScalarType.Float32, generator: generator).mul_(noise).addmm_(Motion(first, rows, iterations), axes);
            var values = MemoryMarshal.Cast<byte, float>(weights.bytes);
            for (int t = 0; t < rows; t++)
                recorder.Record(values.Slice(t * dimension, dimension));
        }
    }

    private static double Cosine(int mode) => Math.Pow(mode + 1, -2.6);

    /// <summary>√(2σ²) cos(π k (t + ½)/T), rounded to single precision.</summary>
    private static Tensor Motion(int first, int rows, int iterations)
    {
        float[] motion = new float[rows * Cosines];
        for (int t = 0; t < rows; t++)
        {
            for (int k = 0; k < Cosines; k++)
                motion[t * Cosines + k] = (float)(Math.Sqrt(2 * Cosine(k)) * Math.Cos(Math.PI * (k + 1) * (first + t + 0.5) / iterations));
        }
        return tensor(motion, [rows, Cosines]);
    }

    /// <summary>[cosines, N], signs of Walsh functions over √N; orthogonal where N is a multiple of the number of cosines.</summary>
    private static Tensor Axes(int dimension)
    {
        float[] axes = new float[Cosines * dimension];
        float size = (float)(1 / Math.Sqrt(dimension));
        for (int k = 0; k < Cosines; k++)
        {
            for (int j = 0; j < dimension; j++)
                axes[k * dimension + j] = int.IsEvenInteger(int.PopCount(k & (j % Cosines))) ? size : -size;
        }
        return tensor(axes, [Cosines, dimension]);
    }
}
