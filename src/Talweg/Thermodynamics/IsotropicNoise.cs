using System.Globalization;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Training;

namespace Talweg.Thermodynamics;

/// <summary>Normal noise of the same variance in every weight: of constant strength, or as strong as SGD's at every refresh.</summary>
public sealed class IsotropicNoise : IUpdateNoise
{
    private readonly SgdStrength? _followed;
    private readonly long _seed;
    private double _total;

    private IsotropicNoise(SgdStrength? followed, double total, int refreshEvery, long seed, string description)
    {
        _followed = followed;
        _total = total;
        RefreshEvery = refreshEvery;
        _seed = seed;
        Description = description;
    }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public int RefreshEvery { get; }

    /// <summary>Noise whose variances sum to <paramref name="totalVariance"/> in every update.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The variance is negative or not finite.</exception>
    public static IsotropicNoise Constant(double totalVariance, long seed)
    {
        if (!(totalVariance >= 0 && double.IsFinite(totalVariance)))
            throw new ArgumentOutOfRangeException(nameof(totalVariance), totalVariance, "A variance must be 0 or more and finite.");
        return new(null, totalVariance, 1, seed, string.Create(CultureInfo.InvariantCulture, $"isotropic, total variance {totalVariance:R}, seed {seed}"));
    }

    /// <summary>Noise whose variances sum to those of SGD at the weights of the last refresh.</summary>
    /// <param name="sgd">The SGD to follow.</param>
    /// <param name="refreshEvery">Epochs from one refresh to the next.</param>
    /// <param name="seed">Root of its random stream.</param>
    public static IsotropicNoise Following(SgdStrength sgd, int refreshEvery, long seed)
    {
        ArgumentNullException.ThrowIfNull(sgd);
        return new(sgd, double.NaN, refreshEvery, seed, string.Create(
            CultureInfo.InvariantCulture, $"isotropic, as strong as SGD of batch size {sgd.BatchSize} and learning rate {sgd.LearningRate:R} every {refreshEvery} epochs, seed {seed}"));
    }

    /// <inheritdoc/>
    public void Refresh(NetworkWeights weights)
    {
        if (_followed is not null)
            _total = _followed.TotalVariance(weights);
    }

    /// <inheritdoc/>
    public void Add(long iteration, Span<float> weights)
    {
        var random = new RandomStream(_seed, $"isotropic noise/{iteration}");
        double deviation = Math.Sqrt(_total / weights.Length);
        foreach (ref float weight in weights)
            weight += (float)(deviation * random.NextNormal());
    }
}
