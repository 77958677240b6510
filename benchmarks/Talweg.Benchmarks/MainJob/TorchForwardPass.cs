using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Benchmarks.MainJob;

/// <summary>A transect the plain way: at each point the layer's weights are moved and the network runs on all samples, in chunks.</summary>
internal sealed class TorchForwardPass : IDisposable
{
    private static readonly int[] Chunks = [500, 1000, 2000, 5000, 10000, 20000, 60000];

    private readonly Tensor _inputs;
    private readonly Tensor _labels;
    private readonly Tensor _direction;
    private readonly Tensor[] _matrices;
    private readonly int _layer;
    private int _chunk;

    /// <param name="weights">Without biases, with ReLU.</param>
    /// <param name="data">All that the mean is over.</param>
    /// <param name="layer">The layer that moves, counted from 0.</param>
    /// <param name="direction">How its matrix moves.</param>
    public TorchForwardPass(DenseWeights weights, LabelledSamples data, int layer, ReadOnlySpan<double> direction)
    {
        var network = weights.Network;
        _inputs = tensor(data.Inputs).reshape(data.Count, data.Width);
        _labels = tensor(data.Labels).to(ScalarType.Int64);
        _matrices = [.. weights.Matrices.Select((matrix, i) => tensor(matrix).reshape(network.OutputsOf(i), network.InputsOf(i)))];
        _direction = tensor(direction.ToArray()).to(ScalarType.Float32).reshape(network.OutputsOf(layer), network.InputsOf(layer));
        _layer = layer;
    }

    private int Samples => (int)_inputs.shape[0];

    /// <summary>Finds the number of samples at once with which two points take the least time, and keeps to it.</summary>
    public int ChooseChunk(bool withSlopes)
    {
        double[] points = [0, 0.1];
        int[] possible = [.. Chunks.Select(chunk => Math.Min(chunk, Samples)).Distinct()];
        double[] seconds = [.. possible.Select(_ => double.PositiveInfinity)];
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < possible.Length; i++)
            {
                _chunk = possible[i];
                seconds[i] = Math.Min(seconds[i], PairedTimes.Seconds(() => Profile(points, withSlopes)));
            }
        }

        return _chunk = possible[Array.IndexOf(seconds, seconds.Min())];
    }

    public Profile Profile(double[] displacements, bool withSlopes)
    {
        (double Loss, double Slope)[] points = [.. displacements.Select(displacement => withSlopes ? LossAndSlope(displacement) : (Loss(displacement), 0))];
        return new(displacements, [.. points.Select(point => point.Loss)], withSlopes ? [.. points.Select(point => point.Slope)] : null);
    }

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[_inputs, _labels, _direction, .. _matrices])
            tensor.Dispose();
    }

    private double Loss(double displacement)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        using var length = displacement.ToScalar();
        var moved = _matrices[_layer].add(_direction, length);
        double sum = 0;
        for (int first = 0; first < Samples; first += _chunk)
        {
            using var chunkScope = NewDisposeScope();
            sum += SumOfLosses(moved, first).item<float>();
        }

        return sum / Samples;
    }

    private (double Loss, double Slope) LossAndSlope(double displacement)
    {
        using var scope = NewDisposeScope();
        using var length = displacement.ToScalar();
        var moved = _matrices[_layer].add(_direction, length).requires_grad_();
        double sum = 0;
        for (int first = 0; first < Samples; first += _chunk)
        {
            using var chunkScope = NewDisposeScope();
            var loss = SumOfLosses(moved, first);
            loss.backward();
            sum += loss.item<float>();
        }

        return (sum / Samples, (moved.grad! * _direction).sum().item<float>() / Samples);
    }

    private Tensor SumOfLosses(Tensor moved, int first)
    {
        int count = Math.Min(_chunk, Samples - first);
        var value = _inputs.narrow(0, first, count);
        for (int layer = 0; layer < _matrices.Length; layer++)
        {
            if (layer > 0)
                value = value.relu_();
            value = nn.functional.linear(value, layer == _layer ? moved : _matrices[layer]);
        }

        return nn.functional.cross_entropy(value, _labels.narrow(0, first, count), reduction: nn.Reduction.Sum);
    }
}
