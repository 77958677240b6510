using Talweg.Storage;

namespace Talweg.Networks.Loading;

/// <summary>Says of modules that nothing tells apart, or that numbers and the file's order tell apart differently, what two assignments there are, and the ways out.</summary>
internal static class TieText
{
    private const int MostShown = 4;

    public static InputException Refusal(string path, ModuleTie tie, Network network)
    {
        NamedModule[] one = [.. tie.Found], other = [.. tie.InFile ?? [one[1], one[0], .. one[2..]]];
        int first = one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        string shapes = string.Join(", ", tie.Found[0].Tensors.Select(tensor => $"{tensor.Kind} {tensor.ShapeText}"));
        string target = Target(tie.Wanted[first], network);
        string why = tie.InFile is null ? "whose order neither their names nor the file says" : "whose numbers and whose order in the file contradict each other";
        return new(path, $"layers of equal shapes ({shapes})",
            $"{Quoted.Names([.. tie.Found.Select(Name)])}, {why}: {Assignment(tie.Wanted, one, first, network)}, or {Assignment(tie.Wanted, other, first, network)}",
            $"one that says which is which: --map {Name(one[first])}={target}, or --map {Name(other[first])}={target}, and so on; or the order beside the weights, in PyTorch: "
            + $"save_file(state := model.state_dict(), FILE, metadata={{\"{FileOrder.Key}\": json.dumps(list(state))}})");
    }

    /// <summary>From the first module on in which the two assignments differ.</summary>
    private static string Assignment(IReadOnlyList<NamedModule> wanted, NamedModule[] found, int first, Network network) =>
        string.Join(", ", wanted.Zip(found).Skip(first).Take(MostShown).Select(pair => $"'{Name(pair.Second)}' = {LayerText.OfModule(TensorsOf(pair.First, network))}")) + (found.Length - first > MostShown ? ", …" : "");

    private static string Name(NamedModule module) => Quoted.Name(module.Name.Length > 0 ? module.Name : module.Tensors[0].Name);

    /// <summary>As <c>--map</c> takes it.</summary>
    private static string Target(NamedModule module, Network network) =>
        TensorsOf(module, network).FirstOrDefault(tensor => tensor.Role == TensorRole.Weight) is { } weight ? $"{weight.Layer + 1}" : module.Tensors[^1].Name;

    private static WeightTensor[] TensorsOf(NamedModule module, Network network) => [.. module.Tensors.Select(tensor => network.Tensors[(int)tensor.Place])];
}
