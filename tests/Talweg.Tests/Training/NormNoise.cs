using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Training;

namespace Talweg.Tests.Training;

/// <summary>Noise that depends on all it may: the iteration, the weights before the kick, and the norm at the last refresh.</summary>
internal sealed class NormNoise(int refreshEvery) : IUpdateNoise
{
    private double _norm = double.NaN;

    public string Description => "a thousandth of the norm at the last refresh, and of the weight";

    public int RefreshEvery => refreshEvery;

    /// <summary>The weights at every refresh.</summary>
    public List<NetworkWeights> Refreshes { get; } = [];

    public void Refresh(NetworkWeights weights)
    {
        Refreshes.Add(weights);
        var all = WeightSpace.All(weights.Network);
        _norm = all.Norm(weights);
    }

    public void Add(long iteration, Span<float> weights)
    {
        var random = new RandomStream(3, $"noise/{iteration}");
        foreach (ref float weight in weights)
            weight += (float)(1e-3 * (_norm / Math.Sqrt(weights.Length) + weight) * random.NextNormal());
    }
}
