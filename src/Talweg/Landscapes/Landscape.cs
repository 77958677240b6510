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
/// Holds native memory: dispose it. In single precision, a weight space of one layer's matrix takes the fused kernel
/// (<see cref="Path"/> "fused"); every other space, and double precision, takes batched torch operations ("torch").
/// All members but <see cref="Dispose"/> may be called from several threads at once; dispose it when no call is under way. The torch path
/// sets one torch thread for the thread that calls it, since directions are what is spread over threads.
/// </remarks>
public sealed class Landscape : IDisposable
{
    private readonly ITransectPath _path;
    private readonly Lazy<double> _lossAtOrigin;
    private volatile bool _disposed;

    private Landscape(DenseWeights weights, LabelledSamples samples, WeightSpace space, ITransectPath path)
    {
        Space = space;
        Samples = samples.Count;
        Norm = space.Norm(weights);
        _path = path;
        _lossAtOrigin = new(MeasureLossAtOrigin);
    }

    /// <summary>The weights that may move.</summary>
    public WeightSpace Space { get; }

    /// <summary>M, the number of samples that the loss is a mean over.</summary>
    public int Samples { get; }

    /// <summary>‖w₀‖ over the weight space.</summary>
    public double Norm { get; }

    /// <summary>Which way the transects are computed: "fused" or "torch".</summary>
    public string Path => _path.Name;

    /// <summary>L₀ = L(w₀), mean cross entropy in nats.</summary>
    public double LossAtOrigin => _lossAtOrigin.Value;

    /// <summary>The landscape around <paramref name="weights"/> on <paramref name="samples"/>.</summary>
    /// <param name="weights">w₀ and all weights that do not move.</param>
    /// <param name="samples">What the loss is a mean over.</param>
    /// <param name="space">The weights that may move.</param>
    /// <param name="precision">Single or double.</param>
    /// <param name="threads">At most this many threads prepare the samples; all processors where null.</param>
    /// <exception cref="ArgumentException">Network, samples and weight space do not fit together.</exception>
    public static Landscape Of(
        DenseWeights weights, LabelledSamples samples, WeightSpace space, LandscapePrecision precision = LandscapePrecision.Single, int? threads = null)
    {
        NetworkFit.Require(weights, samples, space);
        bool fused = precision == LandscapePrecision.Single && space.Segments is [{ IsBias: false }];
        return new(weights, samples, space, fused
            ? new FusedDensePath(weights, samples, space.Layers[0], threads ?? Environment.ProcessorCount)
            : new TorchDensePath(weights, samples, space, precision == LandscapePrecision.Double));
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
