using System.Runtime.InteropServices;
using Talweg.Data;
using Talweg.Native;
using Talweg.Networks;
using static TorchSharp.torch;

namespace Talweg.Landscapes;

/// <summary>Forward tangents of a dense network along many directions at once, and the curvatures that follow: see <see cref="DirectionalCurvature"/>.</summary>
/// <remarks>Tangents are [samples, units, directions]: directions stand together, so that every product has as many columns.</remarks>
internal sealed class DenseTangents(DensePass pass, FullyConnected network, WeightSpace space, Directions directions, int first, int count)
{
    /// <summary>Enough columns for the matrix product's best rate; more leave the cache.</summary>
    private const int DirectionsAtOnce = 128;

    /// <summary>Of one tangent of the widest layer: it and its square should stay in cache.</summary>
    private const long ChunkBytes = 2L << 20;

    private int From => space.FirstLayer;

    /// <summary>pᵢᵀH pᵢ of the mean loss over the samples, [count].</summary>
    public double[] Curvatures(LabelledSamples samples, WorkOptions work)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Block[] blocks = [.. Enumerable.Range(0, (count + DirectionsAtOnce - 1) / DirectionsAtOnce).Select(Cut)];
        long bytes = sizeof(double) * network.Widths.Skip(From).Max() * (long)Math.Min(count, DirectionsAtOnce);
        int chunkSize = (int)Math.Clamp(ChunkBytes / bytes, 1, samples.Count);
        int chunks = (samples.Count + chunkSize - 1) / chunkSize;
        double[][] sums = [.. Enumerable.Range(0, TorchRanges.Workers(chunks, work.Threads)).Select(_ => new double[count])];
        int done = 0;
        TorchRanges.Run(chunks, work.Threads, (worker, chunk) =>
        {
            Add(samples, chunk * chunkSize, Math.Min(chunkSize, samples.Count - chunk * chunkSize), blocks, sums[worker]);
            work.Progress?.Report(new("curvature", Interlocked.Increment(ref done), chunks));
        }, work.Cancellation);
        return [.. Enumerable.Range(0, count).Select(i => sums.Sum(sum => sum[i]) / samples.Count)];
    }

    private void Add(LabelledSamples samples, int start, int length, Block[] blocks, double[] sums)
    {
        var inputs = pass.Inputs(samples, start, length);
        for (int layer = 0; layer < From; layer++)
            inputs = pass.Activate(pass.Preactivation(layer, inputs));
        var values = pass.Forward(inputs, From);
        var labels = DensePass.Labels(samples.Labels.AsSpan(start, length));
        var errors = pass.Backward(values, labels, From);
        foreach (var block in blocks)
        {
            using var scope = NewDisposeScope();
            var curvatures = Sum(block, values, errors, labels);
            var numbers = MemoryMarshal.Cast<byte, double>(curvatures.bytes);
            for (int i = 0; i < numbers.Length; i++)
                sums[block.First + i] += numbers[i];
        }
    }

    /// <summary>Σ over samples of p·(∂²ℓ/∂w∂w)·p, [directions].</summary>
    private Tensor Sum(Block block, Tensor[] values, Tensor[] errors, Tensor labels)
    {
        var sum = zeros(block.Count, ScalarType.Float64);
        Tensor? inputRate = null;
        for (int layer = From; ; layer++)
        {
            var rate = PreactivationRate(block, layer, values[layer], inputRate);
            AddCrossTerm(sum, block, layer, errors[layer], inputRate);
            if (layer == pass.Layers - 1)
                return sum.add_(OutputTerm(rate, errors[layer], labels), HeldScalar.One);
            AddSecondDerivative(sum, values[layer + 1], errors[layer], rate);
            inputRate = rate.mul_(pass.TimesDerivative(ones_like(values[layer + 1]), values[layer + 1]).unsqueeze(2));
        }
    }

    /// <summary>ż = W·ḣ + P·h + q.</summary>
    private Tensor PreactivationRate(Block block, int layer, Tensor values, Tensor? inputRate)
    {
        var rate = inputRate is null ? null : pass.Matrix(layer).matmul(inputRate);
        if (block.Matrices[layer] is { } matrix)
        {
            var own = values.matmul(matrix).reshape(values.shape[0], -1, block.Count);
            rate = rate is null ? own : rate.add_(own, HeldScalar.One);
        }

        return block.Biases[layer] is { } bias ? rate!.add_(bias, HeldScalar.One) : rate!;
    }

    /// <summary>2 δᵀ·P·ḣ of a layer that moves above another that does: the sum over samples first, for it is the same for all directions.</summary>
    private static void AddCrossTerm(Tensor sum, Block block, int layer, Tensor errors, Tensor? inputRate)
    {
        if (inputRate is null || block.Matrices[layer] is not { } matrix)
            return;
        long outputs = errors.shape[1], inputs = inputRate.shape[1];
        var products = errors.t().matmul(inputRate.reshape(inputRate.shape[0], -1)).reshape(outputs, inputs, block.Count);
        var term = products.transpose(0, 1).mul(matrix.reshape(inputs, outputs, block.Count)).sum([0L, 1L]);
        sum.add_(term, HeldScalar.Two);
    }

    /// <summary>Σ φ″(z) (∂ℓ/∂h) ż² = −2 Σ a δ ż² for tanh, since φ″ = −2 a φ′ and δ = φ′ ∂ℓ/∂h.</summary>
    private void AddSecondDerivative(Tensor sum, Tensor activation, Tensor errors, Tensor rate)
    {
        if (network.Activation.IsRelu())
            return;
        sum.add_(Weighted(activation * errors, rate * rate), HeldScalar.MinusTwo);
    }

    /// <summary>Σ p̂ (ẏ − Σ p̂ẏ)²: terms of one sign, so relative precision however small the loss.</summary>
    private static Tensor OutputTerm(Tensor logitRates, Tensor errors, Tensor labels)
    {
        var column = labels.unsqueeze(1);
        var probabilities = errors.scatter_add(1, column, ones_like(column, dtype: ScalarType.Float64));
        var centred = logitRates - probabilities.unsqueeze(1).bmm(logitRates);
        return Weighted(probabilities, centred.mul_(centred));
    }

    /// <summary>Sum over samples and units of weights [samples, units] times numbers [samples, units, directions].</summary>
    private static Tensor Weighted(Tensor weights, Tensor numbers) =>
        weights.reshape(1, -1).matmul(numbers.reshape(-1, numbers.shape[2])).squeeze(0);

    private Block Cut(int index)
    {
        int start = index * DirectionsAtOnce;
        int length = Math.Min(DirectionsAtOnce, count - start);
        var block = new Block(start, length, new Tensor?[pass.Layers], new Tensor?[pass.Layers]);
        foreach (var segment in space.Segments)
        {
            using var scope = NewDisposeScope();
            var rows = zeros(length, segment.Length, ScalarType.Float64);
            var numbers = MemoryMarshal.Cast<byte, double>(rows.bytes);
            for (int i = 0; i < length; i++)
                directions[first + start + i].Slice(segment.Start, segment.Length).CopyTo(numbers[(i * segment.Length)..]);
            int outputs = network.OutputsOf(segment.Layer), inputs = network.InputsOf(segment.Layer);
            if (segment.IsBias)
                block.Biases[segment.Layer] = rows.t().contiguous().MoveToOuterDisposeScope();
            else
                block.Matrices[segment.Layer] = rows.reshape(length, outputs, inputs).permute(2, 1, 0).contiguous().reshape(inputs, -1).MoveToOuterDisposeScope();
        }

        return block;
    }

    /// <summary>Directions first … first + count − 1 of these, by layer: matrices [inputs, outputs·count], biases [outputs, count].</summary>
    private sealed record Block(int First, int Count, Tensor?[] Matrices, Tensor?[] Biases);
}
