using Talweg.Networks;

namespace Talweg.Training;

/// <summary>Looks at all weights at moments of a training run that it chooses as the run goes on, and keeps nothing in the run's folder.</summary>
/// <remarks>It takes no part in what a checkpoint knows its run by: a run that goes on from a checkpoint shows it only what is still to come.</remarks>
public interface IWeightsObserver
{
    /// <summary>Whether it wants the weights after iteration <paramref name="iteration"/>, counted from 1 over the whole run; 0 are those before the first.</summary>
    bool Wants(long iteration);

    /// <summary>Sees them.</summary>
    void See(long iteration, NetworkWeights weights);
}
