using System.Runtime.InteropServices;
using Talweg.Landscapes;
using Talweg.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Noise;

/// <summary>The covariance of the samples' gradients, whose B-th part is the noise of SGD.</summary>
/// <remarks>
/// D = ⟨gₖ gₖᵀ⟩ₖ − ḡ ḡᵀ with gₖ = ∂ℓₖ/∂w and ḡ its mean over the M samples: Xiong et al. (2022), Eq. 19. The gradient of a minibatch of B samples has the
/// covariance <see cref="BatchFactor"/>·D about ḡ. Units: squared nats over squared weights.
/// </remarks>
public static class DiffusionMatrix
{
    /// <summary>N up to which <see cref="Dense"/> writes the matrix out.</summary>
    public const int MostWeights = 5000;

    private const long BlockBytes = 32L << 20;
    private const int PanelRows = 256;

    /// <summary>D written out, [N, N], symmetric to the bit, in double precision.</summary>
    /// <remarks>M·N² multiply-adds in all, and 2 × 8·N² bytes: 100 MB for 2,500 weights. The mean gradient is subtracted from every sample's before they are multiplied.</remarks>
    /// <exception cref="ArgumentException">N is above 5,000; take the operator.</exception>
    public static double[,] Dense(SampleGradients gradients, WorkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        int n = gradients.Space.Dimension;
        if (n > MostWeights)
            throw new ArgumentException($"A dense diffusion matrix is made of up to {MostWeights} weights, but the weight space has {n}. Take DiffusionMatrix.Of, which only multiplies.", nameof(gradients));
        options ??= WorkOptions.Default with { Threads = gradients.Threads };
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var mean = tensor(gradients.Mean());
        var sum = zeros(n, n, ScalarType.Float64);
        int block = (int)Math.Clamp(BlockBytes / (sizeof(double) * n), 1, gradients.Samples);
        options.Progress?.Report(new("diffusion matrix", 0, gradients.Samples));
        for (int first = 0; first < gradients.Samples; first += block)
        {
            using var inner = NewDisposeScope();
            int count = Math.Min(block, gradients.Samples - first);
            AddProduct(sum, gradients.Rows(first, count).sub_(mean), options);
            options.Progress?.Report(new("diffusion matrix", first + count, gradients.Samples));
        }

        using var samples = gradients.Samples.ToScalar();
        return Mirrored(sum.div_(samples), n);
    }

    /// <summary>D for any number of weights, known by its products.</summary>
    public static DiffusionOperator Of(SampleGradients gradients) => new(gradients, 1);

    /// <summary>What D is to be multiplied with for the covariance of a minibatch's gradient: 1/B, or (M − B)/(B (M − 1)) without replacement.</summary>
    /// <param name="samples">M.</param>
    /// <param name="batchSize">B, 1 … M.</param>
    /// <param name="drawing">How the minibatch is drawn.</param>
    /// <exception cref="ArgumentOutOfRangeException">B is not within 1 … M.</exception>
    public static double BatchFactor(int samples, int batchSize, Drawing drawing)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batchSize, samples);
        if (drawing == Drawing.WithReplacement)
            return 1.0 / batchSize;
        return samples == batchSize ? 0 : (double)(samples - batchSize) / batchSize / (samples - 1);
    }

    /// <summary>Adds rowsᵀ·rows to the upper triangle, panels of it shared out among the threads: the first goes with the last, which is short where that is long.</summary>
    private static void AddProduct(Tensor sum, Tensor rows, WorkOptions options)
    {
        int panels = ((int)sum.size(0) + PanelRows - 1) / PanelRows;
        TorchRanges.Run((panels + 1) / 2, options.Threads, (_, pair) =>
        {
            AddPanel(sum, rows, pair * PanelRows);
            if (panels - 1 - pair != pair)
                AddPanel(sum, rows, (panels - 1 - pair) * PanelRows);
        }, options.Cancellation);
    }

    private static void AddPanel(Tensor sum, Tensor rows, int first)
    {
        long n = sum.size(0);
        long height = Math.Min(PanelRows, n - first);
        sum.narrow(0, first, height).narrow(1, first, n - first).addmm_(rows.narrow(1, first, height).t(), rows.narrow(1, first, n - first));
    }

    private static double[,] Mirrored(Tensor upper, int n)
    {
        double[,] matrix = new double[n, n];
        MemoryMarshal.Cast<byte, double>(upper.bytes).CopyTo(MemoryMarshal.CreateSpan(ref matrix[0, 0], n * n));
        for (int row = 1; row < n; row++)
        {
            for (int column = 0; column < row; column++)
                matrix[row, column] = matrix[column, row];
        }

        return matrix;
    }
}
