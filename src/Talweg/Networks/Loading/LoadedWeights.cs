using Talweg.Storage;

namespace Talweg.Networks.Loading;

/// <summary>A tensor of a file, and which tensor of the network it was read as.</summary>
/// <param name="FileName">As the file names it.</param>
/// <param name="Tensor">Of the network.</param>
public sealed record LoadedTensor(string FileName, WeightTensor Tensor);

/// <summary>Weights read from a file, and what became what.</summary>
public sealed record LoadedWeights
{
    private const int MostShown = 4;

    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The values.</summary>
    public required NetworkWeights Weights { get; init; }

    /// <summary>One entry a tensor of the network, in the order of <see cref="Network.Tensors"/>.</summary>
    public required IReadOnlyList<LoadedTensor> Tensors { get; init; }

    /// <summary>Tensors that were not read: PyTorch's counters of batches, and a checkpoint's optimizer.</summary>
    public required IReadOnlyList<string> PassedOver { get; init; }

    /// <summary>What decided.</summary>
    public required MatchBasis Basis { get; init; }

    /// <summary>Whether some tensors were placed by the user.</summary>
    public required bool Mapped { get; init; }

    /// <summary>Whether every name was the network's own.</summary>
    public bool OwnNames => Tensors.All(tensor => tensor.FileName == tensor.Tensor.Name);

    /// <summary>One line that says which modules were read as which layers, and by what.</summary>
    public string Summary()
    {
        var modules = Modules();
        string shown = string.Join(", ", modules.Take(MostShown).Select(module => $"'{Quoted.Name(module.File)}' as {module.Network}"));
        string more = modules.Count > MostShown ? $" and {modules.Count - MostShown} more" : "";
        return $"{Path}: read {shown}{more}, by {BasisText}";
    }

    /// <summary>A line for every tensor of the file.</summary>
    public IEnumerable<string> Lines() =>
    [
        .. Tensors.Select(tensor => $"{Path}: '{Quoted.Name(tensor.FileName)}' {tensor.Tensor.ShapeText} is '{tensor.Tensor.Name}', {LayerText.Of(tensor.Tensor)}"),
        .. PassedOver.Select(name => $"{Path}: '{Quoted.Name(name)}' passed over"),
    ];

    private string BasisText => (Mapped ? "--map and " : "") + Basis switch
    {
        MatchBasis.OwnNames => "their names",
        MatchBasis.PrefixedNames => "their names behind a common prefix",
        MatchBasis.Shapes => "kinds and shapes",
        MatchBasis.Numbers => "kinds, shapes and the numbers in their names",
        MatchBasis.RecordedOrder => "kinds, shapes and the order that the file's metadata record",
        _ => "kinds, shapes and the order of the tensors in the file",
    };

    private List<(string File, string Network)> Modules() =>
        [.. Tensors.Select(tensor => (File: TensorName.Of(tensor.FileName).Module is { Length: > 0 } module ? module : tensor.FileName, tensor.Tensor))
            .GroupBy(tensor => (tensor.File, TensorName.Of(tensor.Tensor.Name).Module))
            .Select(group => (group.Key.File, LayerText.OfModule([.. group.Select(tensor => tensor.Tensor)])))];
}

/// <summary>Layers in words.</summary>
internal static class LayerText
{
    /// <summary>A tensor's place: <c>layer 2</c> of those that <c>--layers</c> counts, or a normalisation.</summary>
    public static string Of(WeightTensor tensor) => tensor.Role switch
    {
        TensorRole.Weight or TensorRole.Bias => $"layer {tensor.Layer + 1}",
        _ => $"a normalisation behind layer {tensor.Layer + 1}",
    };

    /// <summary>A module by its weight layer where it has one, else by the network's own name of it.</summary>
    public static string OfModule(IReadOnlyList<WeightTensor> tensors) =>
        tensors.FirstOrDefault(tensor => tensor.Role == TensorRole.Weight) is { } weight
            ? $"layer {weight.Layer + 1}"
            : $"'{TensorName.Of(tensors[0].Name).Module}'";
}
