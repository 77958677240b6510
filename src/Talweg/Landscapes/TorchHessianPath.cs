using System.Runtime.InteropServices;
using Talweg.Data;
using Talweg.Networks;
using static TorchSharp.torch;

namespace Talweg.Landscapes;

/// <summary>Products with the Hessian of any network by autograd: the gradient with its graph, then that graph's own gradient along v.</summary>
/// <remarks>Each product opens its own sessions, one a worker, so that a module is free between products. Memory: the graph of one chunk's gradient a worker.</remarks>
internal sealed class TorchHessianPath(NetworkWeights weights, LabelledSamples samples, WeightSpace space, int threads) : IHessianPath
{
    private const int ChunkSize = 64;

    public string Name => "autograd";

    public void Apply(ReadOnlySpan<double> vector, Span<double> product)
    {
        double[] values = vector.ToArray();
        int chunks = (samples.Count + ChunkSize - 1) / ChunkSize;
        using var first = TorchSession.Open(weights, ScalarType.Float64);
        int workers = first.CanShare ? TorchRanges.Workers(chunks, threads) : 1;
        TorchSession[] sessions = [first, .. Enumerable.Range(1, workers - 1).Select(_ => TorchSession.Open(weights, ScalarType.Float64))];
        double[][] sums = [.. sessions.Select(_ => new double[space.Dimension])];
        try
        {
            TorchRanges.Run(chunks, workers, (worker, chunk) => Add(sessions[worker], chunk * ChunkSize, values, sums[worker]));
        }
        finally
        {
            foreach (var session in sessions)
                session.Dispose();
        }

        for (int i = 0; i < product.Length; i++)
            product[i] = sums.Sum(sum => sum[i]) / samples.Count;
    }

    public void Dispose()
    {
    }

    private void Add(TorchSession session, int start, double[] vector, double[] sum)
    {
        using var gradients = enable_grad();
        int count = Math.Min(ChunkSize, samples.Count - start);
        var inputs = SampleInputs.Of(samples, start, count, session.Type);
        var labels = DensePass.Labels(samples.Labels.AsSpan(start, count));
        var loss = nn.functional.cross_entropy(session.Forward(inputs), labels, reduction: nn.Reduction.Sum);
        Tensor[] parameters = [.. space.Segments.Select(segment => session.Parameters[segment.Tensor])];
        var slopes = session.Gradients([loss], parameters, null, differentiable: true);
        // What the loss does not depend on has no slope, and what it depends on linearly has one without a graph: neither has curvature.
        int[] curved = [.. Enumerable.Range(0, parameters.Length).Where(i => slopes[i] is { IsInvalid: false, requires_grad: true })];
        if (curved.Length == 0)
            return;
        Tensor[] along = [.. curved.Select(i => tensor(vector.AsSpan(space.Segments[i].Start, space.Segments[i].Length).ToArray()).to(session.Type, copy: true).reshape(parameters[i].shape))];
        var products = session.Gradients([.. curved.Select(i => slopes[i])], parameters, along);
        for (int i = 0; i < products.Count; i++)
        {
            if (products[i] is not { IsInvalid: false } part)
                continue;
            var rates = MemoryMarshal.Cast<byte, double>(part.detach().contiguous().bytes);
            for (int k = 0; k < rates.Length; k++)
                sum[space.Segments[i].Start + k] += rates[k];
        }
    }
}
