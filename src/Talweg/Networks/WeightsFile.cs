using Talweg.Storage;

namespace Talweg.Networks;

/// <summary>Weights as safetensors, named as PyTorch's Sequential names them: <c>0.weight</c>, <c>2.weight</c>, … and <c>0.bias</c>, ….</summary>
public static class WeightsFile
{
    /// <summary>Writes the weights atomically, in single precision.</summary>
    public static void Save(string path, DenseWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        SafeTensorsWriter.Write(path, [.. Tensors(weights)], new Dictionary<string, string> { ["network"] = weights.Network.ToString() });
    }

    /// <summary>Reads the weights of <paramref name="network"/>, under whatever names: in natural order, if every shape fits.</summary>
    /// <remarks>Matrices are taken in natural order of their names ('2.weight' before '10.weight'), biases likewise.</remarks>
    /// <exception cref="InputException">A tensor is missing, left over or of another shape, or a value is not finite.</exception>
    public static DenseWeights Load(string path, FullyConnected network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var file = SafeTensorsFile.Open(path);
        string[] matrices = [.. file.Names.Where(name => file.Entry(name).Shape.Count == 2)];
        string[] biases = [.. file.Names.Where(name => file.Entry(name).Shape.Count == 1)];
        if (file.Names.Except(matrices).Except(biases).FirstOrDefault() is { } other)
            throw new InputException(path, $"tensor '{Quoted.Name(other)}'", $"shape {Shape(file.Entry(other))}", $"only matrices and vectors, as {network} has");
        RequireCount(path, network, "matrices", matrices, network.Layers);
        if (!network.Bias && biases.Length > 0)
            throw new InputException(path, $"tensor '{Quoted.Name(biases[0])}'", "a bias", $"none, as {network} has no biases; for a network with biases write {network},bias");
        RequireCount(path, network, "biases", biases, network.Bias ? network.Layers : 0);
        return DenseWeights.Of(
            network,
            [.. matrices.Select((name, layer) => Read(file, name, [network.OutputsOf(layer), network.InputsOf(layer)], network, layer))],
            [.. biases.Select((name, layer) => Read(file, name, [network.OutputsOf(layer)], network, layer))]);
    }

    internal static IEnumerable<NamedTensor> Tensors(DenseWeights weights)
    {
        var network = weights.Network;
        for (int layer = 0; layer < network.Layers; layer++)
        {
            if (network.Bias)
                yield return new($"{2 * layer}.bias", [network.OutputsOf(layer)], weights.Biases[layer]);
            yield return new(WeightSpace.NameOf(layer), [network.OutputsOf(layer), network.InputsOf(layer)], weights.Matrices[layer]);
        }
    }

    private static void RequireCount(string path, FullyConnected network, string what, string[] names, int expected)
    {
        if (names.Length != expected)
            throw new InputException(path, what, names.Length == 0 ? "none" : $"{names.Length} ({Quoted.Names(names)})", $"{expected}, as {network} has");
    }

    private static float[] Read(SafeTensorsFile file, string name, long[] shape, FullyConnected network, int layer)
    {
        var entry = file.Entry(name);
        if (!entry.Shape.SequenceEqual(shape))
            throw new InputException(file.Path, $"tensor '{Quoted.Name(name)}'", $"shape {Shape(entry)}", $"[{string.Join(", ", shape)}], layer {layer + 1} of {network}; PyTorch stores [outputs, inputs]");
        float[] values = file.ReadSingles(name);
        int bad = Array.FindIndex(values, value => !float.IsFinite(value));
        return bad < 0 ? values : throw new InputException(file.Path, $"tensor '{Quoted.Name(name)}'", $"{values[bad]} at position {bad}", "finite numbers");
    }

    private static string Shape(TensorEntry entry) => $"[{string.Join(", ", entry.Shape)}]";
}
