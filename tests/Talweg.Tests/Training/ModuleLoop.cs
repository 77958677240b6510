using Talweg.Data;
using Talweg.Networks;
using Talweg.Tests.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Tests.Training;

/// <summary>A network in training as one writes it in TorchSharp: its own modules in double precision, cross entropy, backward.</summary>
internal sealed class ModuleLoop : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly LayeredNetwork _network;
    private readonly nn.Module<Tensor, Tensor> _module;

    public ModuleLoop(NetworkWeights weights)
    {
        _network = (LayeredNetwork)weights.Network;
        _module = TorchModules.Of(_network, weights);
    }

    /// <summary>Mean loss of some samples at some weights, in training mode, and its gradient; moves the running statistics.</summary>
    public (double Loss, double[] Gradient) Gradient(double[] weights, LabelledSamples samples, ReadOnlySpan<int> batch)
    {
        using var scope = NewDisposeScope();
        Load(weights);
        _module.train();
        _module.zero_grad();
        var loss = nn.functional.cross_entropy(Logits(samples, batch), tensor(batch.ToArray().Select(i => (long)samples.Labels[i]).ToArray()));
        loss.backward();
        return (loss.item<double>(), [.. _module.parameters().SelectMany(parameter => parameter.grad!.contiguous().data<double>().ToArray())]);
    }

    /// <summary>Mean loss and share of errors over all samples, in evaluation mode.</summary>
    public (double Loss, double Error) Evaluate(double[] weights, LabelledSamples samples)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Load(weights);
        _module.eval();
        var logits = Logits(samples, [.. Enumerable.Range(0, samples.Count)]);
        var labels = tensor(samples.Labels.Select(label => (long)label).ToArray());
        return (nn.functional.cross_entropy(logits, labels).item<double>(), logits.argmax(1).ne(labels).to(ScalarType.Float64).mean().item<double>());
    }

    /// <summary>The running statistics, in the order of the network's tensors.</summary>
    public double[][] Statistics() =>
        [.. _module.named_buffers().Where(entry => entry.buffer.is_floating_point()).Select(entry => entry.buffer.data<double>().ToArray())];

    public void Dispose()
    {
        _module.Dispose();
        _scope.Dispose();
    }

    private void Load(double[] weights)
    {
        using var noGradient = no_grad();
        int start = 0;
        foreach (var parameter in _module.parameters())
        {
            int length = (int)parameter.numel();
            parameter.copy_(tensor(weights[start..(start + length)]).reshape(parameter.shape));
            start += length;
        }
    }

    private Tensor Logits(LabelledSamples samples, ReadOnlySpan<int> batch)
    {
        float[] inputs = new float[batch.Length * samples.Width];
        for (int row = 0; row < batch.Length; row++)
            samples.Input(batch[row]).CopyTo(inputs.AsSpan(row * samples.Width));
        return _module.call(_network.Shaped(tensor(inputs, dtype: ScalarType.Float64).reshape(batch.Length, samples.Width)));
    }
}
