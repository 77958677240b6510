using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Native;
using Talweg.Networks;
using static TorchSharp.torch;

namespace Talweg.Noise;

/// <summary>The minibatches' mean losses as functions of the coordinates θ along some directions, differentiated twice by autograd in double precision.</summary>
/// <remarks>
/// A block of minibatches goes through the network at once, each with its own θ and so with its own copy of the moving weights: the
/// gradient of Σ_μ ∂L^μ/∂θₖ^μ is then row k of every minibatch's Hessian. Memory: a block is sized so that copies and activations
/// stay near 8 MB each.
/// </remarks>
internal sealed class ProjectedLoss : IDisposable
{
    private const long BlockNumbers = 1 << 20;

    private readonly LabelledSamples _samples;
    private readonly Activation _activation;
    private readonly WeightSpace _space;
    private readonly MinibatchSets _sets;
    private readonly Tensor[] _matrices;
    private readonly Tensor[] _biases;
    private readonly Tensor[] _directions;
    private readonly int _modes;

    public ProjectedLoss(DenseWeights weights, LabelledSamples samples, WeightSpace space, Directions directions, MinibatchSets sets)
    {
        _samples = samples;
        _activation = weights.Network.Activation;
        _space = space;
        _sets = sets;
        _modes = directions.Count;
        AtOnce = (int)Math.Clamp(BlockNumbers / Math.Max(space.Dimension, (long)sets.BatchSize * weights.Network.Widths.Max()), 1, sets.Count);
        using var scope = NewDisposeScope();
        var network = weights.Network;
        _matrices = [.. weights.Matrices.Select((matrix, layer) => Kept(Copy(matrix).reshape(network.OutputsOf(layer), network.InputsOf(layer)).t()))];
        _biases = [.. weights.Biases.Select(bias => Kept(Copy(bias).reshape(1, bias.Length)))];
        _directions = [.. space.Segments.Select(segment => Kept(Along(directions, segment)))];
    }

    /// <summary>Minibatches a block.</summary>
    public int AtOnce { get; }

    /// <summary>Measures minibatches <paramref name="first"/> … and writes each to its place; null where the loss is 0 or not a number.</summary>
    public void Measure(int first, int count, InverseGaussianLoss?[] losses)
    {
        set_num_threads(1);                                    // minibatches are what is spread over threads
        using var scope = NewDisposeScope();
        using var gradients = enable_grad();
        var theta = zeros([count, _modes], ScalarType.Float64, requires_grad: true);
        var loss = Loss(theta, first, count);
        var slope = autograd.grad([loss.sum()], [theta], create_graph: true, retain_graph: true)[0];
        double[] values = Numbers(loss), slopes = Numbers(slope);
        double[][] rows = new double[_modes][];
        for (int mode = 0; mode < _modes; mode++)
        {
            using var inner = NewDisposeScope();
            rows[mode] = Numbers(autograd.grad([slope.select(1, mode).sum()], [theta], retain_graph: true)[0]);
        }

        for (int minibatch = 0; minibatch < count; minibatch++)
            losses[first + minibatch] = Logarithm(values[minibatch], slopes.AsSpan(minibatch * _modes, _modes), rows, minibatch);
    }

    public void Dispose()
    {
        foreach (var tensor in _matrices.Concat(_biases).Concat(_directions))
            tensor.Dispose();
    }

    /// <summary>∇ln L = g/L and M = H/L − ggᵀ/L².</summary>
    private InverseGaussianLoss? Logarithm(double loss, ReadOnlySpan<double> gradient, double[][] rows, int minibatch)
    {
        if (!(loss > 0 && double.IsFinite(loss)))
            return null;
        double[] slope = new double[_modes], curvature = new double[_modes * _modes];
        for (int i = 0; i < _modes; i++)
            slope[i] = gradient[i] / loss;
        for (int i = 0; i < _modes; i++)
        {
            for (int j = 0; j < _modes; j++)
                curvature[i * _modes + j] = rows[i][minibatch * _modes + j] / loss - slope[i] * slope[j];
        }

        return InverseGaussianLoss.Of(loss, slope, curvature);
    }

