using System.Text.RegularExpressions;
using Talweg.Storage;

namespace Talweg.Networks.Loading;

/// <summary>Numbers from which weights would first have to be computed: parametrised, pruned and quantised layers, other libraries' transposed kernels.</summary>
internal static partial class NotWeights
{
    private const string Dequantise = "save the model's state_dict before it is quantised, or dequantise it in PyTorch";

    // In this order: spectral_norm has a weight_v too.
    private static readonly (Regex Sign, string What, string Call)[] Computed =
    [
        (Parametrised(), "a parametrisation of the weights, not the weights", "torch.nn.utils.parametrize.remove_parametrizations(module, \"weight\")"),
        (Original(), "what torch.nn.utils.prune or spectral_norm makes the weights of, not the weights", "torch.nn.utils.prune.remove(module, \"weight\") or torch.nn.utils.remove_spectral_norm(module)"),
        (WeightNormalised(), "a part of torch.nn.utils.weight_norm, not the weights", "torch.nn.utils.remove_weight_norm(module)"),
    ];

    private static readonly (Regex Sign, string What, string WayOut)[] Kinds =
    [
        .. Computed.Select(kind => (kind.Sign, kind.What, $"plain weights; {kind.Call} leaves them in PyTorch")),
        (Quantised(), "a part of quantised weights", $"weights as floating-point numbers; {Dequantise}"),
        (Kernel(), "a kernel of Keras or Flax, which store [inputs, outputs]", "PyTorch's [outputs, inputs] under the name 'weight'; transpose it"),
    ];

    /// <exception cref="InputException">A name says that its numbers are no weights.</exception>
    public static void RefuseNames(string path, IEnumerable<string> names, Network network)
    {
        var own = network.Tensors.Select(tensor => tensor.Name).ToHashSet();
        string[] foreign = [.. names.Where(name => !own.Contains(name))];
        foreach (var (sign, what, wayOut) in Kinds)
        {
            if (foreign.FirstOrDefault(sign.IsMatch) is { } name)
                throw new InputException(path, $"tensor '{Quoted.Name(name)}'", what, wayOut);
        }
    }

    /// <summary>Why a module with tensors of these names has no plain weights, and what to call in PyTorch; null where it may have.</summary>
    /// <remarks>A module computes with its tensors whatever else they are called: only PyTorch's own reparametrisations are known by name.</remarks>
    public static string? ProblemOfModule(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return Computed.Select(kind => all.FirstOrDefault(kind.Sign.IsMatch) is { } name
            ? $"has '{Quoted.Name(name)}', {kind.What}: the model computes them from it. Call {kind.Call} before it is saved" : null).FirstOrDefault(problem => problem is not null);
    }

    /// <exception cref="InputException">The numbers are whole ones, or such as Talweg does not read.</exception>
    public static void RefuseType(string path, TensorEntry entry)
    {
        if (ElementTypes.IsFloat(entry.Type))
            return;
        string why = entry.Type is ElementType.Int8 or ElementType.UInt8 || entry.Type >= ElementType.Float8E4M3 && entry.Type <= ElementType.Float8E8M0
            ? $"quantised numbers are not weights: {Dequantise}"
            : "such numbers are not weights";
        throw new InputException(path, $"tensor '{Quoted.Name(entry.Name)}', dtype", ElementTypes.Name(entry.Type), $"{ElementTypes.Floats}; {why}");
    }

    [GeneratedRegex(@"(^|\.)parametrizations\.[^.]+\.(original[0-9]*|[0-9]+\..*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Parametrised();

    [GeneratedRegex(@"(^|[._])weight_[gv]$", RegexOptions.CultureInvariant)]
    private static partial Regex WeightNormalised();

    [GeneratedRegex(@"(^|[._])(weight|bias)_(orig|mask|u)$", RegexOptions.CultureInvariant)]
    private static partial Regex Original();

    [GeneratedRegex(@"(^|[._])(zero_point|qweight|qzeros|weight_scale|weight_scale_inv|_packed_params(\..*)?|SCB|absmax|quant_map)$", RegexOptions.CultureInvariant)]
    private static partial Regex Quantised();

    [GeneratedRegex(@"(^|[./])kernel(:0)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Kernel();
}
