using Talweg.Data;
using Talweg.Native;
using Talweg.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Tests.Networks;

/// <summary>The network as anyone would write it in TorchSharp, in double precision: the reference that shares no code with Talweg's.</summary>
internal sealed class TorchReference : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly FullyConnected _network;
    private readonly Tensor _inputs;
    private readonly Tensor _labels;

    public TorchReference(DenseWeights weights, LabelledSamples samples)
    {
        _network = weights.Network;
        _inputs = tensor(samples.Inputs, dtype: ScalarType.Float64).reshape(samples.Count, samples.Width);
        _labels = tensor(samples.Labels.Select(label => (long)label).ToArray());
        Matrices = [.. weights.Matrices.Select((matrix, layer) => tensor(matrix, dtype: ScalarType.Float64)
            .reshape(_network.OutputsOf(layer), _network.InputsOf(layer)).requires_grad_())];
        Biases = [.. weights.Biases.Select(bias => tensor(bias, dtype: ScalarType.Float64).requires_grad_())];
    }

    public Tensor[] Matrices { get; }

    public Tensor[] Biases { get; }

    /// <summary>Moves the weights of a space by t·p.</summary>
    public void Move(WeightSpace space, double[] direction, double t)
    {
        using var noGradient = no_grad();
        using var length = t.ToScalar();
        foreach (var segment in space.Segments)
        {
            var target = segment.IsBias ? Biases[segment.Layer] : Matrices[segment.Layer];
            target.add_(tensor(direction[segment.Start..(segment.Start + segment.Length)]).reshape(target.shape), length);
        }
    }

    public Tensor Logits(long[]? batch = null)
    {
        var h = batch is null ? _inputs : _inputs.index_select(0, tensor(batch));
        for (int layer = 0; layer < Matrices.Length; layer++)
        {
            if (layer > 0)
                h = _network.Activation == Activation.Relu ? nn.functional.relu(h) : nn.functional.tanh(h);
            h = nn.functional.linear(h, Matrices[layer], Biases.Length > 0 ? Biases[layer] : null);
        }

        return h;
    }

    /// <summary>Cross entropy of every sample, [M].</summary>
    public double[] Losses()
    {
        using var scope = NewDisposeScope();
        return nn.functional.cross_entropy(Logits(), _labels, reduction: nn.Reduction.None).data<double>().ToArray();
    }

    public double Loss() => Losses().Average();

    /// <summary>Share of samples of which another logit reaches the label's.</summary>
    public double Error()
    {
        using var scope = NewDisposeScope();
        var logits = Logits();
        return logits.ge(logits.gather(1, _labels.unsqueeze(1))).sum(1).gt(HeldScalar.One).to(ScalarType.Float64).mean().item<double>();
    }

    /// <summary>∂L/∂w · p by autograd, over all samples or a minibatch of them.</summary>
    public double Slope(WeightSpace space, double[] direction, long[]? batch = null)
    {
        using var scope = NewDisposeScope();
        Tensor[] parameters = [.. Matrices, .. Biases];
        var labels = batch is null ? _labels : _labels.index_select(0, tensor(batch));
        var gradients = autograd.grad([nn.functional.cross_entropy(Logits(batch), labels)], parameters);
        double slope = 0;
        foreach (var segment in space.Segments)
        {
            var gradient = gradients[segment.IsBias ? Matrices.Length + segment.Layer : segment.Layer];
            slope += gradient.reshape(-1).dot(tensor(direction[segment.Start..(segment.Start + segment.Length)])).item<double>();
        }

        return slope;
    }

    /// <summary>Mean loss of a minibatch.</summary>
    public double Loss(long[] batch)
    {
        using var scope = NewDisposeScope();
        return nn.functional.cross_entropy(Logits(batch), _labels.index_select(0, tensor(batch))).item<double>();
    }

    /// <summary>∂L/∂w over a minibatch by autograd, [N].</summary>
    public double[] Gradient(WeightSpace space, long[] batch)
    {
        using var scope = NewDisposeScope();
        Tensor[] parameters = [.. space.Segments.Select(segment => segment.IsBias ? Biases[segment.Layer] : Matrices[segment.Layer])];
        var gradients = autograd.grad([nn.functional.cross_entropy(Logits(batch), _labels.index_select(0, tensor(batch)))], parameters);
        return [.. gradients.SelectMany(gradient => gradient.contiguous().data<double>().ToArray())];
    }

    /// <summary>One step of SGD on a minibatch by autograd; the loss before it.</summary>
    public double Step(long[] batch, double learningRate)
    {
        using var scope = NewDisposeScope();
        Tensor[] parameters = [.. Matrices, .. Biases];
        var loss = nn.functional.cross_entropy(Logits(batch), _labels.index_select(0, tensor(batch)));
        var gradients = autograd.grad([loss], parameters);
        using var noGradient = no_grad();
        using var step = (-learningRate).ToScalar();
        for (int i = 0; i < parameters.Length; i++)
            parameters[i].add_(gradients[i], step);
        return loss.item<double>();
    }

    public void Dispose() => _scope.Dispose();
}
