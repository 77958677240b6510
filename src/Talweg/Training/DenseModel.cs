using Talweg.Networks;
using Talweg.Networks.Kernels;

namespace Talweg.Training;

/// <summary>A fully connected network in training: forward and backward of one minibatch, its gradient or a step of plain SGD in place, on one thread.</summary>
internal sealed unsafe class DenseModel : IDisposable
{
    private readonly FullyConnected _network;
    private readonly DenseLayer[] _layers;
    private readonly int _rows;
    private readonly WeightSpace _all;
    private readonly bool[] _trained;
    private readonly int _lowest;

    /// <param name="weights">Where it starts.</param>
    /// <param name="largestBatch">Samples that pass at once.</param>
    /// <param name="trainedLayers">The layers that <see cref="Step"/> moves, counted from 1; null: all.</param>
    public DenseModel(DenseWeights weights, int largestBatch, IReadOnlyList<int>? trainedLayers = null)
    {
        _network = weights.Network;
        _trained = [.. Enumerable.Range(1, _network.Layers).Select(layer => trainedLayers?.Contains(layer) ?? true)];
        _lowest = Array.IndexOf(_trained, true);
        _rows = Math.Max(largestBatch, Panel.Width);
        _layers = [.. Enumerable.Range(0, _network.Layers).Select(layer =>
            new DenseLayer(_network.InputsOf(layer), _network.OutputsOf(layer), _rows, sparse: layer == 0, _network.Bias))];
        _all = WeightSpace.All(_network);
        Load(_all, _all.Flatten(weights));
    }

    /// <summary>The weights as they are now.</summary>
    public DenseWeights Weights()
    {
        var matrices = new float[_layers.Length][];
        var biases = new float[_network.Bias ? _layers.Length : 0][];
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            matrices[layer] = new float[_layers[layer].Inputs * _layers[layer].Outputs];
            _layers[layer].ReadMatrix(matrices[layer]);
            if (!_network.Bias)
                continue;
            biases[layer] = new float[_layers[layer].Outputs];
            _layers[layer].ReadBias(biases[layer]);
        }

