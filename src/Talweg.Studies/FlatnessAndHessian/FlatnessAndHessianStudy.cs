using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;

namespace Talweg.Studies.FlatnessAndHessian;

/// <summary>Flatness against the Hessian along SGD's modes, the Hessian's own eigenvectors, and directions of vanishing or negative curvature: Feng and Tu (2021).</summary>
/// <remarks>
/// Claim FT-10. With ReLU one layer's Hessian has no negative eigenvalue, since the loss is convex in the layer's pre-activations but for kinks, which the
/// Hessian does not see; so the same network is trained with tanh too.
/// </remarks>
public sealed class FlatnessAndHessianStudy : IStudy<HessianCell>
{
    private readonly StudySamples _samples = new();

    /// <inheritdoc/>
    public string Name => "flatness-and-hessian";

    /// <inheritdoc/>
    public string Title => "Is flatness the Hessian's curvature?";

    /// <inheritdoc/>
    public Source Source => new("Feng and Tu", "PNAS 118, e2015617118 (2021)", "the discussion of flatness and the Hessian");

    /// <inheritdoc/>
    public int Revision => 1;

    /// <inheritdoc/>
    public IReadOnlyList<string> Claims { get; } = ["FT-10"];

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters => StudyParameters.All;

    /// <inheritdoc/>
    public IReadOnlyList<Preset> Presets => StudyParameters.Presets;

    /// <inheritdoc/>
    public StudyData Data(Parameters parameters, DataContext context) => StudySamples.Find(parameters, context);

    /// <inheritdoc/>
    public IEnumerable<HessianCell> Cells(Parameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var network = parameters.Read("network", FullyConnected.Parse);
        var space = parameters.Read("layer", text => WeightSpace.Parse(network, text));
        if (space.Dimension > HessianMatrix.LargestDimension)
            throw new InputException("--set", "layer", $"{parameters.Integer("layer")}, of {space.Dimension} weights", $"a layer of at most {HessianMatrix.LargestDimension} weights, whose Hessian can be written out");
        foreach (var (activation, seeds) in new[] { (Activation.Relu, parameters.Integer("seeds")), (Activation.Tanh, parameters.Integer("tanh-seeds")) })
        {
            for (int seed = 1; seed <= seeds; seed++)
            {
                yield return new()
                {
                    Data = parameters.Text("data"),
                    Network = new FullyConnected(network.Widths, network.Bias, activation).ToString(),
                    Layer = parameters.Integer("layer"),
                    Samples = parameters.Integer("samples"),
                    BatchSize = parameters.Integer("batch-size"),
                    LearningRate = parameters.Number("learning-rate"),
                    Seed = seed,
                    MaxEpochs = parameters.Integer("max-epochs"),
                    WindowEpochs = parameters.Integer("window-epochs"),
                    Modes = parameters.Integer("modes"),
                    Eigenpairs = parameters.Integer("eigenpairs"),
                    RandomDirections = parameters.Integer("random-directions"),
                };
            }
        }
    }

    /// <inheritdoc/>
    public CellEnding Measure(HessianCell cell, CellContext context)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(context);
        TorchThreads.One();
        return new CellMeasurement(cell, context, _samples.Prepare(cell.Data, cell.Samples, context)).Run();
    }

    /// <inheritdoc/>
    public Conclusion Conclude(Parameters parameters, StudyData data, IReadOnlyList<FinishedCell<HessianCell>> cells)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(cells);
        MeasuredCell[] measured = [.. cells.Where(cell => cell.Ending.Completed).Select(MeasuredCell.Read)];
        Finding[] findings = measured.Length == 0 ? [] : [.. StudyFindings.Of(measured).Select(finding => finding with { Demonstration = data.Drawn })];
        return new()
        {
            Findings = findings,
            Headline = findings.Length == 0 ? "" : Headline(findings),
            Figures = [.. StudyFigures.Of(measured)],
            Notes = [.. findings.Length == 0 ? ["No cell was measured, so nothing can be concluded: see the cells' verdicts."] : Array.Empty<string>(), .. Notes(measured, cells)],
        };
    }

    private static string Headline(Finding[] findings)
    {
        string Text(Measurement measurement)
        {
            var (value, interval) = NumberText.Of(measurement.Value, measurement.HasInterval ? measurement.Interval : null);
            return $"{value} {interval}";
        }

        var relation = findings[1].Measurements;
        return $"F where curvature vanishes or is negative: {findings[0].VerdictText}. Over SGD's modes ρ(F, pᵀHp) = {Text(relation[0])}, and the Hessian's parabola explains {Text(relation[1])} of the variance of ln F.";
    }

    private static IEnumerable<string> Notes(MeasuredCell[] measured, IReadOnlyList<FinishedCell<HessianCell>> cells)
    {
        if (measured.GroupBy(cell => cell.Cell.Activation).Any(group => group.Count() < CellValues.FewestSeeds))
            yield return "Where there are fewer than three seeds, intervals are over the directions of one run, whose spread is not that between runs.";
        if (measured.Any(cell => cell.Cell.Activation == "ReLU"))
            yield return "With ReLU the Hessian of one layer has no negative eigenvalue but for rounding: the loss is convex in the layer's pre-activations between kinks, and the Hessian does not see kinks.";
        foreach (var cell in measured.Where(cell => cell.Result.ZeroErrorEpoch is null))
            yield return $"{cell.Cell.Label}: training error never reached zero within {cell.Cell.MaxEpochs} epochs, so the window is the last epochs.";
        foreach (var cell in cells.Where(cell => !cell.Ending.Completed))
            yield return $"{cell.Cell.Label}: left out, {cell.Ending.Verdict}";
    }
}
