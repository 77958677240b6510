using System.CommandLine;
using Talweg.Data;
using Talweg.Networks;
using Talweg.Training;

namespace Talweg.Cli.Inputs;

/// <summary>Options of <c>talweg train</c>.</summary>
internal sealed class TrainOptions
{
    private static readonly TrainingPlan Defaults = new() { Network = FullyConnected.Of(1, 2), BatchSize = 1, LearningRate = 1, Seed = 1 };

    private readonly NetworkOptions _network = new();
    private readonly Option<int?> _batch = Numbers.Whole("--batch", "B", "Samples a minibatch", 1, required: true);
    private readonly Option<double?> _learningRate = Numbers.Above(0, "--learning-rate", "A", "Learning rate of plain SGD");
    private readonly Option<string?> _optimizer = new("--optimizer")
    {
        Description = "Instead of plain SGD: sgd:lr=0.01,momentum=0.9,nesterov; adam:lr=0.001; or adamw, adagrad, rmsprop, gd (full batches), entropy-sgd, each with its settings",
        HelpName = "RULE",
    };

    private readonly Option<string?> _schedule = new("--schedule")
    {
        Description = "How the learning rate changes: step:every=30,factor=0.1; exponential:factor=0.95; cosine:epochs=100; warmup:epochs=5; joined by + where several (default: not at all)",
        HelpName = "RULE",
    };

    private readonly Option<int?> _epochs = Numbers.Whole("--epochs", "N", $"End after N epochs at the latest (default: {Defaults.MaxEpochs})", 1);
    private readonly Option<int?> _extraEpochs = Numbers.Whole("--extra-epochs", "K", $"End K epochs after the first with zero training error (default: {Defaults.ExtraEpochs})", 0);
    private readonly Option<long?> _seed = Numbers.Seed("--seed", "Root of all random numbers (default: 1)");
    private readonly Option<Initialisation?> _init = Numbers.Choice(
        "--init", "How the first weights are drawn", ("pytorch", Initialisation.PyTorch), ("he", Initialisation.He));
    private readonly Option<bool> _withReplacement = new("--with-replacement") { Description = "Draw every minibatch from all samples anew (default: each epoch a new partition)" };
    private readonly Option<Recording?> _record = Numbers.Choice(
        "--record", "Record the weights after zero training error, always or never", ("exploration", Recording.Exploration), ("all", Recording.All), ("none", Recording.None));

    private readonly Option<string?> _layers = new("--layers") { Description = "Layers to record, in this order, counted from 1: 2, or 3,1, or all, or names or a name pattern (default: none, and nothing is recorded)", HelpName = "LAYERS" };

    /// <summary>The data's.</summary>
    public DataOptions Data { get; } = new();

    public void AddTo(Command command)
    {
        _network.AddTo(command);
        Data.AddTo(command);
        foreach (Option option in (Option[])[_batch, _learningRate, _optimizer, _schedule, _epochs, _extraEpochs, _seed, _init, _withReplacement, _record, _layers])
            command.Add(option);
    }

    /// <summary>The network, to be disposed where it is a file's. Refuses what can be refused before any data are loaded.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="data">Asked only for a TorchScript file.</param>
    public Network Network(ParseResult parsed, Func<Dataset> data)
    {
        _ = Rule(parsed);
        _ = Schedule(parsed);
        _ = DatasetCatalogue.Get(parsed.GetRequiredValue(Data.Name));
        var network = _network.Read(parsed, data);
        try
        {
            _ = RecordedLayers(parsed, network);
            return network;
        }
        catch
        {
            (network as IDisposable)?.Dispose();
            throw;
        }
    }

    /// <summary>The plan on these data, scaled so.</summary>
    public TrainingPlan Plan(ParseResult parsed, Network network, Dataset data, PixelScaling scaling)
    {
        var (rate, optimizer) = Rule(parsed);
        return new()
        {
            Network = network,
            BatchSize = parsed.GetValue(_batch)!.Value,
            LearningRate = rate,
            Optimizer = optimizer,
            Schedule = Schedule(parsed),
            Data = Data.Identity(parsed, data, scaling),
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

    /// <summary>The learning rate of plain SGD, or an optimizer with its own.</summary>
    private (double Rate, Optimizer? Optimizer) Rule(ParseResult parsed) => (parsed.GetValue(_learningRate), parsed.GetValue(_optimizer)) switch
    {
        ({ } rate, null) => (rate, null),
        (null, { } text) when Optimizer.Parse(text) is var optimizer => (optimizer.LearningRate, optimizer),
        ({ }, { } text) => throw RateBesideOptimizer(text),
        _ => throw new InputException("--learning-rate", "value", "nothing", "the learning rate of plain SGD, or an --optimizer such as adam:lr=0.001"),
    };

    /// <summary>What is wrong with a learning rate and an optimizer.</summary>
    internal static InputException RateBesideOptimizer(string optimizer) =>
        new("--learning-rate", "value", $"one beside --optimizer {optimizer}", "one or the other: an optimizer has its own, as in sgd:lr=0.01,momentum=0.9");

    private Schedule? Schedule(ParseResult parsed) => parsed.GetValue(_schedule) is { } text ? Training.Schedule.Parse(text) : null;

    private int[] RecordedLayers(ParseResult parsed, Network network)
    {
        if (When(parsed) == Recording.None)
            return [];
        string layers = parsed.GetValue(_layers) ?? throw new InputException("--layers", "value", "nothing", "the layers to record, such as --layers 2, since --record asks for a trajectory");
        return [.. WeightSpace.Parse(network, layers).Layers.Select(layer => layer + 1)];
    }
}