        return DenseWeights.Of(_network, matrices, biases);
    }

    /// <summary>Copies a weight space's weights into <paramref name="flat"/>, [N].</summary>
    public void Read(WeightSpace space, Span<float> flat)
    {
        foreach (var segment in space.Segments)
        {
            var part = flat.Slice(segment.Start, segment.Length);
            if (segment.IsBias)
                _layers[segment.Layer].ReadBias(part);
            else
                _layers[segment.Layer].ReadMatrix(part);
        }
    }

    /// <summary>Sets a weight space's weights to <paramref name="flat"/>, [N].</summary>
    public void Load(WeightSpace space, ReadOnlySpan<float> flat)
    {
        foreach (var segment in space.Segments)
        {
            var part = flat.Slice(segment.Start, segment.Length);
            if (segment.IsBias)
                _layers[segment.Layer].LoadBias(part);
            else
                _layers[segment.Layer].LoadMatrix(part);
        }
    }

    /// <summary>One step of SGD: w ← w − α·∂L^μ/∂w. Returns L^μ before the step.</summary>
    public double Step(SparseInputs data, ReadOnlySpan<int> batch, double learningRate)
    {
        double loss = ForwardAndErrors(data, batch, learningRate / batch.Length);

        for (int layer = _layers.Length - 1; layer > 0 && layer >= _lowest; layer--)
        {
            if (layer > _lowest)
                _layers[layer].Backward(_layers[layer - 1], _network.Activation, batch.Length);
            if (_trained[layer])
                _layers[layer].Update(_layers[layer - 1], batch.Length);
        }

        if (!_trained[0])
            return loss / batch.Length;
        for (int row = 0; row < batch.Length; row++)
            _layers[0].UpdateSparse(data.Positions(batch[row]), data.Values(batch[row]), row);
        _layers[0].UpdateBias(batch.Length);
        return loss / batch.Length;
    }

    /// <summary>w ← w + <paramref name="factor"/>·<paramref name="step"/> of a weight space, <paramref name="step"/> [N].</summary>
    public void Add(WeightSpace space, ReadOnlySpan<float> step, float factor)
    {
        foreach (var segment in space.Segments)
        {
            var part = step.Slice(segment.Start, segment.Length);
            if (segment.IsBias)
                _layers[segment.Layer].AddToBias(part, factor);
            else
                _layers[segment.Layer].AddToMatrix(part, factor);
        }
    }

    /// <summary>∂L^μ/∂w at the weights as they are, written to <paramref name="gradient"/>, [N] in the order of <see cref="WeightSpace.All"/>. Returns L^μ.</summary>
    /// <remarks>A minibatch larger than the model was made for passes in chunks, whose gradients are added.</remarks>
    public double Gradient(SparseInputs data, ReadOnlySpan<int> batch, Span<float> gradient)
    {
        gradient.Clear();
        double loss = 0;
        for (int first = 0; first < batch.Length; first += _rows)
            loss += AddGradient(data, batch.Slice(first, Math.Min(_rows, batch.Length - first)), 1.0 / batch.Length, gradient);
        return loss / batch.Length;
    }

    /// <summary>How well it does on samples.</summary>
    public Performance Evaluate(SparseInputs data)
    {
        var sum = new PerformanceSum(_network.Outputs, data.Labels);
        Span<int> batch = stackalloc int[Panel.Width];
        var last = _layers[^1];
        for (int first = 0; first < data.Count; first += Panel.Width)
        {
            int count = Math.Min(Panel.Width, data.Count - first);
            for (int i = 0; i < count; i++)
                batch[i] = first + i;
            Forward(data, batch[..count]);
            for (int row = 0; row < count; row++)
                sum.Add(last.Values.Pointer + (long)row * last.Stride, data.Labels[first + row]);
        }

        return sum.Mean;
    }

    public void Dispose()
    {
        foreach (var layer in _layers)
            layer.Dispose();
    }

    private double AddGradient(SparseInputs data, ReadOnlySpan<int> batch, double scale, Span<float> gradient)
    {
        double loss = ForwardAndErrors(data, batch, scale);
        for (int layer = _layers.Length - 1; layer > 0; layer--)
            _layers[layer].Backward(_layers[layer - 1], _network.Activation, batch.Length);
        foreach (var segment in _all.Segments)
        {
            var part = gradient.Slice(segment.Start, segment.Length);
            if (segment.IsBias)
                _layers[segment.Layer].AddBiasGradient(batch.Length, part);
            else if (segment.Layer == 0)
                _layers[0].AddSparseGradient(data, batch, part);
            else
                _layers[segment.Layer].AddGradient(_layers[segment.Layer - 1], batch.Length, part);
        }

        return loss;
    }

    /// <summary>The sum of losses; errors of the output layer are times <paramref name="scale"/>.</summary>
    private double ForwardAndErrors(SparseInputs data, ReadOnlySpan<int> batch, double scale)
    {
        Forward(data, batch);
        double loss = 0;
        var last = _layers[^1];
        for (int row = 0; row < batch.Length; row++)
        {
            long start = (long)row * last.Stride;
            loss += Softmax.LossAndError(last.Values.Pointer + start, last.Outputs, data.Labels[batch[row]], (float)scale, last.Errors.Pointer + start);
        }

        return loss;
    }

    private void Forward(SparseInputs data, ReadOnlySpan<int> batch)
    {
        for (int row = 0; row < batch.Length; row++)
            _layers[0].ForwardSparse(data.Positions(batch[row]), data.Values(batch[row]), row);
        for (int layer = 1; layer < _layers.Length; layer++)
        {
            _layers[layer - 1].Activate(_network.Activation, batch.Length);
            _layers[layer].Forward(_layers[layer - 1], batch.Length);
        }
    }
}
