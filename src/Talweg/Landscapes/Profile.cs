using Talweg.Networks.Kernels;

namespace Talweg.Landscapes;

/// <summary>The mean loss along one direction: L(w₀ + δθ·p), and its exact derivative if asked for.</summary>
/// <param name="Displacements">δθ, lengths in weight space.</param>
/// <param name="Loss">Mean over the samples, nats.</param>
/// <param name="Slope">dL/dδθ, or null if not asked for.</param>
public sealed record Profile(IReadOnlyList<double> Displacements, IReadOnlyList<double> Loss, IReadOnlyList<double>? Slope);

/// <summary>Reduces a transect to its <see cref="Profile"/>: means over all samples, summed in double precision.</summary>
public sealed class ProfileReducer : TransectReducer
{
    private readonly double[] _displacements;
    private readonly double[] _losses;
    private readonly double[]? _slopes;
    private long _samples;

    /// <param name="displacements">The transect's displacements.</param>
    /// <param name="withSlopes">Whether to keep slopes too.</param>
    public ProfileReducer(ReadOnlySpan<double> displacements, bool withSlopes)
    {
        _displacements = displacements.ToArray();
        _losses = new double[displacements.Length];
        _slopes = withSlopes ? new double[displacements.Length] : null;
    }

    /// <summary>The means so far.</summary>
    public Profile Result => new(_displacements, Means(_losses), _slopes is null ? null : Means(_slopes));

    /// <inheritdoc/>
    public override void Add(in TransectBlock block)
    {
        _samples += block.Samples.Length;
        for (int i = 0; i < _displacements.Length; i++)
        {
            _losses[i] += VectorMath.Sum(block.Losses(i));
            if (_slopes is not null)
                _slopes[i] += VectorMath.Sum(block.Slopes(i));
        }
    }

    private double[] Means(double[] sums) => [.. sums.Select(sum => sum / _samples)];
}
