using Talweg.Storage;

namespace Talweg.Networks.Loading;

/// <summary>One reading of a weights' file: which tensor is which, then the numbers.</summary>
internal sealed class WeightsReading
{
    private const int LongestName = 1000;

    private readonly SafeTensorsFile _file;
    private readonly Network _network;
    private readonly WeightMap _map;
    private readonly string[] _names;
    private readonly string[] _passedOver;

    public WeightsReading(SafeTensorsFile file, Network network, WeightMap map)
    {
        (_file, _network, _map) = (file, network, map);
        _passedOver = [.. file.Names.Where(IsPassedOver)];
        _names = [.. file.Names.Except(_passedOver)];
        if (_names.FirstOrDefault(name => name.Length > LongestName) is { } endless)
            throw new InputException(file.Path, $"tensor '{Quoted.Name(endless)}'", $"a name of {endless.Length} characters", $"at most {LongestName}");
    }

    /// <exception cref="InputException">See <see cref="WeightsFile.Read"/>.</exception>
    public LoadedWeights Run()
    {
        var (names, basis) = Names();
        LoadedTensor[] tensors = [.. names.Zip(_network.Tensors, (name, tensor) => new LoadedTensor(name, tensor))];
        return new()
        {
            Path = _file.Path,
            Weights = NetworkWeights.Of(_network, [.. tensors.Select(Values)]),
            Tensors = tensors,
            PassedOver = _passedOver,
            Basis = basis,
            Mapped = _map.Entries.Count > 0,
        };
    }

    private bool IsPassedOver(string name) => name.StartsWith(WeightsFile.OptimizerPrefix, StringComparison.Ordinal)
        || (_file.Entry(name).Count == 1 && TensorName.Of(name).Kind == TensorName.Counter && _network.Tensors.All(tensor => tensor.Name != name));

    /// <summary>The file's names in the order of the network's tensors.</summary>
    private (string[] Names, MatchBasis Basis) Names()
    {
        if (_map.Entries.Count == 0 && OwnNames() is { } own)
            return own;
        if (_map.Entries.Count == 0)
            NotWeights.RefuseNames(_file.Path, _names, _network);
        var wanted = NamedModule.Of(_network.Tensors.Select((tensor, i) => (tensor.Name, (IReadOnlyList<long>)[.. tensor.Shape.Select(size => (long)size)], (long)i)), name => name);
        var mapped = new MappedModules(_map, _network, wanted, NamedModule.Of(_names.Select(name => (name, _file.Entry(name).Shape, _file.Entry(name).Offset)), Short()));
        var left = wanted.Except(mapped.Placed.Select(pair => pair.Wanted)).ToList();
        var match = Match(left, mapped.Rest);
        string[] names = new string[_network.Tensors.Count];
        foreach (var (place, tensor) in mapped.Placed.Concat(match.Pairs).SelectMany(pair => pair.Wanted.Tensors.Zip(pair.Found.Tensors)))
            names[place.Place] = tensor.Name;
        return (names, match.Basis);
    }

    private ModuleMatch Match(IReadOnlyList<NamedModule> wanted, IReadOnlyList<NamedModule> found)
    {
        if (!wanted.Select(module => module.Signature).Order(StringComparer.Ordinal).SequenceEqual(found.Select(module => module.Signature).Order(StringComparer.Ordinal)))
            throw new Mismatch(_file.Path, _network, wanted, found).Explain();
        return ModuleMatch.Of(wanted, found, FileOrder.Recorded(_file, found), FileOrder.OfData(_file, found), out var undecided)
            ?? throw TieText.Refusal(_file.Path, undecided!, _network);
    }

    /// <summary>The network's own names, as they are or behind what wrappers and a common prefix put in front; null where they are others.</summary>
    private (string[] Names, MatchBasis Basis)? OwnNames()
    {
        var own = _network.Tensors.Select(tensor => tensor.Name).ToHashSet();
        if (own.SetEquals(_names))
            return ([.. _network.Tensors.Select(tensor => tensor.Name)], MatchBasis.OwnNames);
        if (own.Count != _names.Length)
            return null;
        string[] bare = [.. _names.Select(Short())];
        while (true)
        {
            if (own.SetEquals(bare))
            {
                var full = bare.Zip(_names).ToDictionary(pair => pair.First, pair => pair.Second);
                return ([.. _network.Tensors.Select(tensor => full[tensor.Name])], MatchBasis.PrefixedNames);
            }

            int cut = bare[0].IndexOf('.', StringComparison.Ordinal);
            if (cut < 0 || !bare.All(name => name.Length > cut && string.CompareOrdinal(name, 0, bare[0], 0, cut + 1) == 0))
                return null;
            bare = [.. bare.Select(name => name[(cut + 1)..])];
        }
    }

    /// <summary>Names without wrappers' words, unless two would become one.</summary>
    private Func<string, string> Short() =>
        _names.Select(TensorName.Unwrapped).Distinct().Count() == _names.Length ? TensorName.Unwrapped : name => name;

    private float[] Values(LoadedTensor loaded)
    {
        var (name, tensor) = loaded;
        var entry = _file.Entry(name);
        if (!entry.Shape.SequenceEqual(tensor.Shape.Select(size => (long)size)))
            throw Mismatch.WrongShape(_file.Path, new(name, "", entry.Shape, 0), tensor, _network);
        NotWeights.RefuseType(_file.Path, entry);
        float[] values = _file.ReadSingles(name);
        int bad = Array.FindIndex(values, value => !float.IsFinite(value));
        if (bad >= 0)
            throw new InputException(_file.Path, $"tensor '{Quoted.Name(name)}'", $"{values[bad]} at position {bad}", "finite numbers");
        bad = tensor.Role == TensorRole.RunningVariance ? Array.FindIndex(values, value => value < 0) : -1;
        return bad < 0 ? values : throw new InputException(_file.Path, $"tensor '{Quoted.Name(name)}'", $"{values[bad]} at position {bad}", "variances of at least 0, as running variances are");
    }
}
