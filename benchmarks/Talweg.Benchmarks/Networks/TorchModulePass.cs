using Talweg.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Benchmarks.Networks;

/// <summary>A transect the plain way: at each point one parameter of a module is moved, and the module runs on all samples, in chunks.</summary>
internal sealed class TorchModulePass : IDisposable
{
    private static readonly int[] Chunks = [50, 100, 200, 500, 1000];

    private readonly nn.Module<Tensor, Tensor> _module;
    private readonly Tensor _moved;
    private readonly Tensor _origin;
    private readonly Tensor _direction;
    private readonly Tensor _inputs;
    private readonly Tensor _labels;
    private int _chunk;

    /// <param name="module">Disposed with this.</param>
    /// <param name="parameter">The number of the parameter that moves.</param>
    /// <param name="direction">How.</param>
    /// <param name="data">All that the mean is over.</param>
    /// <param name="sample">The shape of a sample.</param>
    public TorchModulePass(nn.Module<Tensor, Tensor> module, int parameter, ReadOnlySpan<double> direction, LabelledSamples data, long[] sample)
    {
        _module = module;
        _moved = module.parameters().ElementAt(parameter);
        _origin = _moved.detach().clone();
        _direction = tensor(direction.ToArray()).to(ScalarType.Float32).reshape(_moved.shape);
        _inputs = tensor(data.Inputs).reshape([data.Count, .. sample]);
        _labels = tensor(data.Labels).to(ScalarType.Int64);
    }

    private int Samples => (int)_inputs.shape[0];

    /// <summary>Finds the number of samples at once with which a point takes the least time, and keeps to it.</summary>
    public int ChooseChunk()
    {
        int[] possible = [.. Chunks.Select(chunk => Math.Min(chunk, Samples)).Distinct()];
        double[] seconds = [.. possible.Select(_ => double.PositiveInfinity)];
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < possible.Length; i++)
            {
                _chunk = possible[i];
                seconds[i] = Math.Min(seconds[i], PairedTimes.Seconds(() => Losses([0.1])));
            }
        }

        return _chunk = possible[Array.IndexOf(seconds, seconds.Min())];
    }

    /// <summary>The mean loss at each displacement.</summary>
    public double[] Losses(double[] displacements) => [.. displacements.Select(Loss)];

    public void Dispose()
    {
        _module.Dispose();
        foreach (var tensor in (Tensor[])[_origin, _direction, _inputs, _labels])
            tensor.Dispose();
    }

    private double Loss(double displacement)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        using var length = displacement.ToScalar();
        _moved.copy_(_origin.add(_direction, length));
        double sum = 0;
        for (int first = 0; first < Samples; first += _chunk)
        {
            using var chunkScope = NewDisposeScope();
            int count = Math.Min(_chunk, Samples - first);
            sum += nn.functional.cross_entropy(_module.call(_inputs.narrow(0, first, count)), _labels.narrow(0, first, count), reduction: nn.Reduction.Sum).item<float>();
        }

        return sum / Samples;
    }
}
