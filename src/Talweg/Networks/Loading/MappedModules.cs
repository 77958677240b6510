using System.Globalization;
using Talweg.Storage;

namespace Talweg.Networks.Loading;

/// <summary>A file's modules after a <see cref="WeightMap"/> has put some of their tensors in place.</summary>
internal sealed class MappedModules
{
    private readonly Network _network;
    private readonly IReadOnlyList<NamedModule> _wanted;
    private readonly IReadOnlyList<NamedModule> _found;
    private readonly Dictionary<ModuleTensor, ModuleTensor> _places = [];     // from the network's tensors to the file's

    /// <exception cref="InputException">A name is not in the file or not in the network, two go to one place, or a module stays without some of its tensors.</exception>
    public MappedModules(WeightMap map, Network network, IReadOnlyList<NamedModule> wanted, IReadOnlyList<NamedModule> found)
    {
        (_network, _wanted, _found) = (network, wanted, found);
        foreach (var (name, target) in map.Entries)
            Place(name, Source(name), Target(target));
        foreach (var module in wanted.Where(module => module.Tensors.Any(_places.ContainsKey)))
            Complete(module);
        Placed = [.. wanted.Where(module => module.Tensors.Any(_places.ContainsKey)).Select(module => (module, Of(module)))];
        var used = _places.Values.ToHashSet();
        Rest = [.. found.Select(module => NamedModule.Of(module.Name, module.Tensors.Where(tensor => !used.Contains(tensor)))).Where(module => module.Tensors.Count > 0)];
    }

    /// <summary>The network's modules that the map speaks of, and what it makes of them.</summary>
    public IReadOnlyList<(NamedModule Wanted, NamedModule Found)> Placed { get; }

    /// <summary>What the map leaves of the file.</summary>
    public IReadOnlyList<NamedModule> Rest { get; }

    private (NamedModule Module, ModuleTensor? Tensor) Source(string name)
    {
        var tensors = _found.SelectMany(module => module.Tensors.Select(tensor => (Module: module, Tensor: (ModuleTensor?)tensor))).ToList();
        var modules = _found.Select(module => (Module: module, Tensor: (ModuleTensor?)null)).ToList();
        string behind = $".{name}";
        List<(NamedModule Module, ModuleTensor? Tensor)> fits = [.. tensors.Where(one => one.Tensor!.Name == name)];
        if (fits.Count == 0)
            fits = [.. modules.Where(one => one.Module.Name == name)];
        if (fits.Count == 0)
            fits = [.. tensors.Where(one => one.Tensor!.Name.EndsWith(behind, StringComparison.Ordinal)), .. modules.Where(one => one.Module.Name.EndsWith(behind, StringComparison.Ordinal))];
        return fits.Count switch
        {
            1 => fits[0],
            0 => throw new InputException(WeightMap.Option, "name", $"'{Quoted.Name(name)}'", $"a tensor or module of the weights' file, which has {Quoted.Names([.. tensors.Select(one => one.Tensor!.Name)])}"),
            _ => throw new InputException(WeightMap.Option, "name", $"'{Quoted.Name(name)}', which stands for {Quoted.Names([.. fits.Select(fit => fit.Tensor?.Name ?? fit.Module.Name)])}", "the name of one, in full"),
        };
    }

    private (NamedModule Module, ModuleTensor? Tensor) Target(string target)
    {
        if (int.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out int layer))
        {
            return layer >= 1 && layer <= _network.Layers
                ? (Holding(_network.WeightOf(layer - 1).Name).Module, null)
                : throw new InputException(WeightMap.Option, "layer", target, $"a layer of {_network}, 1 to {_network.Layers}; a normalisation goes by its own name, such as 1.weight");
        }

        if (_wanted.Any(module => module.Tensors.Any(tensor => tensor.Name == target)))
            return Holding(target);
        return _wanted.FirstOrDefault(module => module.Name == target) is { } named
            ? (named, null)
            : throw new InputException(WeightMap.Option, "layer", $"'{Quoted.Name(target)}'", $"a layer of {_network}, 1 to {_network.Layers}, or one of its tensors {Quoted.Names([.. _network.Tensors.Select(tensor => tensor.Name)])}");
    }

    private (NamedModule Module, ModuleTensor? Tensor) Holding(string tensor)
    {
        var module = _wanted.First(module => module.Tensors.Any(one => one.Name == tensor));
        return (module, module.Tensors.First(one => one.Name == tensor));
    }

    private void Place(string name, (NamedModule Module, ModuleTensor? Tensor) source, (NamedModule Module, ModuleTensor? Tensor) target)
    {
        if ((source.Tensor, target.Tensor) is ({ } from, { } to))
        {
            Place(name, from, to);
            return;
        }

        foreach (var tensor in source.Tensor is { } only ? [only] : source.Module.Tensors)
        {
            var place = target.Module.Tensors.FirstOrDefault(one => one.Kind == tensor.Kind)
                ?? throw new InputException(WeightMap.Option, $"'{Quoted.Name(name)}'", $"'{Quoted.Name(tensor.Name)}', of which {_network} has none there", $"tensors such as {Quoted.Names([.. target.Module.Tensors.Select(one => one.Name)])}");
            Place(name, tensor, place);
        }
    }

    private void Place(string name, ModuleTensor tensor, ModuleTensor place)
    {
        if (_places.ContainsValue(tensor) || !_places.TryAdd(place, tensor))
            throw new InputException(WeightMap.Option, $"'{Quoted.Name(name)}'", $"a second entry for '{Quoted.Name(_places.ContainsKey(place) ? place.Name : tensor.Name)}'", "one tensor for one place");
    }

    /// <summary>What the map does not say of a module it speaks of comes from where the rest of it came from.</summary>
    private void Complete(NamedModule module)
    {
        var used = _places.Values.ToHashSet();
        var sources = _found.Where(one => one.Tensors.Any(tensor => module.Tensors.Any(place => _places.GetValueOrDefault(place) == tensor))).ToList();
        foreach (var place in module.Tensors.Where(place => !_places.ContainsKey(place)))
        {
            _places[place] = sources.SelectMany(source => source.Tensors).FirstOrDefault(tensor => tensor.Kind == place.Kind && !used.Contains(tensor))
                ?? throw new InputException(WeightMap.Option, $"'{place.Name}'", "no tensor", $"one for every tensor of the layer: {Quoted.Names([.. module.Tensors.Select(tensor => tensor.Name)])}");
        }
    }

    private NamedModule Of(NamedModule module) =>
        NamedModule.Of(_places[module.Tensors[0]].Name, module.Tensors.Select(place => _places[place] with { Kind = place.Kind }));
}
