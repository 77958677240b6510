using System.Runtime.InteropServices;
using Talweg.Data;
using Talweg.Native;
using Talweg.Networks;
using static TorchSharp.torch;

namespace Talweg.Landscapes;

/// <summary>⟨C ⊗ h hᵀ⟩, the Hessian of one layer's matrix: see <see cref="HessianMatrix"/>.</summary>
/// <remarks>
/// With J = ∂y/∂z the logits' derivatives by the layer's pre-activations, C = Σₙ p̂ₙ jₙ jₙᵀ, jₙ being row n of J minus the mean of rows under p̂, and for each
/// layer of hidden units in between, with their own J, Jᵀ diag(φ″(z) ∂ℓ/∂h) J.
/// </remarks>
internal static class LayerHessian
{
    /// <summary>Of a chunk's two triangles together.</summary>
    private const long ChunkBytes = 8L << 20;

    /// <summary>[N, N], N = outputs · inputs, row-major.</summary>
    public static double[] Entries(DenseWeights weights, LabelledSamples samples, int layer, WorkOptions work)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var pass = new DensePass(weights, ScalarType.Float64);
        int outputs = weights.Network.OutputsOf(layer), inputs = weights.Network.InputsOf(layer);
        var (outer, inner) = (new Triangle(outputs), new Triangle(inputs));
        int chunkSize = (int)Math.Clamp(ChunkBytes / (sizeof(double) * (outer.Length + inner.Length + (long)outputs * outputs)), 1, samples.Count);
        int chunks = (samples.Count + chunkSize - 1) / chunkSize;
        Tensor[] sums = [.. Enumerable.Range(0, TorchRanges.Workers(chunks, work.Threads)).Select(_ => zeros(outer.Length, inner.Length, ScalarType.Float64))];
        int done = 0;
        TorchRanges.Run(chunks, work.Threads, (worker, chunk) =>
        {
            int first = chunk * chunkSize, count = Math.Min(chunkSize, samples.Count - first);
            var values = pass.Inputs(samples, first, count);
            for (int below = 0; below < layer; below++)
                values = pass.Activate(pass.Preactivation(below, values));
            var curvature = OutputCurvature(pass, weights.Network, layer, values, DensePass.Labels(samples.Labels.AsSpan(first, count)));
            sums[worker].addmm_(outer.Of(curvature).t(), inner.Products(values));
            work.Progress?.Report(new("Hessian", Interlocked.Increment(ref done), chunks));
        }, work.Cancellation);
        double[] total = new double[(long)outer.Length * inner.Length];
        foreach (var sum in sums)
        {
            var numbers = MemoryMarshal.Cast<byte, double>(sum.bytes);
            for (int i = 0; i < total.Length; i++)
                total[i] += numbers[i] / samples.Count;
        }

        return Expand(total, outer, inner, outputs, inputs);
    }

    /// <summary>C = ∂²ℓ/∂z∂z of every sample, [samples, outputs, outputs].</summary>
    private static Tensor OutputCurvature(DensePass pass, FullyConnected network, int layer, Tensor inputs, Tensor labels)
    {
        var values = pass.Forward(inputs, layer);
        var errors = pass.Backward(values, labels, layer);
        long samples = inputs.shape[0];
        var rates = eye(network.OutputsOf(layer), dtype: ScalarType.Float64).unsqueeze(0).expand(samples, -1, -1);
        var curvature = zeros(samples, network.OutputsOf(layer), network.OutputsOf(layer), ScalarType.Float64);
        for (int above = layer; above < pass.Layers - 1; above++)
        {
            // φ″(z) ∂ℓ/∂h = −2 a δ for tanh, since φ″ = −2 a φ′ and δ = φ′ ∂ℓ/∂h.
            if (!network.Activation.IsRelu())
                curvature.add_(rates.transpose(1, 2).bmm((values[above + 1] * errors[above]).unsqueeze(2) * rates), HeldScalar.MinusTwo);
            var derivative = pass.TimesDerivative(ones_like(values[above + 1]), values[above + 1]);
            rates = pass.Matrix(above + 1).matmul(derivative.unsqueeze(2) * rates);
        }

        var column = labels.unsqueeze(1);
        var probabilities = errors[^1].scatter_add(1, column, ones_like(column, dtype: ScalarType.Float64));
        var centred = rates - probabilities.unsqueeze(1).bmm(rates);
        return curvature.add_(centred.transpose(1, 2).bmm(probabilities.unsqueeze(2) * centred), HeldScalar.One);
    }

    /// <summary>Entry ((j, i), (j′, i′)) is that of the pairs jj′ and ii′, each in either order.</summary>
    private static double[] Expand(double[] total, Triangle outer, Triangle inner, int outputs, int inputs)
    {
        int n = outputs * inputs;
        double[] entries = new double[n * n];
        for (int row = 0; row < n; row++)
        {
            for (int column = 0; column < n; column++)
                entries[row * n + column] = total[outer.Place(row / inputs, column / inputs) * inner.Length + inner.Place(row % inputs, column % inputs)];
        }

        return entries;
    }

    /// <summary>The places i ≤ j of a symmetric matrix of n rows, one after the other.</summary>
    private sealed class Triangle
    {
        private readonly Tensor _rows;
        private readonly Tensor _columns;
        private readonly Tensor _places;
        private readonly int _size;

        public Triangle(int size)
        {
            _size = size;
            (long Row, long Column)[] places = [.. from row in Enumerable.Range(0, size) from column in Enumerable.Range(row, size - row) select ((long)row, (long)column)];
            Length = places.Length;
            _rows = tensor(places.Select(place => place.Row).ToArray());
            _columns = tensor(places.Select(place => place.Column).ToArray());
            _places = tensor(places.Select(place => place.Row * size + place.Column).ToArray());
        }

        public int Length { get; }

        public int Place(int row, int column)
        {
            var (low, high) = row < column ? (row, column) : (column, row);
            return low * (2 * _size - low - 1) / 2 + high;
        }

        /// <summary>The upper triangle of every matrix of [samples, n, n].</summary>
        public Tensor Of(Tensor matrices) => matrices.reshape(matrices.shape[0], -1).index_select(1, _places);

        /// <summary>hᵢ hⱼ of every row of [samples, n].</summary>
        public Tensor Products(Tensor vectors) => vectors.index_select(1, _rows).mul_(vectors.index_select(1, _columns));
    }
}