    /// <summary>L^μ(w₀ + Σᵢ θᵢ^μ pᵢ), [count].</summary>
    private Tensor Loss(Tensor theta, int first, int count)
    {
        int[] samples = [.. Enumerable.Range(first, count).SelectMany(minibatch => _sets.SamplesOf(minibatch).ToArray())];
        float[] inputs = new float[samples.Length * _samples.Width];
        _samples.Read(samples, inputs);
        var value = Copy(inputs).reshape(count, _sets.BatchSize, _samples.Width);
        for (int layer = 0; layer < _matrices.Length; layer++)
        {
            if (layer > 0)
                value = _activation.IsRelu() ? nn.functional.relu(value) : value.tanh();
            value = value.matmul(Moved(_matrices[layer], theta, layer, isBias: false));
            if (_biases.Length > 0)
                value = value.add(Moved(_biases[layer], theta, layer, isBias: true), HeldScalar.One);
        }

        long[] labels = [.. samples.Select(sample => (long)_samples.Labels[sample])];
        return CrossEntropy(value, tensor(labels).reshape(count, _sets.BatchSize, 1)).mean([1]);
    }

    /// <summary>A matrix or bias plus Σᵢ θᵢ^μ pᵢ, [count, …]; itself where the directions do not move it.</summary>
    private Tensor Moved(Tensor origin, Tensor theta, int layer, bool isBias)
    {
        for (int s = 0; s < _directions.Length; s++)
        {
            if (_space.Segments[s].Layer == layer && _space.Segments[s].IsBias == isBias)
                return origin.add(theta.matmul(_directions[s]).reshape([theta.shape[0], .. origin.shape]), HeldScalar.One);
        }

        return origin;
    }

    /// <summary>log1p(Σ_{n≠k} exp(yₙ − y_k)), [count, B], which keeps relative precision at losses of 1e-9.</summary>
    private static Tensor CrossEntropy(Tensor logits, Tensor labels)
    {
        var own = zeros_like(logits, dtype: ScalarType.Bool).scatter(2, labels, ones_like(labels, dtype: ScalarType.Bool));
        var margins = (logits - logits.gather(2, labels)).masked_fill(own, HeldScalar.NegativeInfinity);
        // The largest exponent is taken out so that nothing overflows. Nothing depends on it, so it is a constant to autograd.
        var largest = margins.amax([2L], keepdim: true).clamp(min: HeldScalar.Zero).detach();
        var sum = (margins - largest).exp().sum(2);
        return largest.squeeze(2).add(sum.add((-largest).exp().squeeze(2).sub(HeldScalar.One), HeldScalar.One).log1p(), HeldScalar.One);
    }

    /// <summary>The stretch of all directions that moves one matrix, transposed as the matrices are, or one bias: [K, length].</summary>
    private Tensor Along(Directions directions, WeightSpace.Segment segment)
    {
        double[] values = new double[_modes * segment.Length];
        for (int mode = 0; mode < _modes; mode++)
            directions[mode].Slice(segment.Start, segment.Length).CopyTo(values.AsSpan(mode * segment.Length));
        var all = tensor(values).to(ScalarType.Float64, copy: true).reshape(_modes, segment.Length);
        if (segment.IsBias)
            return all;
        return all.reshape([_modes, .. _space.ShapeOf(segment)]).transpose(1, 2).reshape(_modes, segment.Length);
    }

    private static double[] Numbers(Tensor values) => values.detach().contiguous().data<double>().ToArray();

    private static Tensor Kept(Tensor tensor) => tensor.DetachFromDisposeScope();

    /// <summary>In torch's own memory, which starts on a cache line: on a pinned array MKL rounds differently from call to call.</summary>
    private static Tensor Copy(float[] values) => tensor(values).to(ScalarType.Float64, copy: true);
}
