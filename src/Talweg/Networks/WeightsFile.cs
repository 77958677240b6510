using Talweg.Networks.Loading;
using Talweg.Storage;

namespace Talweg.Networks;

/// <summary>Weights as safetensors, named as PyTorch names them: <c>0.weight</c>, <c>2.weight</c>, … for its Sequential, <c>layer1.0.conv1.weight</c> for its ResNets.</summary>
public static class WeightsFile
{
    /// <summary>In front of the names of tensors that are an optimizer's, not weights.</summary>
    internal const string OptimizerPrefix = "optimizer/";

    /// <summary>Writes the weights atomically, in single precision, with the network's text in the metadata.</summary>
    public static void Save(string path, NetworkWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        SafeTensorsWriter.Write(path, [.. Tensors(weights)], new Dictionary<string, string> { [RecordedNetwork.Key] = weights.Network.ToString() }, checksum: true);
    }

    /// <inheritdoc cref="Load(string, Network)"/>
    public static DenseWeights Load(string path, FullyConnected network) => (DenseWeights)Load(path, (Network)network);

    /// <summary>Reads the weights of <paramref name="network"/>, as <see cref="Read"/> does.</summary>
    /// <inheritdoc cref="Read"/>
    public static NetworkWeights Load(string path, Network network) => Read(path, network).Weights;

    /// <summary>Reads the weights of <paramref name="network"/> under whatever names, and says what became what.</summary>
    /// <remarks>
    /// By the network's own names where the file has them and no others, also behind a prefix; else module by module: a module must have the tensors of its layer
    /// by the last word of their names and by shape. Among modules of equal shapes the file's metadata decide, else numbers in the names, else the order of the tensors in the file where it is one
    /// (see <see cref="FileOrder"/>). PyTorch's counters of batches are passed over, and so is a checkpoint's optimizer.
    /// </remarks>
    /// <param name="path">A safetensors file.</param>
    /// <param name="network">Whose weights it holds.</param>
    /// <param name="map">What the user says of names; null for nothing.</param>
    /// <exception cref="InputException">
    /// A tensor is missing, left over, of another shape or not made of floating-point numbers; nothing tells two layers apart; the file records another network; a value is
    /// not finite, or a running variance is below 0.
    /// </exception>
    public static LoadedWeights Read(string path, Network network, WeightMap? map = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var file = SafeTensorsFile.Open(path);
        if (file.HasChecksum)
            file.RequireChecksum();
        RecordedNetwork.Require(file, network);
        return new WeightsReading(file, network, map ?? WeightMap.Empty).Run();
    }

    internal static IEnumerable<NamedTensor> Tensors(NetworkWeights weights) =>
        weights.Network.Tensors.Zip(weights.Tensors, (tensor, values) => new NamedTensor(tensor.Name, [.. tensor.Shape], values));
}
