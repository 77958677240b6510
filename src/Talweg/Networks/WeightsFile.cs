using Talweg.Storage;

namespace Talweg.Networks;

/// <summary>Weights as safetensors, named as PyTorch names them: <c>0.weight</c>, <c>2.weight</c>, … for its Sequential, <c>layer1.0.conv1.weight</c> for its ResNets.</summary>
public static class WeightsFile
{
    /// <summary>In front of the names of tensors that are an optimizer's, not weights.</summary>
    internal const string OptimizerPrefix = "optimizer/";

    /// <summary>Writes the weights atomically, in single precision.</summary>
    public static void Save(string path, NetworkWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        SafeTensorsWriter.Write(path, [.. Tensors(weights)], new Dictionary<string, string> { ["network"] = weights.Network.ToString() });
    }

    /// <inheritdoc cref="Load(string, Network)"/>
    public static DenseWeights Load(string path, FullyConnected network) => (DenseWeights)Load(path, (Network)network);

    /// <summary>Reads the weights of <paramref name="network"/>: by its own names where the file has them and no others, else under whatever names, in natural order, if every shape fits.</summary>
    /// <remarks>Natural order puts '2.weight' before '10.weight'; matrices and kernels are taken in this order, vectors likewise. PyTorch's counters of batches are passed over, and so is a checkpoint's optimizer.</remarks>
    /// <exception cref="InputException">A tensor is missing, left over or of another shape, or a value is not finite.</exception>
    public static NetworkWeights Load(string path, Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var file = SafeTensorsFile.Open(path);
        string[] names = [.. file.Names.Where(name => file.Entry(name).Shape.Count > 0 && !name.StartsWith(OptimizerPrefix, StringComparison.Ordinal))];
        bool ownNames = network.Tensors.Select(tensor => tensor.Name).ToHashSet().SetEquals(names);
        return NetworkWeights.Of(network, ownNames ? [.. network.Tensors.Select(tensor => Read(file, tensor.Name, tensor, network))] : InOrder(file, names, network));
    }

    internal static IEnumerable<NamedTensor> Tensors(NetworkWeights weights) =>
        weights.Network.Tensors.Zip(weights.Tensors, (tensor, values) => new NamedTensor(tensor.Name, [.. tensor.Shape], values));

    private static float[][] InOrder(SafeTensorsFile file, string[] names, Network network)
    {
        var weights = new Queue<string>(names.Where(name => file.Entry(name).Shape.Count > 1));
        var vectors = new Queue<string>(names.Where(name => file.Entry(name).Shape.Count == 1));
        int matrices = network.Tensors.Count(tensor => tensor.Shape.Count > 1);
        if (weights.FirstOrDefault(name => file.Entry(name).Shape.Count > 2) is { } kernel && network is FullyConnected)
            throw new InputException(file.Path, $"tensor '{Quoted.Name(kernel)}'", $"shape {Shape(file.Entry(kernel))}", $"only matrices and vectors, as {network} has");
        RequireCount(file, network, network is FullyConnected ? "matrices" : "weights", [.. weights], matrices);
        if (!network.HasBiases && vectors.Count > 0 && !network.Normalises)
            throw new InputException(file.Path, $"tensor '{Quoted.Name(vectors.Peek())}'", "a bias", $"none, as {network} has no biases{(network is FullyConnected ? $"; for a network with biases write {network},bias" : "")}");
        RequireCount(file, network, network.Normalises ? "vectors" : "biases", [.. vectors], network.Tensors.Count - matrices);
        return [.. network.Tensors.Select(tensor => Read(file, (tensor.Shape.Count > 1 ? weights : vectors).Dequeue(), tensor, network))];
    }

    private static void RequireCount(SafeTensorsFile file, Network network, string what, string[] names, int expected)
    {
        if (names.Length != expected)
            throw new InputException(file.Path, what, names.Length == 0 ? "none" : $"{names.Length} ({Quoted.Names(names)})", $"{expected}, as {network} has");
    }

    private static float[] Read(SafeTensorsFile file, string name, WeightTensor tensor, Network network)
    {
        var entry = file.Entry(name);
        if (!entry.Shape.SequenceEqual(tensor.Shape.Select(size => (long)size)))
            throw new InputException(file.Path, $"tensor '{Quoted.Name(name)}'", $"shape {Shape(entry)}", $"{tensor.ShapeText}, layer {tensor.Layer + 1} of {network}; PyTorch stores [outputs, inputs]");
        float[] values = file.ReadSingles(name);
        int bad = Array.FindIndex(values, value => !float.IsFinite(value));
        return bad < 0 ? values : throw new InputException(file.Path, $"tensor '{Quoted.Name(name)}'", $"{values[bad]} at position {bad}", "finite numbers");
    }

    private static string Shape(TensorEntry entry) => $"[{string.Join(", ", entry.Shape)}]";
}
