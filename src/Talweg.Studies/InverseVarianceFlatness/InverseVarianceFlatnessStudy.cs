using Talweg.Data;
using Talweg.Networks;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;
using Talweg.Training;
using TorchSharp;

namespace Talweg.Studies.InverseVarianceFlatness;

/// <summary>Across the principal modes of SGD, weight variance falls as the landscape gets flatter: Feng and Tu (2020, 2021).</summary>
/// <remarks>
/// Claims FT-1 to FT-8, FT-23 and FT-24, and our own TW-1 to TW-5 on what the exponent depends on. Each cell trains one network to zero
/// training error and three windows beyond, and measures the modes of each window and the landscape along them.
/// </remarks>
public sealed class InverseVarianceFlatnessStudy : IStudy<VarianceFlatnessCell>
{
    /// <summary>The setting that the papers' figures use unless they say otherwise.</summary>
    private static readonly (int BatchSize, double LearningRate) PublishedSetting = (50, 0.1);

    private readonly Lock _dataLock = new();
    private readonly Dictionary<string, TrainingData> _prepared = [];

    /// <inheritdoc/>
    public string Name => "inverse-variance-flatness";

    /// <inheritdoc/>
    public string Title => "Do the weights move least where the landscape is flattest?";

    /// <inheritdoc/>
    public Source Source => new("Feng and Tu", "PNAS 118, e2015617118 (2021); How neural networks find generalizable solutions (2020)", "Figures 1, 2, S1, S2");

    /// <inheritdoc/>
    public int Revision => 1;

    /// <inheritdoc/>
    public IReadOnlyList<string> Claims { get; } =
        ["FT-1", "FT-2", "FT-3", "FT-4", "FT-5", "FT-6", "FT-7", "FT-8", "FT-23", "FT-24", "TW-1", "TW-2", "TW-3", "TW-4", "TW-5"];

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters => StudyParameters.All;

    /// <inheritdoc/>
    public IReadOnlyList<Preset> Presets => StudyParameters.Presets;

