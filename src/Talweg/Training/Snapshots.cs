using System.Globalization;
using Talweg.Networks;

namespace Talweg.Training;

/// <summary>The full weights at the ends of epochs and after single iterations, which a training run keeps if its plan says so.</summary>
public static class Snapshots
{
    /// <summary>The file of epoch <paramref name="epoch"/>, counted from 1, in a run's folder; its folder is made if missing.</summary>
    public static string PathOf(string folder, int epoch) =>
        PathOf(folder, NameOf(epoch));

    /// <summary>The file of iteration <paramref name="iteration"/>, counted from 1 over the whole run, 0 being the initial weights; likewise.</summary>
    public static string PathOfIteration(string folder, long iteration) =>
        PathOf(folder, NameOfIteration(iteration));

    /// <summary>The weights at the end of epoch <paramref name="epoch"/>.</summary>
    /// <exception cref="InputException">There is no such snapshot, or it is damaged.</exception>
    public static NetworkWeights Load(string folder, int epoch, Network network) => WeightsFile.Load(PathOf(folder, epoch), network);

    /// <inheritdoc cref="Load(string, int, Network)"/>
    public static DenseWeights Load(string folder, int epoch, FullyConnected network) => WeightsFile.Load(PathOf(folder, epoch), network);

    /// <summary>The weights after iteration <paramref name="iteration"/>, one of <see cref="TrainingPlan.SnapshotIterations"/>.</summary>
    /// <exception cref="InputException">There is no such snapshot, or it is damaged.</exception>
    public static NetworkWeights LoadIteration(string folder, long iteration, Network network) => WeightsFile.Load(PathOfIteration(folder, iteration), network);

    /// <inheritdoc cref="LoadIteration(string, long, Network)"/>
    public static DenseWeights LoadIteration(string folder, long iteration, FullyConnected network) => WeightsFile.Load(PathOfIteration(folder, iteration), network);

    internal static string NameOf(int epoch) => string.Create(CultureInfo.InvariantCulture, $"epoch-{epoch:D5}.safetensors");

    internal static string NameOfIteration(long iteration) => string.Create(CultureInfo.InvariantCulture, $"iteration-{iteration:D9}.safetensors");

    private static string PathOf(string folder, string name)
    {
        string snapshots = Path.Combine(folder, "snapshots");
        Directory.CreateDirectory(snapshots);
        return Path.Combine(snapshots, name);
    }
}
