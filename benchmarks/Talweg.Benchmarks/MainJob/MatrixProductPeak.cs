using Talweg.Networks.Kernels;
using static TorchSharp.torch;

namespace Talweg.Benchmarks.MainJob;

/// <summary>The highest rate of single-precision matrix products on one thread: torch's large ones, and Talweg's own small one.</summary>
internal sealed unsafe class MatrixProductPeak : IDisposable
{
    private const double LeastSeconds = 0.1;
    private const int Rows = 50;
    private const int Columns = 256;

    private static readonly int[] Sizes = [1024, 1536, 2048];

    private readonly AlignedBuffer _weights = new(Rows * Columns);
    private readonly AlignedBuffer _input = new(Columns * Panel.Width);
    private readonly AlignedBuffer _output = new(Rows * Panel.Width);

    /// <summary>Operations a second of the fastest product, and which it was.</summary>
    public (string Product, double Rate) Measure()
    {
        var rates = Sizes.Select(size => ($"torch.matmul, {size} square", TorchRate(size)))
            .Append(($"Panel.Multiply, {Rows} × {Columns} × {Panel.Width}", Rate(OwnProducts, 1000 * 2.0 * Rows * Columns * Panel.Width)));
        return rates.MaxBy(rate => rate.Item2);
    }

    public void Dispose()
    {
        _weights.Dispose();
        _input.Dispose();
        _output.Dispose();
    }

    private static double TorchRate(int size)
    {
        using var scope = NewDisposeScope();
        var (a, b, product) = (rand(size, size), rand(size, size), empty(size, size));
        return Rate(() => product.addmm_(a, b, beta: 0, alpha: 1), 2.0 * size * size * size);
    }


    private void OwnProducts()
    {
        var weights = Panel.Matrix.RowMajor(_weights.Pointer, Rows, Columns, Columns);
        for (int i = 0; i < 1000; i++)
            Panel.Multiply(weights, null, _input.Pointer, Panel.Width, _output.Pointer, Panel.Width);
    }

    /// <summary>The highest rate of a single call, over calls for a while.</summary>
    private static double Rate(Action product, double operations)
    {
        double best = double.PositiveInfinity;
        for (double spent = 0; spent < LeastSeconds;)
        {
            double seconds = PairedTimes.Seconds(product);
            spent += seconds;
            best = Math.Min(best, seconds);
        }

        return operations / best;
    }
}
