namespace Talweg.Networks.Loading;

/// <summary>A tensor of a network or of a file, as a matcher sees it.</summary>
/// <param name="Name">In full.</param>
/// <param name="Kind">What it is within its module.</param>
/// <param name="Shape">As stored.</param>
/// <param name="Place">Its place among the network's tensors, or where its numbers begin in the file.</param>
internal sealed record ModuleTensor(string Name, string Kind, IReadOnlyList<long> Shape, long Place)
{
    public string ShapeText => $"[{string.Join(", ", Shape)}]";

    /// <summary>Whether it is a matrix or kernel.</summary>
    public bool IsMatrix => Shape.Count > 1 && Kind == TensorName.Weight;
}

/// <summary>The tensors of one layer, as their names say.</summary>
/// <param name="Name">Of the module, without what PyTorch's wrappers put in.</param>
/// <param name="Tensors">In the order of their kinds.</param>
internal sealed record NamedModule(string Name, IReadOnlyList<ModuleTensor> Tensors)
{
    /// <summary>Kinds and shapes: modules of equal signatures can stand in for each other.</summary>
    public string Signature { get; } = string.Join(' ', Tensors.Select(tensor => tensor.Kind + tensor.ShapeText));

    /// <summary>Where its first tensor stands.</summary>
    public long Place => Tensors.Min(tensor => tensor.Place);

    /// <summary>Its matrix or kernel; null where it has none.</summary>
    public ModuleTensor? Matrix => Tensors.FirstOrDefault(tensor => tensor.IsMatrix);

    /// <summary>How a list of tensors falls into modules, in the order of their first tensors.</summary>
    /// <param name="tensors">Full name, shape and place of each.</param>
    /// <param name="shortName">What a name is without wrappers.</param>
    public static IReadOnlyList<NamedModule> Of(IEnumerable<(string Name, IReadOnlyList<long> Shape, long Place)> tensors, Func<string, string> shortName)
    {
        var named = tensors.Select(tensor => (Short: shortName(tensor.Name), tensor.Name, tensor.Shape, tensor.Place)).ToList();
        return [.. named.GroupBy(tensor => TensorName.Of(tensor.Short).Module).SelectMany(group => Modules(group.Key, [.. group])).OrderBy(module => module.Place)];
    }

    /// <summary>A module of these tensors.</summary>
    public static NamedModule Of(string name, IEnumerable<ModuleTensor> tensors) =>
        new(name, [.. tensors.OrderBy(tensor => tensor.Kind, StringComparer.Ordinal).ThenBy(tensor => tensor.Place)]);

    /// <summary>One module as a rule. Matrices of names that PyTorch does not use are the weight of their module where it has no other, else each a module of its own.</summary>
    private static IEnumerable<NamedModule> Modules(string module, List<(string Short, string Name, IReadOnlyList<long> Shape, long Place)> tensors)
    {
        var all = tensors.Select(tensor => (tensor.Short, Tensor: new ModuleTensor(tensor.Name, TensorName.Of(tensor.Short).Kind, tensor.Shape, tensor.Place))).ToList();
        var odd = all.Where(one => one.Tensor.Shape.Count > 1 && TensorName.PlaceOf(one.Tensor.Kind) < 0).ToList();
        if (odd.Count == 1 && module.Length > 0 && all.All(one => one.Tensor.Kind != TensorName.Weight))
        {
            yield return Of(module, all.Select(one => one == odd[0] ? one.Tensor with { Kind = TensorName.Weight } : one.Tensor));
            yield break;
        }

        foreach (var (name, tensor) in odd)
            yield return Of(name, [tensor with { Kind = TensorName.Weight }]);
        if (all.Count > odd.Count)
            yield return Of(module, all.Except(odd).Select(one => one.Tensor));
    }
}
