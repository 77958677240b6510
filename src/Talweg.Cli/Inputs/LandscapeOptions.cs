using System.CommandLine;
using Talweg.Cli.Progress;
using Talweg.Cli.Rendering;
using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Networks.Loading;

namespace Talweg.Cli.Inputs;

/// <summary>Options of every measure that looks at a landscape: network, weights, layers, directions, data.</summary>
internal sealed class LandscapeOptions
{
    private readonly NetworkOptions _network = new();
    private readonly Option<string?> _weights = new("--weights") { Description = "Weights to stand at: safetensors, under whatever names (default: a TorchScript model's own)", HelpName = "FILE" };
    private readonly Option<string[]> _map = new("--map") { Description = "What a name in the weights' file means: a tensor or module, and a layer counted from 1 or the network's own name of it, such as fc1=1; again for more", HelpName = "NAME=LAYER" };
    private readonly Option<bool> _verbose = new("--verbose") { Description = "Say of every tensor in the weights' file what it was read as" };
    private readonly Option<string> _layers = new("--layers")
    {
        Description = "Layers whose weights move, in this order, counted from 1: 2, or 3,1, or all, or names of tensors or modules such as 2.weight, or a pattern of them such as 2.*",
        HelpName = "LAYERS",
        Required = true,
    };

    private readonly Option<bool> _withBiases = new("--with-biases") { Description = "Let these layers' biases move too" };
    private readonly Option<string> _directions = new("--directions") { Description = "Directions: safetensors with one tensor `directions` [K, N], each of norm 1", HelpName = "FILE", Required = true };
    private readonly DataOptions _data = new();
    private readonly Option<int?> _samples = Numbers.Whole("--samples", "N", "Take the loss over the first N training images (default: all)", 1);
    private readonly Option<LandscapePrecision?> _precision = Numbers.Choice(
        "--precision", "Precision of a sample's loss; means are always summed in double", ("single", LandscapePrecision.Single), ("double", LandscapePrecision.Double));
    private readonly Option<Normalisation?> _normalisation = Numbers.Choice(
        "--normalisation", $"Batch normalisation by its running statistics, or by those of blocks of {Landscape.DefaultBlockSize} samples", ("evaluation", Normalisation.Evaluation), ("training", Normalisation.Training));

    private readonly Option<int?> _threads = ThreadsOption();

    public static Option<int?> ThreadsOption() => Numbers.Whole("--threads", "N", "Use at most N threads (default: all processors)", 1);

    public void AddTo(Command command)
    {
        _network.AddTo(command);
        foreach (Option option in (Option[])[_weights, _map, _verbose, _layers, _withBiases, _directions])
            command.Add(option);
        _data.AddTo(command);
        foreach (Option option in (Option[])[_samples, _precision, _normalisation, _threads])
            command.Add(option);
    }

    /// <summary>Measures the landscape that was asked for, with progress on standard error.</summary>
    /// <returns>What was measured, and how.</returns>
    public (T Result, PathNote Note) Measure<T>(ParseResult parsed, Session session, Func<LandscapeInputs, Landscape, WorkOptions, T> measure) =>
        ProgressDisplay.During(session.Terminal, progress =>
        {
            using var given = Read(parsed, session, progress);
            using var landscape = given.Open();
            int threads = parsed.GetValue(_threads) ?? Environment.ProcessorCount;
            return (measure(given, landscape, session.Work(threads, progress)), PathNote.Of(landscape, given.Precision, given.Data));
        });

    /// <summary>Reads all that was given, the quick to check first.</summary>
    private LandscapeInputs Read(ParseResult parsed, Session session, IProgress<WorkProgress> progress)
    {
        _ = DatasetCatalogue.Get(parsed.GetRequiredValue(_data.Name));
        var data = new Lazy<Dataset>(() => _data.Load(parsed, session, progress));
        var network = _network.Read(parsed, () => data.Value);
        try
        {
            var map = WeightMap.Parse(parsed.GetValue(_map) ?? []);
            var loaded = Loaded(network, parsed.GetValue(_weights), map);
            if (loaded is not null)
                LoadNote.Write(session.Terminal, loaded, parsed.GetValue(_verbose));
            var weights = loaded?.Weights ?? OwnWeights(network, map);
            var space = WeightSpace.Parse(network, parsed.GetRequiredValue(_layers), parsed.GetValue(_withBiases), loaded);
            var directions = DirectionsFile.Read(parsed.GetRequiredValue(_directions), space);
            var images = First(data.Value.Train, parsed.GetValue(_samples));
            return new()
            {
                WeightsPath = parsed.GetValue(_weights) ?? network.ToString(),
                Weights = weights,
                Space = space,
                Directions = directions,
                Samples = DataOptions.Samples(images, _data.Scaling(parsed, data.Value), network),
                Data = DataNote.Of(data.Value),
                Precision = parsed.GetValue(_precision) ?? LandscapePrecision.Single,
                Normalisation = parsed.GetValue(_normalisation) ?? Normalisation.Evaluation,
            };
        }
        catch
        {
            (network as IDisposable)?.Dispose();
            throw;
        }
    }

    private static LoadedWeights? Loaded(Network network, string? path, WeightMap map) => path is null ? null : WeightsFile.Read(path, network, map);

    private static NetworkWeights OwnWeights(Network network, WeightMap map)
    {
        if (map.Entries.Count > 0)
            throw new InputException("--map", "value", $"'{map.Entries[0].Name}={map.Entries[0].Target}'", "a file whose names it explains: --weights FILE");
        return (network as ModuleNetwork)?.Weights() ?? throw new InputException("--weights", "value", "nothing", $"a file of weights of {network}; only a TorchScript model brings its own");
    }

    private static ImageSet First(ImageSet images, int? samples)
    {
        if (samples > images.Count)
            throw new InputException("--samples", "value", $"{samples}", $"1 to {images.Count}, the images of {images.Name}");
        return samples is { } count ? images.First(count) : images;
    }
}
