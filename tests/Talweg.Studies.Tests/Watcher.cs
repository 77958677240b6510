using Talweg.Networks;
using Talweg.Training;

namespace Talweg.Studies.Tests;

/// <summary>Keeps the weights after every iteration, those before the first one in front.</summary>
internal sealed class Watcher<TWeights>(List<TWeights> seen) : IWeightsObserver
    where TWeights : NetworkWeights
{
    public bool Wants(long iteration) => true;

    public void See(long iteration, NetworkWeights weights)
    {
        Assert.Equal(seen.Count, iteration);
        seen.Add((TWeights)weights);
    }
}
