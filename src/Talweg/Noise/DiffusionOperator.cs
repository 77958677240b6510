using Talweg.Landscapes;
using Talweg.Training;

namespace Talweg.Noise;

/// <summary>The diffusion matrix D, or a multiple of it, known by its products: for weight spaces too large to write it out.</summary>
/// <remarks>
/// D v = ⟨(sₖ − s̄) gₖ⟩ₖ with sₖ = gₖ·v = Σ δₖ·(V hₖ) over the layers, summed in double precision: one pass forward through h and one back, about
/// 4·M·N multiply-adds, and 8·M bytes beside the gradients. <see cref="Lanczos.Top"/> gives its largest eigenvalues.
/// </remarks>
public sealed class DiffusionOperator : ISymmetricOperator
{
    private readonly SampleGradients _gradients;
    private readonly double _factor;
    private readonly Lazy<double> _trace;

    internal DiffusionOperator(SampleGradients gradients, double factor)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        _gradients = gradients;
        _factor = factor;
        _trace = new(() => Math.Max(0, gradients.MeanSquaredNorm() - SquaredNorm(gradients.Mean())));   // equal samples leave roundoff of either sign
    }

    /// <summary>N, the number of weights.</summary>
    public int Dimension => _gradients.Space.Dimension;

    /// <summary>tr D = ⟨‖gₖ‖²⟩ − ‖ḡ‖², exact: the variance of a sample's gradient, summed over all weights.</summary>
    public double Trace => _factor * _trace.Value;

    /// <summary>The covariance of the gradient of one minibatch of <paramref name="batchSize"/> samples: D times <see cref="DiffusionMatrix.BatchFactor"/>.</summary>
    /// <remarks>Always of D itself, whatever multiple this one is.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">B is not within 1 … M.</exception>
    public DiffusionOperator OfBatch(int batchSize, Drawing drawing) => new(_gradients, DiffusionMatrix.BatchFactor(_gradients.Samples, batchSize, drawing));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span has not N numbers.</exception>
    public void Apply(ReadOnlySpan<double> vector, Span<double> product)
    {
        if (vector.Length != Dimension || product.Length != Dimension)
            throw new ArgumentException($"The diffusion matrix is {Dimension} × {Dimension}, but the vectors have {vector.Length} and {product.Length} numbers.", nameof(vector));
        double[] slopes = _gradients.Along(vector);
        double mean = slopes.Average();
        double scale = _factor / slopes.Length;
        for (int sample = 0; sample < slopes.Length; sample++)
            slopes[sample] = scale * (slopes[sample] - mean);
        _gradients.Sum(slopes).CopyTo(product);
    }

    private static double SquaredNorm(double[] vector) => vector.Sum(value => value * value);
}
