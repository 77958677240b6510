using System.Globalization;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Statistics;
using Talweg.Training;

namespace Talweg.Thermodynamics;

/// <summary>Noise that detects flatness: as strong as SGD's in total, spread over directions in proportion to Fᵢ⁻².</summary>
/// <remarks>
/// Feng and Tu (2020), Eq. 14 and Fig. 3B: Dᵢ ∝ M_ii² σ̃ᵢ² with M_ii ∝ Fᵢ⁻² and σ̃ᵢ ∝ Fᵢ, hence Dᵢ ∝ Fᵢ⁻². (The noise that they added to gradient
/// descent is in an appendix of the 2021 paper that is not at hand.) Directions are, layer by layer, the top eigenvectors of the covariance of the
/// samples' gradients, along which SGD's own noise is strongest, and Fᵢ is measured along each at every refresh, on the same samples. A direction with an open side gets no noise, and
/// biases get none. Memory: 4 bytes a direction and weight of its layer.
/// </remarks>
public sealed class FlatnessNoise : IUpdateNoise
{
    /// <summary>Noise needs directions, not digits of them.</summary>
    private static readonly LanczosOptions Rough = new() { Tolerance = 1e-3 };

    private readonly SgdStrength _sgd;
    private readonly int _directions;
    private readonly long _seed;
    private IReadOnlyList<Kick> _kicks = [];

    /// <param name="sgd">The SGD whose total it takes.</param>
    /// <param name="directions">Directions a layer; all of a layer with fewer weights.</param>
    /// <param name="refreshEvery">Epochs from one refresh to the next.</param>
    /// <param name="seed">Root of its random stream.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no direction.</exception>
    public FlatnessNoise(SgdStrength sgd, int directions, int refreshEvery, long seed)
    {
        ArgumentNullException.ThrowIfNull(sgd);
        ArgumentOutOfRangeException.ThrowIfLessThan(directions, 1);
        _sgd = sgd;
        _directions = directions;
        _seed = seed;
        RefreshEvery = refreshEvery;
        Description = string.Create(
            CultureInfo.InvariantCulture,
            $"spread by flatness over {directions} directions a layer, as strong as SGD of batch size {sgd.BatchSize} and learning rate {sgd.LearningRate:R} every {refreshEvery} epochs, seed {seed}");
    }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public int RefreshEvery { get; }

    /// <summary>The directions at the last refresh: layer (counted from 1), flatness, and the variance that each update gets along it.</summary>
    public IReadOnlyList<(int Layer, double Flatness, double Variance)> Spread => [.. _kicks.Select(kick => (kick.Layer, kick.Flatness, kick.Deviation * kick.Deviation))];

    /// <inheritdoc/>
    public void Refresh(NetworkWeights weights)
    {
        var dense = SgdStrength.Dense(weights);
        double total = _sgd.TotalVariance(dense);
        var all = WeightSpace.All(dense.Network);
        Kick[] open = [.. all.Segments.Where(segment => !segment.IsBias).SelectMany(segment => Along(dense, segment))];
        double sum = open.Sum(kick => Math.Pow(kick.Flatness, -2));
        _kicks = [.. open.Select(kick => kick with { Deviation = Math.Sqrt(total * Math.Pow(kick.Flatness, -2) / sum) })];
    }

    /// <inheritdoc/>
    public void Add(long iteration, Span<float> weights)
    {
        var random = new RandomStream(_seed, $"flatness noise/{iteration}");
        foreach (var kick in _kicks)
        {
            float length = (float)(kick.Deviation * random.NextNormal());
            var target = weights.Slice(kick.Start, kick.Direction.Length);
            for (int i = 0; i < target.Length; i++)
                target[i] += length * kick.Direction[i];
        }
    }

    private IEnumerable<Kick> Along(DenseWeights weights, WeightSpace.Segment segment)
    {
        var space = WeightSpace.Of(weights.Network, segment.Layer + 1);
        using var gradients = SampleGradients.Of(weights, _sgd.Samples, space, threads: _sgd.Threads);
        var top = Lanczos.Top(DiffusionMatrix.Of(gradients), Math.Min(_directions, space.Dimension), Rough, new(_sgd.Threads));
        using var landscape = Landscape.Of(weights, _sgd.Samples, space, threads: _sgd.Threads);
        var flatness = Flatness.Along(landscape, Directions.Of(top.Vectors, space.Dimension), new() { Fit = false }, new(_sgd.Threads));
        for (int i = 0; i < flatness.Count; i++)
        {
            if (flatness[i].WidthUnlessOpen is { } width)
                yield return new(segment.Layer + 1, segment.Start, width, 0, [.. top.Vector(i).ToArray().Select(x => (float)x)]);
        }
    }

    private sealed record Kick(int Layer, int Start, double Flatness, double Deviation, float[] Direction);
}
