namespace Talweg.Networks.Loading;

/// <summary>What the user says of a file's names: <c>fc1=1</c> reads the module <c>fc1</c> as layer 1, <c>w=0.weight</c> the tensor <c>w</c> as <c>0.weight</c>.</summary>
/// <remarks>
/// The left is a tensor or a module of the file, with or without what stands in front; the right is a layer, counted from 1, or the network's own name of a tensor or
/// module: the only way to name a normalisation. A module that is put somewhere takes all its tensors with it. Whatever is not named is matched as ever.
/// </remarks>
public sealed record WeightMap
{
    /// <summary>Where it comes from, for messages.</summary>
    internal const string Option = "--map";

    private WeightMap(IReadOnlyList<(string Name, string Target)> entries) => Entries = entries;

    /// <summary>No entry.</summary>
    public static WeightMap Empty { get; } = new([]);

    /// <summary>Name in the file, and what it is.</summary>
    public IReadOnlyList<(string Name, string Target)> Entries { get; }

    /// <summary>Reads entries of the form <c>name=layer</c>.</summary>
    /// <exception cref="InputException">One is not of this form, or a name comes twice.</exception>
    public static WeightMap Parse(IEnumerable<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var entries = new List<(string Name, string Target)>();
        foreach (string text in texts)
        {
            int cut = text.LastIndexOf('=');
            if (cut < 1 || cut == text.Length - 1)
                throw new InputException(Option, "value", $"'{text}'", "NAME=LAYER, a tensor or module of the weights' file and a layer or the network's own name of it, such as fc1=1");
            if (entries.Any(entry => entry.Name == text[..cut]))
                throw new InputException(Option, "name", $"'{text[..cut]}' twice", "one entry a name");
            entries.Add((text[..cut], text[(cut + 1)..]));
        }

        return new(entries);
    }
}
