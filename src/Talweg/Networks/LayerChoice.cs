using System.Globalization;
using System.Text.RegularExpressions;
using Talweg.Networks.Loading;

namespace Talweg.Networks;

/// <summary>What <c>--layers</c> takes: numbers, names and patterns of names, in the order in which they move.</summary>
/// <remarks>
/// Names are those of the network's tensors and modules, or of the weights' file where it has others: <c>3.weight</c>, <c>fc1</c>, <c>layer1.*</c>. A
/// number alone is a layer, counted from 1. A pattern stands for its layers in the network's order.
/// </remarks>
internal sealed class LayerChoice(Network network, LoadedWeights? loaded)
{
    private const string Option = "--layers";

    /// <summary>The layers, counted from 1, each once, in the order of the text.</summary>
    /// <exception cref="InputException">A layer that the network does not have, or a name that fits none, or two.</exception>
    public int[] Read(string text) =>
        text.All(c => char.IsAsciiDigit(c) || c == ',')
            ? [.. text.Split(',').Select(Number).Distinct()]
            : [.. text.Split(',').SelectMany(part => part.Length > 0 && part.All(char.IsAsciiDigit) ? [Number(part)] : Named(part)).Distinct()];

    private int Number(string part) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int layer) && layer >= 1 && layer <= network.Layers
            ? layer
            : throw new InputException(Option, "number", $"'{part}'", Expected);

    private int[] Named(string part)
    {
        if (part == "all")
            return [.. Enumerable.Range(1, network.Layers)];
        int[] own = Fitting(part, layer => network.WeightOf(layer).Name);
        int[] files = loaded is null or { OwnNames: true } ? own : Fitting(part, FileName);
        if (own.Length > 0 && files.Length > 0 && !own.SequenceEqual(files))
            throw new InputException(Option, "value", $"'{part}', which is layer {string.Join(",", own)} by the network's names, but layer {string.Join(",", files)} by those of {loaded!.Path}", "a number, which is unambiguous");
        return (own.Length > 0 ? own : files) is { Length: > 0 } found ? found : throw new InputException(Option, "value", $"'{part}'", Expected);
    }

    private int[] Fitting(string pattern, Func<int, string> nameOf) =>
        [.. Enumerable.Range(0, network.Layers).Where(layer => Fits(nameOf(layer), pattern)).Select(layer => layer + 1)];

    /// <summary>What the file calls a layer's matrix or kernel.</summary>
    private string FileName(int layer) => loaded!.Tensors.First(tensor => tensor.Tensor == network.WeightOf(layer)).FileName;

    private string Expected
    {
        get
        {
            string names = string.Join(", ", Enumerable.Range(0, network.Layers).Select(layer => $"{layer + 1} ({network.WeightOf(layer).Name})"));
            return $"layers of {network}: {names}, 'all', or a pattern of their names{(loaded is { OwnNames: false } ? " or of those in the weights' file" : "")}";
        }
    }

    /// <summary>A name as it is, behind any prefix, or its module.</summary>
    private static bool Fits(string name, string pattern)
    {
        string[] names = [name, TensorName.Unwrapped(name)];
        string form = "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$";
        return names.SelectMany(one => (string[])[one, TensorName.Of(one).Module]).Any(one => one.Length > 0 && Regex.IsMatch(one, form, RegexOptions.NonBacktracking));
    }
}
