using Talweg.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Trajectories;

/// <summary>Products with A, the smaller of the covariance and the Gram matrix of a centred window, of which one block at a time is in memory.</summary>
internal sealed class WindowProducts(CentredWindow centred)
{
    /// <summary>Whether A is the Gram matrix [T, T].</summary>
    public bool IsGram { get; } = centred.Iterations < centred.Dimension;

    public int Size => IsGram ? centred.Iterations : centred.Dimension;

    /// <summary>tr A, the window's total variance; known after the first product.</summary>
    public double Trace { get; private set; } = double.NaN;

    /// <summary>A·q for q [size, b]: one pass.</summary>
    public Tensor Apply(Tensor q)
    {
        using var scope = NewDisposeScope();
        var product = zeros(q.shape, ScalarType.Float64);
        double squares = 0;
        void Add(Tensor block, Tensor transposed)
        {
            product.add_(transposed.matmul(block.matmul(q)), HeldScalar.One);
            if (double.IsNaN(Trace))
                squares += Math.Pow(block.norm().item<double>(), 2);
        }

        if (IsGram)
            centred.ByColumns((columns, _) => Add(columns.t(), columns));
        else
            centred.ByRows((rows, _) => Add(rows, rows.t()));
        if (double.IsNaN(Trace))
            Trace = squares / centred.Iterations;
        using var iterations = centred.Iterations.ToScalar();
        return product.div_(iterations).MoveToOuterDisposeScope();
    }
}
