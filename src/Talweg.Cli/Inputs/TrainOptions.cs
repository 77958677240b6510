using System.CommandLine;
using Talweg.Data;
using Talweg.Networks;
using Talweg.Training;

namespace Talweg.Cli.Inputs;

/// <summary>Options of <c>talweg train</c>.</summary>
internal sealed class TrainOptions
{
    private static readonly TrainingPlan Defaults = new() { Network = FullyConnected.Of(1, 2), BatchSize = 1, LearningRate = 1, Seed = 1 };

    private readonly Option<string> _network = LandscapeOptions.NetworkOption();
    private readonly Option<int?> _batch = Numbers.Whole("--batch", "B", "Samples a minibatch", 1, required: true);
    private readonly Option<double?> _learningRate = Numbers.Above(0, "--learning-rate", "A", "Learning rate of SGD", required: true);
    private readonly Option<int?> _epochs = Numbers.Whole("--epochs", "N", $"End after N epochs at the latest (default: {Defaults.MaxEpochs})", 1);
    private readonly Option<int?> _extraEpochs = Numbers.Whole("--extra-epochs", "K", $"End K epochs after the first with zero training error (default: {Defaults.ExtraEpochs})", 0);
    private readonly Option<long?> _seed = Numbers.Seed("--seed", "Root of all random numbers (default: 1)");
    private readonly Option<Initialisation?> _init = Numbers.Choice(
        "--init", "How the first weights are drawn", ("pytorch", Initialisation.PyTorch), ("he", Initialisation.He));
    private readonly Option<bool> _withReplacement = new("--with-replacement") { Description = "Draw every minibatch from all samples anew (default: each epoch a new partition)" };
    private readonly Option<Recording?> _record = Numbers.Choice(
        "--record", "Record the weights after zero training error, always or never", ("exploration", Recording.Exploration), ("all", Recording.All), ("none", Recording.None));

    private readonly Option<string?> _layers = new("--layers") { Description = "Layers to record, counted from 1: 2, or 1,3, or all, or a name pattern (default: none, and nothing is recorded)", HelpName = "LAYERS" };

    /// <summary>The data's.</summary>
    public DataOptions Data { get; } = new();

    public void AddTo(Command command)
    {
        command.Add(_network);
        Data.AddTo(command);
        foreach (Option option in (Option[])[_batch, _learningRate, _epochs, _extraEpochs, _seed, _init, _withReplacement, _record, _layers])
            command.Add(option);
    }

    /// <summary>Refuses what can be refused before any data are loaded.</summary>
    public void Check(ParseResult parsed)
    {
        _ = RecordedLayers(parsed, FullyConnected.Parse(parsed.GetRequiredValue(_network)));
        _ = DatasetCatalogue.Get(parsed.GetRequiredValue(Data.Name));
    }

    /// <summary>The plan on these data, scaled so.</summary>
    public TrainingPlan Plan(ParseResult parsed, Dataset data, PixelScaling scaling)
    {
        var network = FullyConnected.Parse(parsed.GetRequiredValue(_network));
        return new()
        {
            Network = network,
            BatchSize = parsed.GetValue(_batch)!.Value,
            LearningRate = parsed.GetValue(_learningRate)!.Value,
            Data = $"{data.Name} {data.Checksum}{(parsed.GetValue(Data.Standardise) == Standardisation.None ? "" : $" standardised {scaling}")}",
            Seed = parsed.GetValue(_seed) ?? 1,
            Initialisation = parsed.GetValue(_init) ?? Initialisation.PyTorch,
            Drawing = parsed.GetValue(_withReplacement) ? Drawing.WithReplacement : Drawing.WithoutReplacement,
            MaxEpochs = parsed.GetValue(_epochs) ?? Defaults.MaxEpochs,
            ExtraEpochs = parsed.GetValue(_extraEpochs) ?? Defaults.ExtraEpochs,
            Recording = When(parsed),
            RecordedLayers = RecordedLayers(parsed, network),
        };
    }

    private Recording When(ParseResult parsed) =>
        parsed.GetValue(_record) ?? (parsed.GetValue(_layers) is null ? Recording.None : Recording.Exploration);

    private int[] RecordedLayers(ParseResult parsed, FullyConnected network)
    {
        if (When(parsed) == Recording.None)
            return [];
        string layers = parsed.GetValue(_layers) ?? throw new InputException("--layers", "value", "nothing", "the layers to record, such as --layers 2, since --record asks for a trajectory");
        return [.. WeightSpace.Parse(network, layers).Layers.Select(layer => layer + 1)];
    }
}
