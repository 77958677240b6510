using System.CommandLine;
using Talweg.Continual;
using Talweg.Data;
using Talweg.Networks;
using Talweg.Training;

namespace Talweg.Cli.Inputs;

/// <summary>Options of <c>talweg continual</c>.</summary>
internal sealed class ContinualOptions
{
    private static readonly ContinualPlan Defaults = new() { Network = FullyConnected.Of(1, 2), Method = new NoMethod() };

    private readonly Option<string> _tasks = new("--tasks")
    {
        Description = "Tasks in their order: 01,23,45,67,89 (classes, a digit each); 0+1,10+11; cat+dog,ship+truck; animals,objects; permuted:5; rotated:0,30,60",
        HelpName = "TASKS",
        Required = true,
    };

    private readonly Option<string> _method = new("--method")
    {
        Description = "What keeps earlier tasks: none; ldc:lambda=10,modes=200; ewc:lambda=1000,fisher=exact|empirical|minibatch; online-ewc:lambda=1000,decay=0.9; si:lambda=1; l2:lambda=0.1; replay:samples=200",
        HelpName = "METHOD",
        Required = true,
    };

    private readonly Option<string> _network = new("--network")
    {
        Description = $"Network, whose output layer all tasks share (default: {DefaultNetwork}); {string.Join(", ", NetworkCatalogue.Names)}; net:…",
        HelpName = "NET",
        DefaultValueFactory = _ => DefaultNetwork,
    };

    private readonly Option<TrainingProtocol?> _protocol = Numbers.Choice(
        "--protocol", "What is trained: everything from scratch, or, as in the papers, hidden layers alone after a training on all tasks together",
        ("from-scratch", TrainingProtocol.FromScratch), ("hidden-layers", TrainingProtocol.HiddenLayers));

    private readonly Option<string?> _layers = new("--trained-layers") { Description = "With hidden-layers: the layers that are trained, counted from 1: 2, or 3,4 (default: all dense layers but the first and last layer)", HelpName = "LAYERS" };
    private readonly Option<PenaltyStep?> _step = Numbers.Choice(
        "--penalty-step", "How springs are followed: implicitly (stable however strong; the default of plain SGD) or with the loss's gradient", ("implicit", PenaltyStep.Implicit), ("explicit", PenaltyStep.Explicit));

    private readonly Option<int?> _batch = Numbers.Whole("--batch", "B", $"Samples a minibatch (default: {Defaults.BatchSize})", 1);
    private readonly Option<double?> _learningRate = Numbers.Above(0, "--learning-rate", "A", "Learning rate of plain SGD (default: 0.1)");
    private readonly Option<string?> _optimizer = new("--optimizer") { Description = "Instead of plain SGD: sgd:lr=0.01,momentum=0.9; adam:lr=0.001; … (docs/training.md)", HelpName = "RULE" };
    private readonly Option<int?> _epochs = Numbers.Whole("--epochs", "N", $"Epochs on every task (default: {Defaults.Epochs})", 1);
    private readonly Option<int?> _laterEpochs = Numbers.Whole("--later-epochs", "N", "Epochs on every task but the first (default: those of --epochs)", 1);
    private readonly Option<double?> _laterRate = Numbers.Above(0, "--later-learning-rate", "A", "Learning rate on every task but the first, of plain SGD or of --optimizer (default: the first's)");
    private readonly Option<int?> _window = Numbers.Whole("--window-epochs", "N", $"The last epochs of a task, whose trajectory gives ldc its modes (default: {Defaults.WindowEpochs})", 1);
    private readonly Option<int?> _pretraining = Numbers.Whole("--pretraining-epochs", "N", $"With hidden-layers: epochs on all tasks together at most (default: {Defaults.PretrainingEpochs})", 1);
    private readonly Option<PretrainingClasses?> _classes = Numbers.Choice(
        "--pretraining-classes", "With hidden-layers: what is learned together before, all classes of the data or the tasks' own alone", ("all", PretrainingClasses.All), ("own", PretrainingClasses.Own));

