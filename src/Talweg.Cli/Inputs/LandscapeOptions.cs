using System.CommandLine;
using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;

namespace Talweg.Cli.Inputs;

/// <summary>Options of every measure that looks at a landscape: network, weights, layers, directions, data.</summary>
internal sealed class LandscapeOptions
{
    private readonly Option<string> _network = NetworkOption();
    private readonly Option<string> _weights = new("--weights") { Description = "Weights to stand at: safetensors, in natural order of their names", HelpName = "FILE", Required = true };
    private readonly Option<string> _layers = new("--layers") { Description = "Layers whose weights move, counted from 1: 2, or 1,3, or all, or a name pattern such as 2.*", HelpName = "LAYERS", Required = true };
    private readonly Option<bool> _withBiases = new("--with-biases") { Description = "Let these layers' biases move too" };
    private readonly Option<string> _directions = new("--directions") { Description = "Directions: safetensors with one tensor `directions` [K, N], each of norm 1", HelpName = "FILE", Required = true };
    private readonly DataOptions _data = new();
    private readonly Option<int?> _samples = Numbers.Whole("--samples", "N", "Take the loss over the first N training images (default: all)", 1);
    private readonly Option<LandscapePrecision?> _precision = Numbers.Choice(
        "--precision", "Precision of a sample's loss; means are always summed in double", ("single", LandscapePrecision.Single), ("double", LandscapePrecision.Double));

    /// <summary>The option <c>--threads</c>.</summary>
    public Option<int?> Threads { get; } = ThreadsOption();

    public static Option<string> NetworkOption() => new("--network") { Description = "Network: fc:784-50-50-10, with options ,bias and ,tanh", HelpName = "NET", Required = true };

    public static Option<int?> ThreadsOption() => Numbers.Whole("--threads", "N", "Use at most N threads (default: all processors)", 1);

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_network, _weights, _layers, _withBiases, _directions])
            command.Add(option);
        _data.AddTo(command);
        foreach (Option option in (Option[])[_samples, _precision, Threads])
            command.Add(option);
    }

    /// <summary>Reads all that was given, the quick to check first.</summary>
    public LandscapeInputs Read(ParseResult parsed, Session session, IProgress<WorkProgress> progress)
    {
        var network = FullyConnected.Parse(parsed.GetRequiredValue(_network));
        var space = WeightSpace.Parse(network, parsed.GetRequiredValue(_layers), parsed.GetValue(_withBiases));
        _ = DatasetCatalogue.Get(parsed.GetRequiredValue(_data.Name));
        var weights = WeightsFile.Load(parsed.GetRequiredValue(_weights), network);
        var directions = DirectionsFile.Read(parsed.GetRequiredValue(_directions), space);
        var data = _data.Load(parsed, session, progress);
        var images = First(data.Train, parsed.GetValue(_samples));
        return new()
        {
            WeightsPath = parsed.GetRequiredValue(_weights),
            Weights = weights,
            Space = space,
            Directions = directions,
            Samples = DataOptions.Samples(images, _data.Scaling(parsed, data), network),
            Precision = parsed.GetValue(_precision) ?? LandscapePrecision.Single,
        };
    }

    private static ImageSet First(ImageSet images, int? samples)
    {
        if (samples > images.Count)
            throw new InputException("--samples", "value", $"{samples}", $"1 to {images.Count}, the images of {images.Name}");
        return samples is { } count ? images.First(count) : images;
    }
}
