using Talweg.Data;
using Talweg.Native;
using Talweg.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Landscapes;

/// <summary>Products with the Hessian of a dense network by tangents of its forward and backward pass: see <see cref="HessianOperator"/>.</summary>
/// <remarks>
/// <para>
/// With h the input of a layer, δ = ∂ℓ/∂z the error of its pre-activation z = W·h + b, and a dot for the derivative along v (Ẇ = V, ḃ = q within the
/// space, 0 outside),
/// </para>
/// <code>
/// ż = W·ḣ + V·h + q,   ḣ′ = φ′(z) ż,   δ̇ = φ′(z) (W′ᵀ·δ̇′ + V′ᵀ·δ′) + φ″(z) ż (W′ᵀ·δ′),   (H v)_W = ⟨δ̇ hᵀ + δ ḣᵀ⟩,   (H v)_b = ⟨δ̇⟩,
/// </code>
/// <para>
/// a prime marking the layer above. A product costs about four passes through the layers from the first that moves; what does not depend on v is computed
/// once and kept while it fits in 1 GiB (8 bytes × samples × inputs and outputs of those layers), else again for each product.
/// </para>
/// </remarks>
internal sealed class DenseHessianPath : IHessianPath
{
    private const long KeptBytes = 1L << 30;
    private const long ChunkBytes = 4L << 20;

    private readonly DensePass _pass;
    private readonly LabelledSamples _samples;
    private readonly WeightSpace _space;
    private readonly int _threads;
    private readonly int _chunkSize;
    private readonly Chunk?[] _kept;

    public DenseHessianPath(DenseWeights weights, LabelledSamples samples, WeightSpace space, int threads)
    {
        _pass = new(weights, ScalarType.Float64);
        _samples = samples;
        _space = space;
        _threads = threads;
        int[] widths = [.. weights.Network.Widths.Skip(First)];
        _chunkSize = (int)Math.Clamp(ChunkBytes / (sizeof(double) * widths.Max()), 1, samples.Count);
        _kept = new Chunk?[(samples.Count + _chunkSize - 1) / _chunkSize];
        long bytes = (widths.Sum() + widths.Skip(1).Sum()) * (long)sizeof(double) * samples.Count;
        if (bytes <= KeptBytes)
            TorchRanges.Run(_kept.Length, threads, (_, chunk) => _kept[chunk] = Prepare(chunk).Kept());
    }

    public string Name => "dense";

    private int First => _space.FirstLayer;

