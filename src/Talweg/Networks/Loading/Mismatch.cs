using Talweg.Storage;

namespace Talweg.Networks.Loading;

/// <summary>Why a file's modules are not a network's: the first reason that a user would want to hear.</summary>
internal sealed class Mismatch(string path, Network network, IReadOnlyList<NamedModule> wanted, IReadOnlyList<NamedModule> found)
{
    /// <summary>The refusal of modules of which no signature fits.</summary>
    public InputException Explain() =>
        Kernel() ?? Matrices() ?? Stranger() ?? Biases() ?? Kinds() ?? Shapes() ?? Modules();

    private IEnumerable<ModuleTensor> Tensors => found.SelectMany(module => module.Tensors).OrderBy(tensor => tensor.Name, NaturalOrder.Instance);

    private InputException? Kernel() =>
        network is FullyConnected && Tensors.FirstOrDefault(tensor => tensor.Shape.Count > 2) is { } kernel
            ? Wrong(kernel, $"shape {kernel.ShapeText}", $"only matrices and vectors, as {network} has")
            : null;

    /// <summary>A tensor without numbers, or of a kind that the network has nowhere.</summary>
    private InputException? Stranger()
    {
        var kinds = network.Tensors.Select(tensor => TensorName.Of(tensor.Name).Kind).ToHashSet();
        return Tensors.FirstOrDefault(tensor => tensor.Shape.Contains(0) || (!kinds.Contains(tensor.Kind) && !(tensor.Kind == TensorName.Bias && IsBesideMatrix(tensor))))
            is { } stranger ? NoWeight(stranger) : null;
    }

    private InputException? Matrices()
    {
        string[] names = [.. Tensors.Where(tensor => tensor.IsMatrix).Select(tensor => tensor.Name)];
        int expected = wanted.Sum(module => module.Tensors.Count(tensor => tensor.IsMatrix));
        return names.Length == expected ? null : Count(network is FullyConnected ? "matrices" : "weights", names, expected);
    }

    private InputException? Biases()
    {
        if (Tensors.FirstOrDefault(tensor => tensor.Kind == TensorName.Bias && IsBesideMatrix(tensor)) is { } bias && !network.HasBiases)
        {
            string wayOut = network is FullyConnected ? $"; for a network with biases write {network},bias" : "; for a layer with a bias write b behind it, as in dense10b";
            return Wrong(bias, "a bias", $"none, as {network} has no biases{wayOut}");
        }

        string[] names = [.. Tensors.Where(tensor => tensor.Kind == TensorName.Bias && IsBesideMatrix(tensor)).Select(tensor => tensor.Name)];
        int expected = wanted.Count(module => module.Matrix is not null && module.Tensors.Any(tensor => tensor.Kind == TensorName.Bias));
        if (names.Length != expected)
            return Count("biases", names, expected);
        return null;
    }

    /// <summary>So many vectors of every kind outside the weight layers: those of normalisations.</summary>
    private InputException? Kinds()
    {
        foreach (string kind in wanted.Concat(found).Where(module => module.Matrix is null).SelectMany(module => module.Tensors).Select(tensor => tensor.Kind).Distinct())
        {
            string[] names = [.. found.Where(module => module.Matrix is null).SelectMany(module => module.Tensors).Where(tensor => tensor.Kind == kind).Select(tensor => tensor.Name).Order(NaturalOrder.Instance)];
            int expected = wanted.Where(module => module.Matrix is null).Sum(module => module.Tensors.Count(tensor => tensor.Kind == kind));
            if (names.Length > 0 && expected == 0)
                return NoWeight(Tensors.First(tensor => tensor.Name == names[0]));
            if (names.Length != expected)
                return Count($"tensors '{Quoted.Name(kind)}' of normalisations", names, expected);
        }

        return null;
    }

    /// <summary>The first shape that differs, in natural order of the names.</summary>
    private InputException? Shapes()
    {
        var weights = Paired(module => module.Matrix is not null);
        var others = Paired(module => module.Matrix is null);
        foreach (var (place, tensor) in weights.Concat(others))
        {
            if (!place.Shape.SequenceEqual(tensor.Shape))
                return WrongShape(path, tensor, network.Tensors[(int)place.Place], network);
        }

        return null;
    }

    private InputException Modules()
    {
        var odd = found.FirstOrDefault(module => wanted.All(one => one.Signature != module.Signature)) ?? found[0];
        return new(path, $"module '{Quoted.Name(odd.Name)}'", Quoted.Names([.. odd.Tensors.Select(tensor => $"{tensor.Name} {tensor.ShapeText}")]),
            $"the tensors of a layer of {network}, such as {Quoted.Names([.. wanted[0].Tensors.Select(tensor => $"{tensor.Name} {tensor.ShapeText}")])}; --map NAME=LAYER says what a name means");
    }

    public static InputException WrongShape(string path, ModuleTensor tensor, WeightTensor place, Network network) =>
        new(path, $"tensor '{Quoted.Name(tensor.Name)}'", $"shape {tensor.ShapeText}", $"{place.ShapeText}, {LayerText.Of(place)} of {network}; PyTorch stores [outputs, inputs]");

    private IEnumerable<(ModuleTensor Place, ModuleTensor Tensor)> Paired(Func<NamedModule, bool> which) =>
        wanted.Where(which).Zip(found.Where(which).OrderBy(module => module.Name, NaturalOrder.Instance))
            .SelectMany(pair => pair.First.Tensors.Join(pair.Second.Tensors, place => place.Kind, tensor => tensor.Kind, (place, tensor) => (place, tensor)));

    private bool IsBesideMatrix(ModuleTensor tensor) => found.Any(module => module.Matrix is not null && module.Tensors.Contains(tensor));

    private InputException NoWeight(ModuleTensor tensor) =>
        Wrong(tensor, $"shape {tensor.ShapeText}, a tensor that is no weight of {network}", $"only its tensors, {Quoted.Names([.. network.Tensors.Select(one => one.Name)])}, under whatever modules; leave it out, or say with --map NAME=TENSOR what it is");

    private InputException Wrong(ModuleTensor tensor, string what, string expected) => new(path, $"tensor '{Quoted.Name(tensor.Name)}'", what, expected);

    private InputException Count(string what, string[] names, int expected) =>
        new(path, what, names.Length == 0 ? "none" : $"{names.Length} ({Quoted.Names(names)})", $"{expected}, as {network} has");
}