    /// <inheritdoc/>
    public StudyData Data(Parameters parameters, DataContext context)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(context);
        var data = Datasets.Load(parameters.Text("data"), context.DataRoot, context.Progress, context.Cancellation);
        return new(data.Name, data.Checksum, DatasetCatalogue.Get(data.Name).IsDrawn);
    }

    /// <inheritdoc/>
    public IEnumerable<VarianceFlatnessCell> Cells(Parameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (long batchSize in parameters.Integers("batch-sizes"))
        {
            foreach (double learningRate in parameters.Numbers("learning-rates"))
            {
                for (int seed = 1; seed <= parameters.Integer("seeds"); seed++)
                    yield return Cell(parameters, (int)batchSize, learningRate, seed);
            }
        }

        if (!parameters.Flag("variants"))
            yield break;
        var (b, rate) = ReferenceSetting(parameters);
        for (int seed = 1; seed <= parameters.Integer("seeds"); seed++)
        {
            yield return Cell(parameters, b, rate, seed) with { Standardised = true };
            yield return Cell(parameters, b, rate, seed) with { Drawing = Drawing.WithReplacement };
        }
    }

    /// <inheritdoc/>
    public CellEnding Measure(VarianceFlatnessCell cell, CellContext context)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(context);
        // One torch thread: the cells and directions are what is spread over the cores.
        torch.set_num_threads(1);
        return new CellMeasurement(cell, context, Prepare(cell, context)).Run();
    }

    /// <inheritdoc/>
    public Conclusion Conclude(Parameters parameters, StudyData data, IReadOnlyList<FinishedCell<VarianceFlatnessCell>> cells)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(cells);
        MeasuredCell[] measured = [.. cells.Where(cell => cell.Ending.Completed).Select(MeasuredCell.Read)];
        CellGroup[] settings = [.. measured.Where(cell => !cell.Cell.IsVariant).GroupBy(cell => cell.Setting).Select(group => new CellGroup([.. group]))];
        if (settings.Length == 0)
            return new() { Findings = [], Notes = ["No cell was measured, so nothing can be concluded: see the cells' verdicts."] };
        var reference = settings.FirstOrDefault(group => group.First.Setting == PublishedSetting) ?? settings[0];
        var sensitivity = SensitivityFindings.Of(reference, [.. measured.Where(cell => cell.Cell.IsVariant)]).ToArray();
        IEnumerable<Finding> findings = [.. MotionFindings.Of(reference), .. LandscapeFindings.Of(reference, settings), .. sensitivity.Select(s => s.Finding)];
        return new()
        {
            Findings = [.. findings.Select(finding => finding with { Demonstration = data.Drawn }).OrderBy(finding => Array.IndexOf([.. Claims], finding.Id))],
            Figures = [.. StudyFigures.Of(reference, settings, [.. sensitivity.SelectMany(s => s.Variations)])],
            Notes = [.. Notes(reference, settings, cells)],
        };
    }

    private static IEnumerable<string> Notes(CellGroup reference, CellGroup[] settings, IReadOnlyList<FinishedCell<VarianceFlatnessCell>> cells)
    {
        yield return reference.HasSeeds
            ? $"Findings speak of B = {reference.First.Cell.BatchSize}, α = {NumberText.Of(reference.First.Cell.LearningRate)}, {reference.Cells.Count} seeds, and of the middle of three windows; FT-8 of every setting."
            : "One cell a setting: intervals are over three windows that follow one another in time, whose spread is not that between runs.";
        foreach (var cell in settings.SelectMany(group => group.Cells).Where(cell => cell.Result.ZeroErrorEpoch is null))
            yield return $"{cell.Cell.Label}: training error never reached zero within {cell.Cell.MaxEpochs} epochs, so its windows are the last ones.";
        foreach (var cell in cells.Where(cell => !cell.Ending.Completed))
            yield return $"{cell.Cell.Label}: left out, {cell.Ending.Verdict}";
    }

    private static VarianceFlatnessCell Cell(Parameters parameters, int batchSize, double learningRate, int seed) => new()
    {
        Data = parameters.Text("data"),
        Network = Network(parameters).ToString(),
        Layer = parameters.Integer("layer"),
        Samples = parameters.Integer("samples"),
        BatchSize = batchSize,
        LearningRate = learningRate,
        Seed = seed,
        Standardised = false,
        Drawing = Drawing.WithoutReplacement,
        MaxEpochs = parameters.Integer("max-epochs"),
        WindowEpochs = parameters.Integer("window-epochs"),
        Modes = parameters.Integer("modes"),
        NullModes = parameters.Integer("null-modes"),
        MarginSamples = parameters.Integer("margin-samples"),
        KeepTrajectory = parameters.Flag("keep-trajectory"),
    };

    private static FullyConnected Network(Parameters parameters)
    {
        var network = FullyConnected.Parse(parameters.Text("network"));
        WeightSpace.Parse(network, parameters.Integer("layer").ToString());
        int least = CellMeasurement.Windows * parameters.Integer("window-epochs");
        return parameters.Integer("max-epochs") > least ? network
            : throw new InputException("--set", "max-epochs", $"{parameters.Integer("max-epochs")}", $"more than {least}, the epochs of {CellMeasurement.Windows} windows");
    }

    private static (int BatchSize, double LearningRate) ReferenceSetting(Parameters parameters)
    {
        var (batchSizes, rates) = (parameters.Integers("batch-sizes"), parameters.Numbers("learning-rates"));
        return batchSizes.Contains(PublishedSetting.BatchSize) && rates.Contains(PublishedSetting.LearningRate)
            ? PublishedSetting
            : ((int)batchSizes[0], rates[0]);
    }

    /// <summary>The samples, prepared once for all cells of this process that need the same ones.</summary>
    private TrainingData Prepare(VarianceFlatnessCell cell, CellContext context)
    {
        string key = $"{cell.Data}/{cell.Samples}/{cell.Standardised}";
        lock (_dataLock)
        {
            if (_prepared.TryGetValue(key, out var ready))
                return ready;
            var data = Datasets.Load(cell.Data, context.DataRoot, context.Progress, context.Cancellation);
            var train = cell.Samples == 0 ? data.Train : data.Train.First(Math.Min(cell.Samples, data.Train.Count));
            var scaling = cell.Standardised ? PixelScaling.Standardised(train) : PixelScaling.Unit;
            return _prepared[key] = new(LabelledSamples.Of(train, scaling), LabelledSamples.Of(data.Test, scaling));
        }
    }
}
