using Talweg.Benchmarks.MainJob;
using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using static TorchSharp.torch;

namespace Talweg.Benchmarks.Continual;

/// <summary>The loop of TorchSharp's users with Σᵢ (uᵢ·(w − w₁))² added to the loss, U [N_c, N] a matrix and the weights the middle layer's.</summary>
internal sealed class TorchConstrainedLoop : IDisposable
{
    private readonly Tensor _rows;
    private readonly Tensor _centre;

    public TorchConstrainedLoop(DenseWeights weights, LabelledSamples data, double learningRate, Directions directions, double[] scales)
    {
        float[] rows = [.. scales.SelectMany((scale, i) => directions[i].ToArray().Select(p => (float)(scale * p)))];
        _rows = tensor(rows, scales.Length, directions.Dimension);
        _centre = tensor(weights.Matrices[1]);
        Loop = new(weights, data, learningRate, Penalty);
    }

    public TorchTrainingLoop Loop { get; }

    /// <summary>Its weights as they are.</summary>
    public float[] MiddleLayer() => Loop.Weights(1);

    public void Dispose()
    {
        Loop.Dispose();
        _rows.Dispose();
        _centre.Dispose();
    }

    private Tensor Penalty(IReadOnlyList<Tensor> weights) => _rows.mv(weights[1].flatten() - _centre).pow(2).sum();
}
