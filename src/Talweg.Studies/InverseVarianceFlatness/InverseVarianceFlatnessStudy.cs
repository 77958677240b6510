using Talweg.Networks;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;
using Talweg.Training;

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

    private readonly StudySamples _samples = new();

    /// <inheritdoc/>
    public string Name => "inverse-variance-flatness";

    /// <inheritdoc/>
    public string Title => "Do the weights move least where the landscape is flattest?";

    /// <inheritdoc/>
    public Source Source => new("Feng and Tu", "PNAS 118, e2015617118 (2021); How neural networks find generalizable solutions (2020)", "Figures 1, 2, S1, S2");

    /// <inheritdoc/>
    public int Revision => 4;

    /// <inheritdoc/>
    public IReadOnlyList<string> Claims { get; } =
        ["FT-1", "FT-2", "FT-3", "FT-4", "FT-5", "FT-6", "FT-7", "FT-8", "FT-23", "FT-24", "TW-1", "TW-2", "TW-3", "TW-4", "TW-5"];

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters => StudyParameters.All;

    /// <inheritdoc/>
    public IReadOnlyList<Preset> Presets => StudyParameters.Presets;

    /// <inheritdoc/>
    public StudyData Data(Parameters parameters, DataContext context) => StudySamples.Find(parameters, context);

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
        TorchThreads.One();
        return new CellMeasurement(cell, context, _samples.Prepare(cell.Data, cell.Samples, context, cell.Standardised)).Run();
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
        Finding[] ordered = [.. findings.Select(finding => finding with { Demonstration = data.Drawn }).OrderBy(finding => Array.IndexOf([.. Claims], finding.Id))];
        return new()
        {
            Findings = ordered,
            Headline = Headline(ordered.Single(finding => finding.Id == "FT-8"), settings, reference),
            Figures = [.. StudyFigures.Of(reference, settings, [.. sensitivity.SelectMany(s => s.Variations)])],
            Notes = [.. Notes(reference, settings, cells)],
        };
    }

    /// <summary>"ψ = 4.034 [4.005, 4.068] at B = 50, α = 0.1 (published: about 4): holds; shared with shuffled steps (does not depend on the order of steps within an epoch)."</summary>
    private static string Headline(Finding relation, CellGroup[] settings, CellGroup reference)
    {
        var psi = relation.Measurements[Array.IndexOf(settings, reference)];
        if (double.IsNaN(psi.Value))
            return $"ψ is undefined at {reference.Label} (published: about 4): too few modes have a flatness and a variance.";
        var (value, interval) = NumberText.Of(psi.Value, psi.HasInterval ? psi.Interval : null);
        double[] all = [.. relation.Measurements.Select(measurement => measurement.Value).Where(double.IsFinite)];
        string range = settings.Length == 1 ? "" : $", from {NumberText.Of(all.Min())} to {NumberText.Of(all.Max())} over {settings.Length} settings";
        return $"ψ = {value} {interval} at {reference.Label}{range} (published: about 4): {relation.VerdictText}.";
    }

    private static IEnumerable<string> Notes(CellGroup reference, CellGroup[] settings, IReadOnlyList<FinishedCell<VarianceFlatnessCell>> cells)
    {
        yield return reference.HasSeeds
            ? $"Findings speak of {reference.Label}, {reference.Cells.Count} seeds, and of the middle of three windows; FT-8 of every setting."
            : $"Findings speak of {reference.First.Cell.Label} and of the middle of three windows. Fewer than three seeds: intervals are over three windows that follow one another in time, whose spread is not that between runs.";
        foreach (var cell in settings.SelectMany(group => group.Cells))
        {
            if (cell.Result.ZeroErrorEpoch is not { } zero)
                yield return $"{cell.Cell.Label}: training error never reached zero within {cell.Cell.MaxEpochs} epochs, so its windows are the last ones.";
            else if (cell.Result.Windows[0].FirstEpoch <= zero)
                yield return $"{cell.Cell.Label}: training error reached zero only at epoch {zero} of at most {cell.Cell.MaxEpochs}, so its windows are the last ones and begin before it.";
        }

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
        var network = parameters.Read("network", FullyConnected.Parse);
        parameters.Read("layer", text => WeightSpace.Parse(network, text));
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
}
