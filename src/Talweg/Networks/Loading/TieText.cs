using Talweg.Storage;

namespace Talweg.Networks.Loading;

/// <summary>Says of modules that nothing tells apart what two assignments there are, and the ways out.</summary>
internal static class TieText
{
    private const int MostShown = 4;

    public static InputException Refusal(string path, ModuleTie tie, Network network)
    {
        NamedModule[] one = [.. tie.Found], other = [.. tie.Found];
        (other[0], other[1]) = (other[1], other[0]);
        string shapes = string.Join(", ", tie.Found[0].Tensors.Select(tensor => $"{tensor.Kind} {tensor.ShapeText}"));
        string target = Target(tie.Wanted[0], network);
        return new(path, $"layers of equal shapes ({shapes})",
            $"{Quoted.Names([.. tie.Found.Select(Name)])}, whose order neither their names nor the file says: {Assignment(tie.Wanted, one, network)}, or {Assignment(tie.Wanted, other, network)}",
            $"one that says which is which: --map {Name(one[0])}={target}, or --map {Name(one[1])}={target}, and so on; or the order beside the weights, in PyTorch: "
            + $"save_file(state := model.state_dict(), FILE, metadata={{\"{FileOrder.Key}\": json.dumps(list(state))}})");
    }

    private static string Assignment(IReadOnlyList<NamedModule> wanted, NamedModule[] found, Network network) =>
        string.Join(", ", wanted.Zip(found).Take(MostShown).Select(pair => $"'{Name(pair.Second)}' = {LayerText.OfModule(TensorsOf(pair.First, network))}")) + (found.Length > MostShown ? ", …" : "");

    private static string Name(NamedModule module) => Quoted.Name(module.Name.Length > 0 ? module.Name : module.Tensors[0].Name);

    /// <summary>As <c>--map</c> takes it.</summary>
    private static string Target(NamedModule module, Network network) =>
        TensorsOf(module, network).FirstOrDefault(tensor => tensor.Role == TensorRole.Weight) is { } weight ? $"{weight.Layer + 1}" : module.Tensors[^1].Name;

    private static WeightTensor[] TensorsOf(NamedModule module, Network network) => [.. module.Tensors.Select(tensor => network.Tensors[(int)tensor.Place])];
}
