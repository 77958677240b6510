using Talweg.Continual;
using Talweg.Data;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;

namespace Talweg.Studies.Forgetting;

/// <summary>Learning without forgetting by landscape-dependent constraints, against elastic weights and others: Feng and Tu (2020, 2021), Figure 4.</summary>
/// <remarks>Claims FT-15 to FT-19. A cell is one seed of one sequence of tasks, learned by every method at every λ from the same first task.</remarks>
public sealed class ForgettingStudy : IStudy<ForgettingCell>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Data, string Tasks, int Samples, double Share), TaskSequence> _sequences = [];

    /// <inheritdoc/>
    public string Name => "forgetting";

    /// <inheritdoc/>
    public string Title => "Do landscape-dependent constraints keep old tasks, and better than elastic weights?";

    /// <inheritdoc/>
    public Source Source => new("Feng and Tu", "How neural networks find generalizable solutions (2020); PNAS 118, e2015617118 (2021)", "Figure 4; SI sections S7 and S8");

    /// <inheritdoc/>
    public int Revision => 2;

    /// <inheritdoc/>
    public IReadOnlyList<string> Claims { get; } = ["FT-15", "FT-16", "FT-17", "FT-18", "FT-19"];

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters => StudyParameters.All;

    /// <inheritdoc/>
    public IReadOnlyList<Preset> Presets => StudyParameters.Presets;

    /// <inheritdoc/>
    public StudyData Data(Parameters parameters, DataContext context)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(context);
        var data = StudySamples.Find(parameters, context);
        string colour = parameters.Text("colour-data");
        return SequenceCase.Parse(parameters.Text("sequences")).Any(wanted => wanted.InColour) && SecondData.IsAtHand(colour, context.DataRoot) ? SecondData.Join(data, colour, context) : data;
    }

    /// <inheritdoc/>
    public IEnumerable<ForgettingCell> Cells(Parameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Integer("window-epochs") > parameters.Integer("epochs"))
            throw new InputException("--set", "window-epochs", $"{parameters.Integer("window-epochs")}", $"at most {parameters.Integer("epochs")}, the epochs of a task");
        if (parameters.Number("slow-learning-rate") == parameters.Number("later-learning-rate") || parameters.Number("slow-learning-rate") == parameters.Number("colour-learning-rate"))
            throw new InputException("--set", "slow-learning-rate", $"{parameters.Number("slow-learning-rate")}, the later tasks' own", "another one: its stops are told apart by it");
        string tasks = parameters.Read("tasks", Tasks);
        if (tasks.Split(',').Length != 2)
            throw new InputException("--set", "tasks", $"'{tasks}'", "two tasks, such as 01,23");
        var pair = new SequenceCase(SequenceCase.Pair, tasks, tasks, "fc:784-50-50-10", [2]);
        var sequences = SequenceCase.Parse(parameters.Text("sequences"));
        return Readings(parameters.Text("pretraining")).SelectMany(reading => Enumerable.Range(1, parameters.Integer("seeds")).Select(seed => Cell(parameters, pair, seed, reading)))
            .Concat(sequences.SelectMany(sequence => Enumerable.Range(1, parameters.Integer("sequence-seeds")).Select(seed => Cell(parameters, sequence, seed, PretrainingClasses.All))));
    }

    private static string Tasks(string text)
    {
        TaskSequence.Check(text);
        return text;
    }

    /// <inheritdoc/>
    public CellEnding Measure(ForgettingCell cell, CellContext context)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(context);
        if (SequenceCase.All.Any(known => known.Name == cell.Sequence && known.InColour) && !SecondData.IsAtHand(cell.Data, context.DataRoot))
            return CellEnding.Failed(SecondData.Missing(cell.Data));
        TorchThreads.One();
        return new CellMeasurement(cell, context, Prepare(cell, context)).Run();
    }

    /// <inheritdoc/>
    public Conclusion Conclude(Parameters parameters, StudyData data, IReadOnlyList<FinishedCell<ForgettingCell>> cells)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(cells);
        MeasuredCell[] measured = [.. cells.Where(cell => cell.Ending.Completed).Select(MeasuredCell.Read)];
        var pair = Reading.OfPair(measured.Where(cell => cell.Cell.Sequence == SequenceCase.Pair));
        Reading[] sequences = [.. measured.Where(cell => cell.Cell.Sequence != SequenceCase.Pair).GroupBy(cell => cell.Cell.Sequence).Select(group => new Reading(SequenceFindings.Label(group.First().Cell), [.. group]))];
        Finding[] findings =
        [
            .. pair.Count == 0 ? [] : PairFindings.Of(pair),
            .. sequences.Length == 0 ? [] : (Finding[])[SequenceFindings.Of(sequences)],
        ];
        return new()
        {
            Findings = [.. findings.Select(finding => finding with { Demonstration = data.Drawn })],
            Headline = pair.Count == 0 ? "" : Headline(pair[0], findings),
            Figures = [.. pair.SelectMany(StudyFigures.OfPair), .. StudyFigures.OfSequences(sequences)],
            Notes = [.. Notes([.. pair, .. sequences], cells)],
        };
    }

    private static string Headline(Reading reading, Finding[] findings)
    {
        var ladder = reading.Cell.Ladders[0];
        string Rise(string stop, Func<CellAtStop, RunRow> run) => PairNotes.Percent(reading.At(ladder, stop), cell => run(cell).First);
        string first = Ladder.EpochName(ladder.Epochs.Min());
        return $"With LDC task 1's error is {Rise(first, cell => cell.Constrained)} after {first} on task 2 and {Rise(ladder.Last, cell => cell.Constrained)} after {ladder.Last}, without {Rise(first, cell => cell.Free)} and {Rise(ladder.Last, cell => cell.Free)} "
            + $"({reading.Course(ladder)}). Forgetting is stopped: {findings[0].VerdictText}.";
    }

    private static IEnumerable<string> Notes(IReadOnlyList<Reading> readings, IReadOnlyList<FinishedCell<ForgettingCell>> cells)
    {
        yield return "Protocol: the network is trained on classes together, all of the data's or the pair's own, then its input and output layers stay and the hidden layers between them are drawn anew and trained task after task, from the same first task for every "
            + "method. How long a later task is trained the papers do not say: every finding is worded by stop.";
        foreach (var reading in readings)
        {
            var first = reading.Cells[0];
            yield return $"{reading.Name}: {first.Result.Weights} weights, window of {first.Result.Window} iterations; task 1's error is {PairNotes.Percent(reading.Cells, cell => cell.Result.FirstError)} when it has been learned"
                + $"{(first.Result.OpenModes > 0 ? $"; {first.Result.OpenModes} of its modes have an open side and are not constrained" : "")}.";
        }

        foreach (var cell in readings.SelectMany(reading => reading.Cells).Where(cell => cell.Result.ZeroErrorEpoch is null))
            yield return $"{cell.Cell.Label}: the first task's training error never reached zero within {cell.Cell.Epochs} epochs.";
        foreach (var cell in cells.Where(cell => !cell.Ending.Completed))
            yield return $"{cell.Cell.Label}: left out, {cell.Ending.Verdict}";
    }

    private static IReadOnlyList<PretrainingClasses> Readings(string text) => text switch
    {
        "ten-classes" => [PretrainingClasses.All],
        "own-classes" => [PretrainingClasses.Own],
        _ => [PretrainingClasses.All, PretrainingClasses.Own],
    };

    private TaskSequence Prepare(ForgettingCell cell, CellContext context)
    {
        lock (_lock)
        {
            var key = (cell.Data, cell.Tasks, cell.Samples, cell.ValidationShare);
            if (_sequences.TryGetValue(key, out var ready))
                return ready;
            var data = Datasets.Load(cell.Data, context.DataRoot, context.Progress, context.Cancellation);
            var train = cell.Samples == 0 ? data.Train : data.Train.First(Math.Min(cell.Samples, data.Train.Count));
            var options = new TaskOptions
            {
                Samples = cell.Samples,
                ValidationShare = cell.ValidationShare,
                Scaling = data.Train.Channels == 1 ? PixelScaling.Unit : PixelScaling.StandardisedByChannel(train),   // unscaled, LeNet hardly learns 5,000 pictures
            };
            try
            {
                return _sequences[key] = TaskSequence.Parse(cell.Tasks, data, options);
            }
            catch (InputException mistake)
            {
                throw mistake.At(cell.Sequence == SequenceCase.Pair ? $"--set tasks={cell.Tasks}" : $"--set sequences={cell.Sequence}");
            }
        }
    }

    private static ForgettingCell Cell(Parameters parameters, SequenceCase sequence, int seed, PretrainingClasses pretraining) => new()
    {
        Sequence = sequence.Name,
        Tasks = sequence.Tasks,
        Data = parameters.Text(sequence.InColour ? "colour-data" : "data"),
        Network = sequence.Network,
        Layers = sequence.Layers,
        Samples = parameters.Integer(sequence.InColour ? "colour-samples" : "samples"),
        ValidationShare = parameters.Number("validation-share"),
        BatchSize = parameters.Integer("batch-size"),
        LearningRate = parameters.Number(sequence.InColour ? "colour-learning-rate" : "learning-rate"),
        Pretraining = pretraining,
        LaterLearningRate = parameters.Number(sequence.InColour ? "colour-learning-rate" : "later-learning-rate"),
        StopErrors = sequence.InColour ? [] : [.. parameters.Numbers("stop-errors").DistinctBy(Ladder.ErrorName).OrderDescending()],
        StopEpochs = [.. parameters.Numbers("stop-epochs").DistinctBy(Ladder.EpochName).Order()],
        SlowLearningRate = parameters.Number("slow-learning-rate"),
        SlowEpochs = [.. parameters.Numbers("slow-epochs").DistinctBy(Ladder.EpochName).Order()],
        Seed = seed,
        Epochs = parameters.Integer("epochs"),
        WindowEpochs = parameters.Integer("window-epochs"),
        PretrainingEpochs = parameters.Integer("pretraining-epochs"),
        Modes = parameters.Integer("modes"),
        Lambda = parameters.Number("lambda"),
        GridPoints = parameters.Integer(sequence.Name == SequenceCase.Pair ? "grid" : "sequence-grid"),
        Counts = sequence.Name == SequenceCase.Pair ? [.. parameters.Integers("counts").Select(count => (int)count)] : [],
    };
}
