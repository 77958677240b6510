using Talweg.Landscapes;

namespace Talweg.Noise;

/// <summary>Reduces a transect to the mean loss, and slope, of every minibatch: <see cref="MinibatchProfiles"/>.</summary>
/// <remarks>
/// L^μ(δθ) = (1/B) Σ_{l∈μ} ℓ_l(w₀ + δθ·p), summed in double precision, a sample counting as often as it was drawn. It keeps 8 bytes a minibatch
/// and displacement, twice that with slopes; a minibatch's numbers stand side by side, so that a sample adds to a few cache lines.
/// </remarks>
public sealed class MinibatchProfileReducer : TransectReducer
{
    private readonly MinibatchSets _sets;
    private readonly double[] _displacements;
    private readonly double[] _losses;
    private readonly double[]? _slopes;

    /// <param name="sets">Which samples form which minibatches.</param>
    /// <param name="displacements">The transect's displacements.</param>
    /// <param name="withSlopes">Whether to keep slopes too.</param>
    /// <exception cref="ArgumentException">Minibatches × displacements are more than an array holds.</exception>
    public MinibatchProfileReducer(MinibatchSets sets, ReadOnlySpan<double> displacements, bool withSlopes)
    {
        ArgumentNullException.ThrowIfNull(sets);
        long numbers = (long)sets.Count * displacements.Length;
        if (numbers > Array.MaxLength)
            throw new ArgumentException($"{sets.Count} minibatches at {displacements.Length} displacements are {numbers} numbers, more than the {Array.MaxLength} that an array holds. Take fewer displacements at a time.", nameof(displacements));
        _sets = sets;
        _displacements = displacements.ToArray();
        _losses = new double[numbers];
        _slopes = withSlopes ? new double[numbers] : null;
    }

    /// <summary>The means, once every sample has come.</summary>
    public MinibatchProfiles Result => new(_displacements, Means(_losses), _slopes is null ? null : Means(_slopes));

    /// <inheritdoc/>
    public override void Add(in TransectBlock block)
    {
        for (int place = 0; place < block.Samples.Length; place++)
        {
            foreach (int minibatch in _sets.MinibatchesOf(block.Samples[place]))
            {
                Add(block.AllLosses[place..], block.Stride, Row(_losses, minibatch));
                if (_slopes is not null)
                    Add(block.AllSlopes[place..], block.Stride, Row(_slopes, minibatch));
            }
        }
    }

    private Span<double> Row(double[] sums, int minibatch) => sums.AsSpan(minibatch * _displacements.Length, _displacements.Length);

    /// <summary>Adds one sample's numbers, a stride apart.</summary>
    private static void Add(ReadOnlySpan<double> values, int stride, Span<double> row)
    {
        for (int i = 0, from = 0; i < row.Length; i++, from += stride)
            row[i] += values[from];
    }

    private double[] Means(double[] sums) => Array.ConvertAll(sums, sum => sum / _sets.BatchSize);
}
