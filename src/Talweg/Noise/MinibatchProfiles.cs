using Talweg.Landscapes;

namespace Talweg.Noise;

/// <summary>The loss of every minibatch along one direction: L^μ(w₀ + δθ·p), and its exact derivative if asked for.</summary>
/// <remarks>The ensemble of 'mini loss functions' that Feng and Tu (2020) build their random-landscape theory on: their Eq. 3, along one direction.</remarks>
public sealed record MinibatchProfiles
{
    private readonly double[] _losses;
    private readonly double[]? _slopes;

    /// <param name="displacements">δθ, [D].</param>
    /// <param name="losses">[count, D], kept.</param>
    /// <param name="slopes">Likewise, or null.</param>
    internal MinibatchProfiles(double[] displacements, double[] losses, double[]? slopes)
    {
        Displacements = displacements;
        Count = losses.Length / displacements.Length;
        _losses = losses;
        _slopes = slopes;
    }

    /// <summary>δθ, lengths in weight space, [D].</summary>
    public IReadOnlyList<double> Displacements { get; }

    /// <summary>Number of minibatches.</summary>
    public int Count { get; }

    /// <summary>Whether slopes were asked for.</summary>
    public bool HasSlopes => _slopes is not null;

    /// <summary>The mean loss over one minibatch at every displacement, nats, [D].</summary>
    public ReadOnlySpan<double> Loss(int minibatch) => Row(_losses, minibatch);

    /// <summary>dL^μ/dδθ at every displacement, [D].</summary>
    /// <exception cref="InvalidOperationException">No slopes were asked for.</exception>
    public ReadOnlySpan<double> Slope(int minibatch) =>
        Row(_slopes ?? throw new InvalidOperationException("These profiles hold no slopes. Measure them with slopes."), minibatch);

    /// <summary>Profiles of any origin: computed elsewhere, or drawn from a theory.</summary>
    /// <param name="displacements">[D], at least one.</param>
    /// <param name="losses">[count, D], row-major; copied.</param>
    /// <param name="slopes">Likewise, or empty for none.</param>
    /// <exception cref="ArgumentException">There is no displacement or minibatch, or the lengths do not fit.</exception>
    public static MinibatchProfiles Of(ReadOnlySpan<double> displacements, ReadOnlySpan<double> losses, ReadOnlySpan<double> slopes = default)
    {
        if (displacements.IsEmpty)
            throw new ArgumentException("There must be at least one displacement.", nameof(displacements));
        if (losses.IsEmpty || losses.Length % displacements.Length != 0)
            throw new ArgumentException($"Losses at {displacements.Length} displacements need a positive multiple of {displacements.Length} numbers, but there are {losses.Length}.", nameof(losses));
        if (!slopes.IsEmpty && slopes.Length != losses.Length)
            throw new ArgumentException($"There are {losses.Length} losses, but {slopes.Length} slopes.", nameof(slopes));
        return new(displacements.ToArray(), losses.ToArray(), slopes.IsEmpty ? null : slopes.ToArray());
    }

    /// <summary>Measures every minibatch's profile in one transect over all samples.</summary>
    /// <param name="landscape">Where, and on which samples.</param>
    /// <param name="direction">p, [N], norm 1.</param>
    /// <param name="sets">Which of these samples form which minibatches.</param>
    /// <param name="displacements">δθ, any numbers in any order.</param>
    /// <param name="withSlopes">Whether exact slopes are wanted; it costs about as much again.</param>
    /// <exception cref="ArgumentException">The minibatches are drawn from another number of samples, or the direction has not N numbers.</exception>
    public static MinibatchProfiles Along(
        Landscape landscape, ReadOnlySpan<double> direction, MinibatchSets sets, IReadOnlyList<double> displacements, bool withSlopes = false)
    {
        ArgumentNullException.ThrowIfNull(displacements);
        RequireFit(landscape, sets);
        double[] points = [.. displacements];
        var reducer = new MinibatchProfileReducer(sets, points, withSlopes);
        landscape.Sweep(direction, points, withSlopes, reducer);
        return reducer.Result;
    }

    /// <summary>Refuses minibatches of other samples than the landscape's.</summary>
    internal static void RequireFit(Landscape landscape, MinibatchSets sets)
    {
        ArgumentNullException.ThrowIfNull(landscape);
        ArgumentNullException.ThrowIfNull(sets);
        if (sets.Samples != landscape.Samples)
            throw new ArgumentException($"The minibatches are drawn from {sets.Samples} samples, but the landscape has {landscape.Samples}.", nameof(sets));
    }

    private ReadOnlySpan<double> Row(double[] values, int minibatch)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)minibatch, (uint)Count, nameof(minibatch));
        return values.AsSpan(minibatch * Displacements.Count, Displacements.Count);
    }
}
