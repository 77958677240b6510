using Talweg.Studies.Findings;
using Talweg.Studies.Running;

namespace Talweg.Studies.EffectiveDimensions;

/// <summary>How many directions of a wide layer matter, and how many move: Feng and Tu (2021), Fig. 6.</summary>
/// <remarks>Claim FT-22. A cell is one width and one seed of the network 784–W–W–10, whose middle layer of W² weights is studied.</remarks>
public sealed class EffectiveDimensionStudy : IStudy<DimensionCell>
{
    private readonly StudySamples _samples = new();

    /// <inheritdoc/>
    public string Name => "effective-dimension";

    /// <inheritdoc/>
    public string Title => "Do solutions stay simple as networks grow?";

    /// <inheritdoc/>
    public Source Source => new("Feng and Tu", "PNAS 118, e2015617118 (2021)", "Figure 6");

    /// <inheritdoc/>
    public int Revision => 2;

    /// <inheritdoc/>
    public IReadOnlyList<string> Claims { get; } = ["FT-22"];

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters => StudyParameters.All;

    /// <inheritdoc/>
    public IReadOnlyList<Preset> Presets => StudyParameters.Presets;

    /// <inheritdoc/>
    public StudyData Data(Parameters parameters, DataContext context) => StudySamples.Find(parameters, context);

    /// <inheritdoc/>
    public IEnumerable<DimensionCell> Cells(Parameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Integer("max-epochs") <= parameters.Integer("window-epochs"))
            throw new InputException("--set", "max-epochs", $"{parameters.Integer("max-epochs")}", $"more than {parameters.Integer("window-epochs")}, the epochs of the window");
        return Enumerable.Range(1, parameters.Integer("seeds")).SelectMany(seed => parameters.Integers("widths").Select(width => Cell(parameters, (int)width, seed)));
    }

    /// <inheritdoc/>
    public CellEnding Measure(DimensionCell cell, CellContext context)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(context);
        TorchThreads.One();
        return new CellMeasurement(cell, context, _samples.Prepare(cell.Data, cell.Samples, context)).Run();
    }

    /// <inheritdoc/>
    public Conclusion Conclude(Parameters parameters, StudyData data, IReadOnlyList<FinishedCell<DimensionCell>> cells)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(cells);
        MeasuredCell[] measured = [.. cells.Where(cell => cell.Ending.Completed).Select(MeasuredCell.Read)];
        if (measured.Length == 0)
            return new() { Findings = [], Notes = ["No cell was measured, so nothing can be concluded: see the cells' verdicts."] };
        var finding = DimensionFindings.Of(measured) with { Demonstration = data.Drawn };
        return new() { Findings = [finding], Headline = Headline(finding), Figures = [.. StudyFigures.Of(measured)], Notes = [.. Notes(measured, cells)] };
    }

    private static string Headline(Finding finding)
    {
        string Text(int measurement)
        {
            var found = finding.Measurements[measurement];
            var (value, interval) = NumberText.Of(found.Value, found.HasInterval ? found.Interval : null);
            return $"{value} {interval}";
        }

        return $"D_s goes as W to the power {Text(0)}, D_L at 90% to the power {Text(1)} (published: nearly constant): {finding.VerdictText}.";
    }

    private static IEnumerable<string> Notes(MeasuredCell[] measured, IReadOnlyList<FinishedCell<DimensionCell>> cells)
    {
        int every = measured[0].Cell.RecordEvery;
        if (every > 1)
            yield return $"Trajectories are thinned: every {every} iterations one is recorded. A variance is a mean over iterations, so thinning leaves it unbiased; what it does to D_L is measured by leaving out every second row again.";
        if (measured.Select(cell => cell.Cell.Seed).Distinct().Count() < CellValues.FewestSeeds)
            yield return "Fewer than three seeds: intervals are those of a line through the widths of one seed, whose spread is not that between runs.";
        foreach (var cell in measured.Where(cell => cell.Result.ZeroErrorEpoch is null))
            yield return $"{cell.Cell.Label}: training error never reached zero within {cell.Cell.MaxEpochs} epochs, so its window is the last one.";
        foreach (var cell in cells.Where(cell => !cell.Ending.Completed))
            yield return $"{cell.Cell.Label}: left out, {cell.Ending.Verdict}";
    }

    private static DimensionCell Cell(Parameters parameters, int width, int seed) => new()
    {
        Data = parameters.Text("data"),
        Width = width,
        Samples = parameters.Integer("samples"),
        BatchSize = parameters.Integer("batch-size"),
        LearningRate = parameters.Number("learning-rate"),
        Seed = seed,
        MaxEpochs = parameters.Integer("max-epochs"),
        WindowEpochs = parameters.Integer("window-epochs"),
        RecordEvery = parameters.Integer("record-every"),
        AllModes = parameters.Integer("all-modes"),
        SampledModes = parameters.Integer("sampled-modes"),
    };
}