    private readonly Option<int?> _samples = Numbers.Whole("--samples", "M", "Training images that tasks are made of, from the first on (default: all)", 1);
    private readonly Option<long?> _seed = Numbers.Seed("--seed", "Root of all random numbers (default: 1)");

    /// <summary>What every task's data are of.</summary>
    public DataOptions Data { get; } = new();

    private const string DefaultNetwork = "fc:784-50-50-10";

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_tasks, _method, _network])
            command.Add(option);
        Data.AddTo(command);
        foreach (Option option in (Option[])[_protocol, _layers, _step, _batch, _learningRate, _optimizer, _epochs, _laterEpochs, _laterRate, _window, _pretraining, _classes, _samples, _seed])
            command.Add(option);
    }

    /// <summary>Refuses what can be refused before any data are loaded.</summary>
    public void Check(ParseResult parsed)
    {
        TaskSequence.Check(parsed.GetRequiredValue(_tasks));
        _ = Plan(parsed, "");
        _ = DatasetCatalogue.Get(parsed.GetRequiredValue(Data.Name));
    }

    /// <summary>The plan and its tasks.</summary>
    public (ContinualPlan Plan, TaskSequence Tasks) Read(ParseResult parsed, Dataset data)
    {
        var scaling = Data.Scaling(parsed, data);
        var plan = Plan(parsed, $"{Data.Identity(parsed, data, scaling)}{(parsed.GetValue(_samples) is { } some ? $" first {some}" : "")}");
        plan = plan with { DataFiles = data.Source.Files };
        DataOptions.RequireFit(data.Train, plan.Network);
        int samples = parsed.GetValue(_samples) ?? 0;
        if (samples > data.Train.Count)
            throw new InputException("--samples", "value", $"{samples}", $"at most {data.Train.Count}, the training images of {data.Name}");
        return (plan, TaskSequence.Parse(parsed.GetRequiredValue(_tasks), data, new() { Scaling = scaling, Samples = samples, Seed = plan.Seed }));
    }

    private ContinualPlan Plan(ParseResult parsed, string data)
    {
        var network = Network.Parse(parsed.GetValue(_network)!);
        string? optimizer = parsed.GetValue(_optimizer);
        double? rate = parsed.GetValue(_learningRate);
        if (optimizer is not null && rate is not null)
            throw TrainOptions.RateBesideOptimizer(optimizer);
        var plan = new ContinualPlan
        {
            Network = network,
            Method = ContinualMethods.Parse(parsed.GetRequiredValue(_method)),
            Protocol = parsed.GetValue(_protocol) ?? TrainingProtocol.FromScratch,
            TrainedLayers = parsed.GetValue(_layers) is { } layers ? TrainedLayers(network, layers) : null,
            PenaltyStep = parsed.GetValue(_step),
            BatchSize = parsed.GetValue(_batch) ?? Defaults.BatchSize,
            LearningRate = rate ?? Defaults.LearningRate,
            Optimizer = optimizer is null ? null : Optimizer.Parse(optimizer),
            Epochs = parsed.GetValue(_epochs) ?? Defaults.Epochs,
            LaterEpochs = parsed.GetValue(_laterEpochs),
            LaterLearningRate = parsed.GetValue(_laterRate),
            WindowEpochs = parsed.GetValue(_window) ?? Math.Min(Defaults.WindowEpochs, parsed.GetValue(_epochs) ?? Defaults.Epochs),
            PretrainingEpochs = parsed.GetValue(_pretraining) ?? Defaults.PretrainingEpochs,
            PretrainingClasses = parsed.GetValue(_classes) ?? PretrainingClasses.All,
            Seed = parsed.GetValue(_seed) ?? Defaults.Seed,
            Data = data,
        };
        plan.Validate();
        return plan;
    }

    private int[] TrainedLayers(Network network, string text)
    {
        try
        {
            return [.. WeightSpace.Parse(network, text).Layers.Order().Select(layer => layer + 1)];
        }
        catch (InputException mistake)
        {
            throw mistake.At(_layers.Name);
        }
    }
}
