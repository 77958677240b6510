using Talweg.Data;
using Talweg.Networks;
namespace Talweg.Noise;
/// <summary>stub</summary>
public sealed record LayerSignal(int Layer, double Signal, double Deviation);
/// <summary>stub</summary>
public static class LayerSignals
{
    /// <summary>stub</summary>
    public static IReadOnlyList<LayerSignal> Measure(DenseWeights weights, LabelledSamples samples, MinibatchSets sets, WorkOptions? options = null) =>
        [.. Enumerable.Range(1, weights.Network.Layers).Select(layer => new LayerSignal(layer, 1 + weights.Matrices[0][0], 1))];
}
