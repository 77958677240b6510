using Talweg.Networks;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;

namespace Talweg.Studies.EinsteinRelation;

/// <summary>What constant isotropic noise makes of the landscape on which SGD shows the inverse relation: Feng and Tu (2021).</summary>
/// <remarks>Claims FT-20, a positive control by Langevin dynamics, and FT-21, gradient descent with other noises than SGD's.</remarks>
public sealed class EinsteinRelationStudy : IStudy<EinsteinCell>
{
    private static readonly EinsteinTask[] Variants =
        [EinsteinTask.Descent, EinsteinTask.ConstantNoise, EinsteinTask.FollowingNoise, EinsteinTask.FlatnessNoise, EinsteinTask.Sgd];

    private readonly StudySamples _samples = new();

    /// <inheritdoc/>
    public string Name => "einstein-relation";

    /// <inheritdoc/>
    public string Title => "Does constant noise turn the inverse variance–flatness relation round?";

    /// <inheritdoc/>
    public Source Source => new("Feng and Tu", "PNAS 118, e2015617118 (2021); How neural networks find generalizable solutions (2020)", "the discussion of the Einstein relation, and of noise that detects flatness");

    /// <inheritdoc/>
    public int Revision => 3;

    /// <inheritdoc/>
    public IReadOnlyList<string> Claims { get; } = ["FT-20", "FT-21"];

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters => StudyParameters.All;

    /// <inheritdoc/>
    public IReadOnlyList<Preset> Presets => StudyParameters.Presets;

    /// <inheritdoc/>
    public StudyData Data(Parameters parameters, DataContext context) => StudySamples.Find(parameters, context);

    /// <inheritdoc/>
    public IEnumerable<EinsteinCell> Cells(Parameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        for (int seed = 1; seed <= parameters.Integer("control-seeds"); seed++)
        {
            yield return Cell(parameters, EinsteinTask.Control, seed) with
            {
                MaxEpochs = parameters.Integer("max-epochs"),
                WindowEpochs = parameters.Integer("window-epochs"),
                Directions = parameters.Integer("directions"),
                Steps = parameters.Integer("steps"),
            };
        }

        for (int seed = 1; seed <= parameters.Integer("variant-seeds"); seed++)
        {
            foreach (var task in Variants)
            {
                yield return Cell(parameters, task, seed) with
                {
                    Updates = parameters.Integer("updates"),
                    RefreshEvery = task is EinsteinTask.ConstantNoise or EinsteinTask.FollowingNoise or EinsteinTask.FlatnessNoise ? parameters.Integer("refresh-every") : 0,
                    NoiseDirections = task == EinsteinTask.FlatnessNoise ? parameters.Integer("noise-directions") : 0,
                };
            }
        }
    }

    /// <inheritdoc/>
    public CellEnding Measure(EinsteinCell cell, CellContext context)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(context);
        TorchThreads.One();
        var data = _samples.Prepare(cell.Data, cell.Samples, context);
        return cell.Task == EinsteinTask.Control ? new ControlMeasurement(cell, context, data).Run() : new VariantMeasurement(cell, context, data).Run();
    }

    /// <inheritdoc/>
    public Conclusion Conclude(Parameters parameters, StudyData data, IReadOnlyList<FinishedCell<EinsteinCell>> cells)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(cells);
        var measured = cells.Where(cell => cell.Ending.Completed).ToArray();
        MeasuredControl[] controls = [.. measured.Where(cell => cell.Cell.Task == EinsteinTask.Control).Select(MeasuredControl.Read)];
        MeasuredVariant[] variants = [.. measured.Where(cell => cell.Cell.Task != EinsteinTask.Control).Select(MeasuredVariant.Read)];
        var findings = new List<Finding>();
        if (controls.Length > 0)
            findings.Add(ControlFindings.Of(controls));
        if (variants.Length > 0)
            findings.Add(VariantFindings.Of(variants));
        return new()
        {
            Findings = [.. findings.Select(finding => finding with { Demonstration = data.Drawn })],
            Headline = controls.Length == 0 ? "" : Headline(findings[0] with { Demonstration = data.Drawn }),
            Figures = [.. StudyFigures.Of(controls, variants)],
            Notes = [.. findings.Count == 0 ? ["No cell was measured, so nothing can be concluded: see the cells' verdicts."] : Array.Empty<string>(), .. Notes(controls, cells)],
        };
    }

    private static string Headline(Finding finding)
    {
        string Text(Measurement measurement)
        {
            var (value, interval) = NumberText.Of(measurement.Value, measurement.HasInterval ? measurement.Interval : null);
            return $"{value} {interval}";
        }

        return $"σ² ~ F^k with k = {Text(finding.Measurements[0])} under constant temperature and {Text(finding.Measurements[1])} under SGD (published: 2, and negative): {finding.VerdictText}.";
    }

    private static IEnumerable<string> Notes(MeasuredControl[] controls, IReadOnlyList<FinishedCell<EinsteinCell>> cells)
    {
        if (controls.Length is 1 or 2)
            yield return "FT-20 speaks of one solution: fewer than three seeds, so its intervals are over the modes and time blocks of one run, whose spread is not that between runs.";
        foreach (var cell in cells.Where(cell => !cell.Ending.Completed))
            yield return $"{cell.Cell.Label}: left out, {cell.Ending.Verdict}";
    }

    private static EinsteinCell Cell(Parameters parameters, EinsteinTask task, int seed)
    {
        var network = parameters.Read("network", FullyConnected.Parse);
        parameters.Read("layer", text => WeightSpace.Parse(network, text));
        int samples = parameters.Integer("samples");
        int batch = parameters.Integer("batch-size");
        if (samples % batch != 0)
            throw new InputException("--set", "batch-size", $"{batch}", $"a divisor of the {samples} training samples, so that all variants see the same ones");
        int perEpoch = samples / batch;
        if (parameters.Integer("updates") % perEpoch != 0)
            throw new InputException("--set", "updates", $"{parameters.Integer("updates")}", $"a multiple of {perEpoch}, the updates of SGD's epoch");
        return new()
        {
            Task = task,
            Data = parameters.Text("data"),
            Network = network.ToString(),
            Layer = parameters.Integer("layer"),
            Samples = samples,
            BatchSize = batch,
            LearningRate = parameters.Number("learning-rate"),
            Seed = seed,
        };
    }
}
