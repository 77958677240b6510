using Talweg.Data;
using Talweg.Networks;

namespace Talweg.Landscapes;

/// <summary>The Hessian ∂²L/∂w∂w of the mean cross entropy over a weight space, known by its exact products with vectors, in double precision.</summary>
/// <remarks>
/// <para>
/// A product is the tangent, along v, of one forward and backward pass (Pearlmutter, Neural Computation 6, 147, 1994). There are two ways,
/// <see cref="Path"/> says which: "dense" for fully connected networks, tangents of our own over activations and errors that are kept; "autograd" for every other network, double
/// backward in chunks of 64 samples, nothing being kept from one product to the next.
/// </para>
/// <para>
/// ReLU's second derivative is taken as 0 either way: the kinks' own contribution to the curvature of the mean, which is there in the limit of many
/// samples, is not in it. Normalisations run in evaluation mode.
/// </para>
/// <para>
/// Samples are spread over threads, but for modules, which run on one: same bits on the same number of threads. Holds native memory: dispose it.
/// </para>
/// </remarks>
public sealed class HessianOperator : ISymmetricOperator, IDisposable
{
    private readonly IHessianPath _path;
    private bool _disposed;

    private HessianOperator(IHessianPath path, int dimension)
    {
        _path = path;
        Dimension = dimension;
    }

    /// <summary>N, the number of weights in the space.</summary>
    public int Dimension { get; }

    /// <summary>Which way the products are computed: "dense" or "autograd".</summary>
    public string Path => _path.Name;

    /// <summary>The Hessian at <paramref name="weights"/> of the mean loss over <paramref name="samples"/>.</summary>
    /// <param name="weights">All weights of the network.</param>
    /// <param name="samples">What the loss is a mean over.</param>
    /// <param name="space">The weights to differentiate by.</param>
    /// <param name="threads">At most this many threads; all processors where null.</param>
    /// <exception cref="ArgumentException">Network, samples and weight space do not fit together.</exception>
    public static HessianOperator Of(NetworkWeights weights, LabelledSamples samples, WeightSpace space, int? threads = null)
    {
        NetworkFit.Require(weights, samples, space);
        int count = threads ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(threads));
        return new(weights is DenseWeights dense ? new DenseHessianPath(dense, samples, space, count) : new TorchHessianPath(weights, samples, space, count), space.Dimension);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span has not N numbers.</exception>
    public void Apply(ReadOnlySpan<double> vector, Span<double> product)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (vector.Length != Dimension || product.Length != Dimension)
            throw new ArgumentException($"The Hessian is {Dimension} × {Dimension}, but the vectors have {vector.Length} and {product.Length} numbers.", nameof(vector));
        _path.Apply(vector, product);
    }

    /// <summary>Frees the native memory.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _path.Dispose();
    }
}
