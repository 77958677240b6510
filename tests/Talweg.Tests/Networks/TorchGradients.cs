using Talweg.Data;
using Talweg.Networks;
using static TorchSharp.torch;

namespace Talweg.Tests.Networks;

/// <summary>Gradients and Hessian-vector products of a weight space by autograd, in double precision.</summary>
internal static class TorchGradients
{
    /// <summary>Gradient [N] of the mean loss over the samples named, each as often as it is named.</summary>
    public static double[] Gradient(this TorchReference reference, LabelledSamples samples, WeightSpace space, ReadOnlySpan<int> batch)
    {
        using var scope = NewDisposeScope();
        return Flat(autograd.grad([reference.MeanLoss(samples, batch)], reference.Parameters(space))).data<double>().ToArray();
    }

    /// <summary>Gradient [N] of the mean loss over all samples.</summary>
    public static double[] Gradient(this TorchReference reference, LabelledSamples samples, WeightSpace space) =>
        reference.Gradient(samples, space, Enumerable.Range(0, samples.Count).ToArray());

    /// <summary>H v [N] by double backward.</summary>
    public static double[] HessianProduct(this TorchReference reference, LabelledSamples samples, WeightSpace space, double[] vector)
    {
        using var scope = NewDisposeScope();
        var parameters = reference.Parameters(space);
        var loss = reference.MeanLoss(samples, Enumerable.Range(0, samples.Count).ToArray());
        var gradient = Flat(autograd.grad([loss], parameters, retain_graph: true, create_graph: true));
        var product = autograd.grad([gradient.dot(tensor(vector))], parameters, allow_unused: true);
        return Flat(product.Select((part, i) => part is null || part.IsInvalid ? zeros_like(parameters[i]) : part)).data<double>().ToArray();
    }

    private static Tensor MeanLoss(this TorchReference reference, LabelledSamples samples, ReadOnlySpan<int> batch)
    {
        long[] rows = [.. batch.ToArray().Select(sample => (long)sample)];
        return nn.functional.cross_entropy(reference.Logits(rows), tensor(rows.Select(row => (long)samples.Labels[row]).ToArray()));
    }

    private static Tensor[] Parameters(this TorchReference reference, WeightSpace space) =>
        [.. space.Segments.Select(segment => segment.IsBias ? reference.Biases[segment.Layer] : reference.Matrices[segment.Layer])];

    private static Tensor Flat(IEnumerable<Tensor> parts) => cat(parts.Select(part => part.reshape(-1)).ToArray());
}
