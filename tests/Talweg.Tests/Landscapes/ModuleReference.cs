using Talweg.Data;
using Talweg.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Tests.Landscapes;

/// <summary>Plain forward and backward passes of a module in double precision, in blocks of samples if asked: what every transect is compared with.</summary>
/// <param name="module">In double precision; disposed with this.</param>
/// <param name="network">Whose tensors the module's are: parameters in order, then buffers.</param>
/// <param name="samples">The samples.</param>
internal sealed class ModuleReference(nn.Module<Tensor, Tensor> module, Network network, LabelledSamples samples) : IDisposable
{
    /// <summary>The shape of a sample.</summary>
    public required long[] Shape { get; init; }

    /// <summary>Moves the weights of a space by t·p.</summary>
    public void Move(WeightSpace space, double[] direction, double t)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var length = t.ToScalar();
        var parameters = module.parameters().ToArray();
        int[] trained = [.. Enumerable.Range(0, network.Tensors.Count).Where(i => network.Tensors[i].IsTrained)];
        foreach (var segment in space.Segments)
        {
            var target = parameters[Array.IndexOf(trained, segment.Tensor)];
            target.add_(tensor(direction[segment.Start..(segment.Start + segment.Length)]).reshape(target.shape), length);
        }
    }

    /// <summary>Cross entropy of samples that run together.</summary>
    public double[] Losses(int first, int count)
    {
        using var scope = NewDisposeScope();
        return Loss(first, count, nn.Reduction.None).data<double>().ToArray();
    }

    public double[] Losses() => Losses(0, samples.Count);

    /// <summary>∂ℓ/∂w · p of the mean loss of samples that run together, or of one of them, by autograd.</summary>
    public double Slope(WeightSpace space, double[] direction, int first, int count, int? only = null)
    {
        using var scope = NewDisposeScope();
        var loss = Loss(first, count, nn.Reduction.None);
        module.zero_grad();
        (only is { } sample ? loss[sample - first] : loss.mean()).backward();
        var parameters = module.parameters().ToArray();
        int[] trained = [.. Enumerable.Range(0, network.Tensors.Count).Where(i => network.Tensors[i].IsTrained)];
        return space.Segments.Sum(segment =>
        {
            var gradient = parameters[Array.IndexOf(trained, segment.Tensor)].grad!;
            return gradient.reshape(-1).dot(tensor(direction[segment.Start..(segment.Start + segment.Length)])).item<double>();
        });
    }

    public void Dispose() => module.Dispose();

    private Tensor Loss(int first, int count, nn.Reduction reduction)
    {
        var inputs = tensor(samples.Inputs, dtype: ScalarType.Float64).narrow(0, first * samples.Width, count * samples.Width).reshape([count, .. Shape]);
        var labels = tensor(samples.Labels[first..(first + count)].Select(label => (long)label).ToArray());
        return nn.functional.cross_entropy(module.call(inputs), labels, reduction: reduction);
    }
}
