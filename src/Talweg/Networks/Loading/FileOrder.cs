using System.Text.Json;
using Talweg.Storage;

namespace Talweg.Networks.Loading;

/// <summary>The order of modules that a file keeps beside their names: its metadata's, or that of its numbers.</summary>
/// <remarks>
/// Python's <c>save_file</c> sorts the entries, header and data alike, by type and then by name, so PyTorch's key order is lost, whatever the dictionary's was. It
/// survives in files of writers that keep the dictionary's order, and is believed only if (1) the entries do not stand in that sorted order, which says
/// nothing; (2) every module's tensors stand together and as PyTorch registers them, weight, bias, running mean, running variance, counter; and (3) the
/// modules then fit the network one after the other. Where numbers in names contradict an order that is believed, neither decides. MLX writes in the order of a hash table, and says in its metadata that it wrote the file.
/// </remarks>
internal static class FileOrder
{
    /// <summary>The key of the file's metadata under which the names of all tensors may stand in order, as a JSON list.</summary>
    public const string Key = "order";

    /// <summary>The modules in the order that the metadata record; null where they record none of these tensors.</summary>
    public static IReadOnlyList<NamedModule>? Recorded(SafeTensorsFile file, IReadOnlyList<NamedModule> modules)
    {
        if (!file.Metadata.TryGetValue(Key, out string? text) || Names(text) is not { } names)
            return null;
        var places = new Dictionary<string, int>();
        for (int i = 0; i < names.Length; i++)
            places.TryAdd(names[i], i);
        return modules.All(module => module.Tensors.All(tensor => places.ContainsKey(tensor.Name)))
            ? [.. modules.OrderBy(module => module.Tensors.Min(tensor => places[tensor.Name]))]
            : null;
    }

    /// <summary>The modules in the order of their numbers in the file; null where that order says nothing.</summary>
    public static IReadOnlyList<NamedModule>? OfData(SafeTensorsFile file, IReadOnlyList<NamedModule> modules)
    {
        if (file.Metadata.GetValueOrDefault("format") == "mlx" || IsSorted([.. file.Tensors.Values.OrderBy(entry => entry.Offset)]))
            return null;
        var ordered = modules.OrderBy(module => module.Place).ToList();
        var tensors = modules.SelectMany(module => module.Tensors.Select(tensor => (module, tensor))).OrderBy(one => one.tensor.Place).ToList();
        var together = ordered.SelectMany(module => module.Tensors.OrderBy(tensor => TensorName.PlaceOf(tensor.Kind)));
        return tensors.Select(one => one.tensor).SequenceEqual(together) ? ordered : null;
    }

    /// <summary>Whether all entries stand by name, or each type's together and by name.</summary>
    private static bool IsSorted(TensorEntry[] entries)
    {
        var runs = entries.Zip(entries.Skip(1)).ToList();
        return runs.All(pair => string.CompareOrdinal(pair.First.Name, pair.Second.Name) < 0) || runs.Count(pair => pair.First.Type != pair.Second.Type) == entries.Select(entry => entry.Type).Distinct().Count() - 1
            && runs.All(pair => pair.First.Type != pair.Second.Type || string.CompareOrdinal(pair.First.Name, pair.Second.Name) < 0);
    }

    private static string[]? Names(string text)
    {
        try
        {
            return [.. (JsonSerializer.Deserialize<string?[]>(text) ?? []).OfType<string>()];
        }
        catch (JsonException)
        {
            return null;                                       // somebody else's key of the same name
        }
    }
}
