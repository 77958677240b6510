using Talweg.Data;
using Talweg.Networks;

namespace Talweg.Landscapes;

/// <summary>How a landscape is computed.</summary>
public enum LandscapePrecision
{
    /// <summary>Samples in single precision, relative errors near 1e-6; means are summed in double. The fast kernel where it applies.</summary>
    Single,

    /// <summary>Everything in double precision, by batched torch operations.</summary>
    Double,
}

/// <summary>The loss of a network on a data set around one point w₀ of a weight space: what every measure of this room looks at.</summary>
/// <remarks>
/// Holds native memory: dispose it. <see cref="Path"/> says which way the losses are computed: <c>fused</c> (one dense layer with nothing but dense layers
/// behind it, single precision), <c>fused-convolution</c> (one convolution with activation, max pooling and dense layers behind it, single precision),
/// <c>fused-kinks</c> (one convolution with ReLU, max pooling and the last convolution behind it, single precision: pooled ReLUs are lines between kinks, and each
/// kink adds one patch to the lines behind),
/// <c>layered</c> (any other weight space of a network whose layers are known, and double precision), <c>general</c> (modules: a forward pass a point).
/// All members but <see cref="Dispose"/> may be called from several threads at once; dispose it when no call is under way. The torch paths
/// set one torch thread for the thread that calls them, since directions are what is spread over threads; sweeps of a module wait for each other.
/// In single precision a unit that sits at its ReLU's kink within rounding may be taken on either side, and the slope with it; losses are continuous there.
/// </remarks>
public sealed class Landscape : IDisposable
{
    /// <summary>Consecutive samples whose statistics batch normalisation takes together in training mode, unless told otherwise.</summary>
    public const int DefaultBlockSize = 500;

    private readonly ITransectPath _path;
    private readonly Lazy<double> _lossAtOrigin;
    private volatile bool _disposed;

    private Landscape(NetworkWeights weights, LabelledSamples samples, WeightSpace space, Normalisation normalisation, ITransectPath path)
    {
        Space = space;
        Samples = samples.Count;
        Norm = space.Norm(weights);
        Normalisation = normalisation;
        _path = path;
        _lossAtOrigin = new(MeasureLossAtOrigin);
    }

    /// <summary>The weights that may move.</summary>
    public WeightSpace Space { get; }

    /// <summary>M, the number of samples that the loss is a mean over.</summary>
    public int Samples { get; }

    /// <summary>‖w₀‖ over the weight space.</summary>
    public double Norm { get; }

    /// <summary>Which way the transects are computed: "fused", "fused-convolution", "fused-kinks" (kinks and patches), "layered" or "general".</summary>
    public string Path => _path.Name;

    /// <summary>Whether batch normalisation runs by its running statistics, or by those of blocks of samples.</summary>
    public Normalisation Normalisation { get; }

    /// <summary>L₀ = L(w₀), mean cross entropy in nats.</summary>
    public double LossAtOrigin => _lossAtOrigin.Value;

    /// <summary>The landscape around <paramref name="weights"/> on <paramref name="samples"/>.</summary>
    /// <param name="weights">w₀ and all weights that do not move.</param>
    /// <param name="samples">What the loss is a mean over.</param>
    /// <param name="space">The weights that may move.</param>
    /// <param name="precision">Single or double.</param>
    /// <param name="threads">At most this many threads prepare the samples; all processors where null.</param>
    /// <param name="normalisation">How batch normalisation runs.</param>
    /// <param name="blockSize">In training mode, so many consecutive samples make a block; what is left over goes to the last.</param>
    /// <exception cref="ArgumentException">Network, samples and weight space do not fit together, or a block in training mode has a single sample.</exception>
    /// <exception cref="InputException">A module's logits are no function of weights and samples.</exception>
    public static Landscape Of(
        NetworkWeights weights,
        LabelledSamples samples,
        WeightSpace space,
        LandscapePrecision precision = LandscapePrecision.Single,
        int? threads = null,
        Normalisation normalisation = Normalisation.Evaluation,
        int blockSize = DefaultBlockSize)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (normalisation == Normalisation.Training && Math.Min(blockSize, samples.Count) < 2)
            throw new ArgumentException($"Statistics need at least 2 samples a block, but there are {Math.Min(blockSize, samples.Count)}.", nameof(blockSize));
        NetworkFit.Require(weights, samples, space, normalisation);
        return new(weights, samples, space, normalisation, TransectPaths.Choose(weights, samples, space, precision, threads ?? Environment.ProcessorCount, normalisation, blockSize));
    }

    /// <summary>Streams loss (and slope) of every sample at w₀ + δθ·p through <paramref name="reducer"/>.</summary>
    /// <param name="direction">p, [N], norm 1 (see <see cref="Directions"/>).</param>
    /// <param name="displacements">δθ, any numbers in any order.</param>
    /// <param name="withSlopes">Whether the exact derivative along p is wanted too; it costs about as much again.</param>
    /// <param name="reducer">Takes in every sample exactly once.</param>
    /// <exception cref="ArgumentException">The direction has not N numbers, or there are no displacements.</exception>
    public void Sweep(ReadOnlySpan<double> direction, ReadOnlySpan<double> displacements, bool withSlopes, TransectReducer reducer)
    {
        ArgumentNullException.ThrowIfNull(reducer);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (direction.Length != Space.Dimension)
            throw new ArgumentException($"The weight space has {Space.Dimension} weights, but the direction has {direction.Length} numbers.", nameof(direction));
        if (displacements.IsEmpty)
            throw new ArgumentException("There must be at least one displacement.", nameof(displacements));
        _path.Sweep(direction, displacements, withSlopes, reducer);
    }

    /// <summary>The mean loss, and slope if asked for, along one direction.</summary>
    public Profile Profile(ReadOnlySpan<double> direction, ReadOnlySpan<double> displacements, bool withSlopes = false)
    {
        var reducer = new ProfileReducer(displacements, withSlopes);
        Sweep(direction, displacements, withSlopes, reducer);
        return reducer.Result;
    }

    /// <summary>Frees the native memory.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _path.Dispose();
    }

    private double MeasureLossAtOrigin()
    {
        double[] first = new double[Space.Dimension];
        first[0] = 1;
        return Profile(first, [0]).Loss[0];
    }
}
