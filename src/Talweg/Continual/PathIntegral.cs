using Talweg.Networks;
using Talweg.Training;

namespace Talweg.Continual;

/// <summary>ω_k = −Σ g_k δ_k over the steps of a run: how much of the loss's fall each weight brought about (Zenke et al. 2017, Eq. 3).</summary>
public sealed class PathIntegral : IStepObserver
{
    private readonly float[] _work;

    /// <param name="space">The weights that it sees.</param>
    public PathIntegral(WeightSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        Space = space;
        _work = new float[space.Dimension];
    }

    /// <inheritdoc/>
    public string Description => "path integral";

    /// <inheritdoc/>
    public WeightSpace Space { get; }

    /// <summary>ω, [N], nats.</summary>
    public IReadOnlyList<float> Work => _work;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, float[] Values)> State => [("work", _work)];

    /// <inheritdoc/>
    public void Observe(ReadOnlySpan<float> before, ReadOnlySpan<float> gradient, ReadOnlySpan<float> after)
    {
        for (int k = 0; k < _work.Length; k++)
            _work[k] -= gradient[k] * (after[k] - before[k]);
    }
}
