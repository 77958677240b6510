namespace Talweg.Landscapes;

/// <summary>
/// What becomes of a transect: it streams in blocks of samples through a reducer, which keeps what it needs (a mean, the means of
/// minibatches, …), so that nothing of size displacements × samples is ever held.
/// </summary>
/// <remarks>One reducer serves one direction and is called from one thread at a time. Every sample comes exactly once.</remarks>
public abstract class TransectReducer
{
    /// <summary>Takes in one block.</summary>
    public abstract void Add(in TransectBlock block);
}

/// <summary>Loss and slope of a few samples at every displacement along one direction. Valid only during the call that hands it over.</summary>
public readonly ref struct TransectBlock
{
    /// <param name="samples">Indices in the data set, [n].</param>
    /// <param name="losses">Per displacement <paramref name="stride"/> numbers, of which the first n are the samples'.</param>
    /// <param name="slopes">Likewise; empty if no slopes were asked for.</param>
    /// <param name="stride">Numbers from one displacement to the next.</param>
    internal TransectBlock(ReadOnlySpan<int> samples, ReadOnlySpan<double> losses, ReadOnlySpan<double> slopes, int stride)
    {
        Samples = samples;
        AllLosses = losses;
        AllSlopes = slopes;
        Stride = stride;
    }

    /// <summary>The samples' own indices in the data set, [n], in no particular order.</summary>
    public ReadOnlySpan<int> Samples { get; }

    /// <summary>Whether slopes were asked for.</summary>
    public bool HasSlopes => !AllSlopes.IsEmpty;

    /// <summary>Cross entropy in nats of each sample at displacement number <paramref name="displacement"/>, [n].</summary>
    public ReadOnlySpan<double> Losses(int displacement) => AllLosses.Slice(displacement * Stride, Samples.Length);

    /// <summary>Exact derivative of each sample's loss along the direction, [n].</summary>
    public ReadOnlySpan<double> Slopes(int displacement) => AllSlopes.Slice(displacement * Stride, Samples.Length);

    /// <summary>All losses at once, for reducers that go sample by sample: that of sample i at displacement d stands at d·<see cref="Stride"/> + i.</summary>
    internal ReadOnlySpan<double> AllLosses { get; }

    /// <summary>All slopes, likewise; empty if none were asked for.</summary>
    internal ReadOnlySpan<double> AllSlopes { get; }

    /// <summary>Numbers from one displacement to the next.</summary>
    internal int Stride { get; }
}
