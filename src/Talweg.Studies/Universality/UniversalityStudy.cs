using Talweg.Studies.Findings;
using Talweg.Studies.Running;

namespace Talweg.Studies.Universality;

/// <summary>The inverse variance–flatness relation in every layer of other networks, under other optimizers and on other data: Feng and Tu (2020), Figure S3.</summary>
/// <remarks>Claim FT-9. Each cell trains one network to zero training error and two windows beyond, and measures its layers one by one.</remarks>
public sealed class UniversalityStudy : IStudy<UniversalityCell>
{
    private readonly StudySamples _samples = new();

    /// <inheritdoc/>
    public string Name => "universality";

    /// <inheritdoc/>
    public string Title => "Is the inverse variance–flatness relation the same in other layers, networks and optimizers?";

    /// <inheritdoc/>
    public Source Source => new("Feng and Tu", "How neural networks find generalizable solutions (2020); PNAS 118, e2015617118 (2021)", "Figure S3; Figure S10");

    /// <inheritdoc/>
    public int Revision => 2;

    /// <inheritdoc/>
    public IReadOnlyList<string> Claims { get; } = ["FT-9"];

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
        if (!UniversalityCase.Parse(parameters.Text("cases")).Any(wanted => wanted.InColour) || !SecondData.IsAtHand(colour, context.DataRoot))
            return data;
        return SecondData.Join(data, colour, context);
    }

    /// <inheritdoc/>
    public IEnumerable<UniversalityCell> Cells(Parameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        int least = CellMeasurement.Windows * parameters.Integer("window-epochs");
        if (parameters.Integer("max-epochs") <= least)
            throw new InputException("--set", "max-epochs", $"{parameters.Integer("max-epochs")}", $"more than {least}, the epochs of {CellMeasurement.Windows} windows");
        return from wanted in UniversalityCase.Parse(parameters.Text("cases"))
               from seed in Enumerable.Range(1, parameters.Integer("seeds"))
               select Cell(parameters, wanted, seed);
    }

    /// <inheritdoc/>
    public CellEnding Measure(UniversalityCell cell, CellContext context)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(context);
        if (cell.Definition.InColour && !SecondData.IsAtHand(cell.Data, context.DataRoot))
            return CellEnding.Failed(SecondData.Missing(cell.Data));
        TorchThreads.One();
        return new CellMeasurement(cell, context, _samples.Prepare(cell.Data, cell.Samples, context)).Run();
    }

    /// <inheritdoc/>
    public Conclusion Conclude(Parameters parameters, StudyData data, IReadOnlyList<FinishedCell<UniversalityCell>> cells)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(cells);
        LayerGroup[] groups =
        [
            .. cells.Where(cell => cell.Ending.Completed).SelectMany(MeasuredLayer.Read)
                .GroupBy(layer => (layer.Cell.Case, layer.Layer.Layer)).Select(group => new LayerGroup([.. group])),
        ];
        if (groups.Length == 0)
            return new() { Findings = [], Notes = ["No cell was measured, so nothing can be concluded.", .. LeftOut(cells)] };
        var finding = Universal(groups) with { Demonstration = data.Drawn };
        return new()
        {
            Findings = [finding],
            Headline = Headline(finding),
            Figures = StudyFigures.Of(groups),
            Notes = [.. Notes(groups), .. LeftOut(cells)],
        };
    }

    private static UniversalityCell Cell(Parameters parameters, UniversalityCase wanted, int seed) => new()
    {
        Case = wanted.Name,
        Data = parameters.Text(wanted.InColour ? "colour-data" : "data"),
        Network = wanted.Network,
        Optimizer = wanted.Optimizer,
        Layers = wanted.Layers,
        Samples = parameters.Integer(wanted.IsConvolutional ? "image-samples" : "samples"),
        LandscapeSamples = wanted.IsConvolutional ? parameters.Integer("landscape-samples") : 0,
        BatchSize = parameters.Integer("batch-size"),
        Seed = seed,
        MaxEpochs = parameters.Integer("max-epochs"),
        WindowEpochs = parameters.Integer("window-epochs"),
        Modes = parameters.Integer("modes"),
        Ranks = wanted.IsConvolutional ? parameters.Integer("image-ranks") : parameters.Integer("modes"),
        NullRanks = parameters.Integer("null-ranks"),
        Rows = parameters.Integer("rows"),
        KeepTrajectory = parameters.Flag("keep-trajectory"),
    };

    private static Finding Universal(LayerGroup[] groups)
    {
        Measurement[] measurements = [.. groups.Select(group => group.RankCorrelation)];
        return new()
        {
            Id = "FT-9",
            Claim = "The inverse variance–flatness relation is universal: it holds in every layer, for other networks, data and optimizers.",
            Estimator = "Spearman's correlation of σ²ᵢ and Fᵢ over the measured modes, 2 ≤ i ≤ 200; one measurement per layer of each case.",
            Published = "negative everywhere",
            Settings = true,
            Measurements = measurements,
            Notes = [.. groups.Select(group => group.Statement), .. NullNotes.Of(Evidence.Of(measurements, settings: true), NullNotes.RandomDirections)],
        };
    }

    /// <summary>"Spearman(σ², F) from −0.99 to −0.41 over 13 layers of 5 networks (published: negative everywhere): holds."</summary>
    private static string Headline(Finding finding)
    {
        double[] values = [.. finding.Measurements.Select(measurement => measurement.Value).Where(double.IsFinite)];
        return values.Length == 0
            ? "Too few modes have a flatness, so the relation is undefined everywhere."
            : $"Spearman(σ², F) from {NumberText.Of(values.Min())} to {NumberText.Of(values.Max())} over {values.Length} layers (published: negative everywhere): {finding.VerdictText}.";
    }

    private static IEnumerable<string> Notes(LayerGroup[] groups)
    {
        string[] weak = [.. groups.Where(group => !group.IsStrong).Select(group => group.Name)];
        yield return weak.Length == 0
            ? $"In every layer the interval lies below {NumberText.Of(LayerGroup.Weak)}: nowhere does the relation weaken."
            : $"The relation weakens (the interval reaches above {NumberText.Of(LayerGroup.Weak)}) or fails in {string.Join("; ", weak)}.";
        int laws = groups.Count(group => group.Exponent is not null);
        yield return $"A power law fits (R² of at least {NumberText.Of(LayerGroup.FitsFrom)} in logarithms) in {laws} of {groups.Length} layers.";
        if (groups.Any(group => group.Seeds.Count < CellValues.FewestSeeds))
            yield return "Fewer than three seeds: intervals are Fisher's over the modes of one run, not those between runs; neighbouring modes are not independent.";
        foreach (var layer in groups.SelectMany(group => group.Seeds).DistinctBy(layer => (layer.Cell.Case, layer.Cell.Seed)))
        {
            if (layer.Result.ZeroErrorEpoch is not { } zero)
                yield return $"{layer.Cell.Label}: training error never reached zero within {layer.Cell.MaxEpochs} epochs, so its windows are the last ones.";
            else if (layer.Result.FirstEpoch <= zero)
                yield return $"{layer.Cell.Label}: training error reached zero only at epoch {zero} of at most {layer.Cell.MaxEpochs}, so its windows are the last ones and begin before it.";
        }

        foreach (var layer in groups.Select(group => group.First).Where(layer => layer.Layer.Stride > 1))
            yield return $"{layer.Name}: of the window one iteration in {layer.Layer.Stride} is kept, for the layer is wide; its surrogates' steps are as long.";
        foreach (var layer in groups.Select(group => group.First).Where(layer => layer.Cell.LandscapeSamples > 0).DistinctBy(layer => layer.Cell.Case))
            yield return $"{layer.Cell.Definition.Label}: the landscape is the mean loss of the first {layer.Cell.LandscapeSamples} training samples.";
    }

    private static IEnumerable<string> LeftOut(IReadOnlyList<FinishedCell<UniversalityCell>> cells) =>
        cells.Where(cell => !cell.Ending.Completed).Select(cell => $"{cell.Cell.Label}: left out, {cell.Ending.Verdict}");
}