    public void Apply(ReadOnlySpan<double> vector, Span<double> product)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var rates = Parts(vector);
        Tensor[][] sums = [.. Enumerable.Range(0, TorchRanges.Workers(_kept.Length, _threads)).Select(_ => rates.Select(rate => zeros_like(rate)).ToArray())];
        TorchRanges.Run(_kept.Length, _threads, (worker, chunk) => Add(_kept[chunk] ?? Prepare(chunk), rates, sums[worker]));
        using var samples = _samples.Count.ToScalar();
        for (int i = 0; i < rates.Length; i++)
        {
            foreach (var other in sums.Skip(1))
                sums[0][i].add_(other[i], HeldScalar.One);
            sums[0][i].div_(samples).data<double>().CopyTo(product.Slice(_space.Segments[i].Start, _space.Segments[i].Length));
        }
    }

    public void Dispose()
    {
        Array.ForEach(_kept, chunk => chunk?.Dispose());
        _pass.Dispose();
    }

    /// <summary>The vector's stretches, a tensor each, in the segments' order.</summary>
    private Tensor[] Parts(ReadOnlySpan<double> vector)
    {
        var parts = new Tensor[_space.Segments.Count];
        for (int i = 0; i < parts.Length; i++)
        {
            var segment = _space.Segments[i];
            var part = tensor(vector.Slice(segment.Start, segment.Length).ToArray()).to(ScalarType.Float64, copy: true);
            parts[i] = part.reshape(_space.ShapeOf(segment));
        }

        return parts;
    }

    private Chunk Prepare(int chunk)
    {
        int first = chunk * _chunkSize;
        int count = Math.Min(_chunkSize, _samples.Count - first);
        var inputs = _pass.Inputs(_samples, first, count);
        for (int layer = 0; layer < First; layer++)
            inputs = _pass.Activate(_pass.Preactivation(layer, inputs));
        var values = _pass.Forward(inputs, First);
        var labels = DensePass.Labels(_samples.Labels.AsSpan(first, count));
        return new(values, _pass.Backward(values, labels, First), labels);
    }

    private void Add(Chunk chunk, Tensor[] rates, Tensor[] sums)
    {
        var inputRates = new Tensor?[_pass.Layers + 1];
        var rate = new Tensor?[_pass.Layers];
        for (int layer = First; layer < _pass.Layers; layer++)
        {
            rate[layer] = PreactivationRate(layer, chunk.Values[layer], inputRates[layer], rates);
            if (layer < _pass.Layers - 1)
                inputRates[layer + 1] = _pass.TimesDerivative(rate[layer]!.clone(), chunk.Values[layer + 1]);
        }

        var errorRate = OutputErrorRates(chunk.Errors[^1], rate[^1]!, chunk.Labels);
        for (int layer = _pass.Layers - 1; ; layer--)
        {
            AddGradientRate(layer, chunk, errorRate, inputRates[layer], sums);
            if (layer == First)
                return;
            var handed = errorRate.matmul(_pass.Matrix(layer));
            if (MatrixOf(layer) is { } matrix)
                handed.addmm_(chunk.Errors[layer], rates[matrix]);
            errorRate = _pass.TimesDerivative(handed, chunk.Values[layer]);
            _pass.AddSecondDerivative(errorRate, chunk.Values[layer], chunk.Errors[layer - 1], rate[layer - 1]!);
        }
    }

    private Tensor PreactivationRate(int layer, Tensor values, Tensor? inputRate, Tensor[] rates)
    {
        var rate = inputRate?.matmul(_pass.Matrix(layer).t());
        if (MatrixOf(layer) is { } matrix)
            rate = rate is null ? values.matmul(rates[matrix].t()) : rate.addmm_(values, rates[matrix].t());
        return BiasOf(layer) is { } bias ? rate!.add_(rates[bias], HeldScalar.One) : rate!;
    }

    private void AddGradientRate(int layer, Chunk chunk, Tensor errorRate, Tensor? inputRate, Tensor[] sums)
    {
        if (MatrixOf(layer) is { } matrix)
        {
            sums[matrix].addmm_(errorRate.t(), chunk.Values[layer]);
            if (inputRate is not null)
                sums[matrix].addmm_(chunk.Errors[layer].t(), inputRate);
        }

        if (BiasOf(layer) is { } bias)
            sums[bias].add_(errorRate.sum([0L]), HeldScalar.One);
    }

    /// <summary>With p = softmax and mₙ = ẏₙ − ẏ_k for label k: δ̇ₙ = pₙ (mₙ − Σ p m), all terms of relative precision however small the loss.</summary>
    private static Tensor OutputErrorRates(Tensor errors, Tensor logitRates, Tensor labels)
    {
        var column = labels.unsqueeze(1);
        var margins = logitRates - logitRates.gather(1, column);
        var mean = (errors * margins).sum(1, keepdim: true);
        return margins.sub_(mean).mul_(errors).scatter_add_(1, column, -mean);
    }

    private int? MatrixOf(int layer) => SegmentOf(layer, isBias: false);

    private int? BiasOf(int layer) => SegmentOf(layer, isBias: true);

    private int? SegmentOf(int layer, bool isBias)
    {
        for (int i = 0; i < _space.Segments.Count; i++)
        {
            if (_space.Segments[i].Layer == layer && _space.Segments[i].IsBias == isBias)
                return i;
        }

        return null;
    }

    /// <summary>What a product needs of a chunk of samples and what does not depend on the vector.</summary>
    private sealed record Chunk(Tensor[] Values, Tensor[] Errors, Tensor Labels) : IDisposable
    {
        private IEnumerable<Tensor> All => Values.Concat(Errors).Append(Labels).Where(tensor => tensor is not null);

        /// <summary>Outlives the dispose scope it was made in.</summary>
        public Chunk Kept()
        {
            foreach (var tensor in All)
                tensor.DetachFromDisposeScope();
            return this;
        }

        public void Dispose()
        {
            foreach (var tensor in All)
                tensor.Dispose();
        }
    }
}
