using Talweg.Networks;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;
using Talweg.Training;

namespace Talweg.Studies.SgdNoise;

/// <summary>What drives the motion: the ensemble of minibatch losses, its temperature, and the layers' training signals.</summary>
/// <remarks>
/// Claims FT-11 to FT-14 of Feng and Tu (2020, 2021) along the modes of one network; the random-landscape theory with every term on a small
/// one; MU-1 of Musso (2020) on deeper ones.
/// </remarks>
public sealed class SgdNoiseStudy : IStudy<NoiseCell>
{
    private readonly StudySamples _samples = new();

    /// <inheritdoc/>
    public string Name => "sgd-noise";

    /// <inheritdoc/>
    public string Title => "What noise drives the weights, and how does it know the landscape?";

    /// <inheritdoc/>
    public Source Source => new("Feng and Tu; Musso", "How neural networks find generalizable solutions (2020); PNAS 118, e2015617118 (2021); Partial local entropy and anisotropy in deep weight spaces (2020)", "Figures 3 and 5; Figure 1");

    /// <inheritdoc/>
    public int Revision => 3;

    /// <inheritdoc/>
    public IReadOnlyList<string> Claims { get; } = ["FT-11", "FT-12", "FT-13", "FT-14", "MU-1"];

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters => StudyParameters.All;

    /// <inheritdoc/>
    public IReadOnlyList<Preset> Presets => StudyParameters.Presets;

    /// <inheritdoc/>
    public StudyData Data(Parameters parameters, DataContext context) => StudySamples.Find(parameters, context);

    /// <inheritdoc/>
    public IEnumerable<NoiseCell> Cells(Parameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Validate(parameters);
        var layers = parameters.Read("layers-network", FullyConnected.Parse);
        for (int seed = 1; seed <= parameters.Integer("seeds"); seed++)
        {
            var modes = Cell(parameters, seed);
            yield return modes;
            yield return modes with
            {
                Part = NoisePart.Theory,
                Network = Canonical(parameters.Text("theory-network")),
                Layer = 2,
                Samples = parameters.Integer("theory-samples"),
                Modes = parameters.Integer("theory-modes"),
                FewModes = 0,
                Times = 0,
            };
            foreach (var activation in new[] { Activation.Relu, Activation.Tanh })
            {
                yield return modes with
                {
                    Part = NoisePart.Layers,
                    Network = new FullyConnected(layers.Widths, layers.Bias, activation).ToString(),
                    Layer = 0,
                    MaxEpochs = parameters.Integer("layers-epochs"),
                    WindowEpochs = 0,
                    Windows = 0,
                    Modes = 0,
                    FewModes = 0,
                };
            }
        }
    }

    /// <inheritdoc/>
    public CellEnding Measure(NoiseCell cell, CellContext context)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(context);
        TorchThreads.One();
        var trained = TrainedCell.Train(cell, context, _samples.Prepare(cell.Data, cell.Samples, context));
        if (trained.Run.Ending == Ending.Diverged || trained.Run.OnlyGuesses)
            return CellEnding.Failed(trained.Run.Verdict);
        switch (cell.Part)
        {
            case NoisePart.Modes:
                new ModesMeasurement(trained).Run();
                break;
            case NoisePart.Theory:
                TheoryMeasurement.Run(trained);
                break;
            default:
                LayersMeasurement.Run(trained);
                break;
        }

        return CellEnding.Measured(trained.Run.Verdict);
    }

    /// <inheritdoc/>
    public Conclusion Conclude(Parameters parameters, StudyData data, IReadOnlyList<FinishedCell<NoiseCell>> cells)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(cells);
        var completed = cells.Where(cell => cell.Ending.Completed).ToLookup(cell => cell.Cell.Part);
        MeasuredModes[] modes = [.. completed[NoisePart.Modes].Select(MeasuredModes.Read)];
        MeasuredTheory[] theory = [.. completed[NoisePart.Theory].Select(MeasuredTheory.Read)];
        LayerCooling[] layers = [.. completed[NoisePart.Layers].Select(LayerCooling.Read)];
        Finding[] ofModes = modes.Length == 0 ? [] : [
            EnsembleFindings.RandomLandscape(modes, theory), VelocityFindings.Of(modes), EnsembleFindings.Diffusion(modes, theory), TemperatureFindings.Of(modes),
        ];
        Finding[] ofLayers = layers.Length == 0 ? [] : [LayerFindings.Of(layers)];
        return new()
        {
            Findings = [.. ofModes.Concat(ofLayers).Select(finding => finding with { Demonstration = data.Drawn })],
            Headline = ofModes.Length == 0 ? "" : Headline(ofModes),
            Figures = [.. modes.Take(1).SelectMany(StudyFigures.OfModes), .. layers.DistinctBy(cell => cell.Activation).Select(StudyFigures.OfLayers)],
            Notes = [.. Notes(cells)],
        };
    }

    private static string Headline(Finding[] findings)
    {
        string Value(string id, int measurement)
        {
            var found = findings.Single(finding => finding.Id == id).Measurements[measurement];
            var (value, interval) = NumberText.Of(found.Value, found.Interval);
            return $"{value} {interval}";
        }

        return $"Minibatch curvatures go as F to the power {Value("FT-11", 0)} (published: −2); the noise strength goes as F^−χ with χ = {Value("FT-12", 0)}, its correlation time as F^−ξ with ξ = {Value("FT-12", 1)}.";
    }

    private static IEnumerable<string> Notes(IReadOnlyList<FinishedCell<NoiseCell>> cells)
    {
        if (!cells.Any(cell => cell.Ending.Completed))
            yield return "No cell was measured, so nothing can be concluded: see the cells' verdicts.";
        if (cells.Select(cell => cell.Cell.Seed).Distinct().Count() < CellValues.FewestSeeds)
            yield return "Fewer than three seeds: intervals are over modes or times of one cell, whose spread is not that between runs.";
        foreach (var cell in cells.Where(cell => cell.Ending.Completed && cell.Cell.WindowEpochs > 0 && !cell.Ending.Verdict.StartsWith("zero", StringComparison.Ordinal)))
            yield return $"{cell.Cell.Label}: {cell.Ending.Verdict}; its windows are the last ones, not those after zero training error.";
        foreach (var cell in cells.Where(cell => !cell.Ending.Completed))
            yield return $"{cell.Cell.Label}: left out, {cell.Ending.Verdict}";
    }

    private static void Validate(Parameters parameters)
    {
        var network = parameters.Read("network", FullyConnected.Parse);
        if (parameters.Integer("layer") > network.Layers)
            throw new InputException("--set", "layer", $"{parameters.Integer("layer")}", $"1 to {network.Layers}, the layers of {network}");
        var small = parameters.Read("theory-network", FullyConnected.Parse);
        if (small.Layers < 2)
            throw new InputException("--set", "theory-network", $"{small}", "a network of at least two layers, the second of which is studied");
        int least = parameters.Integer("windows") * parameters.Integer("window-epochs");
        if (parameters.Integer("max-epochs") <= least)
            throw new InputException("--set", "max-epochs", $"{parameters.Integer("max-epochs")}", $"more than {least}, the epochs of {parameters.Integer("windows")} windows");
    }

    private static NoiseCell Cell(Parameters parameters, int seed) => new()
    {
        Part = NoisePart.Modes,
        Data = parameters.Text("data"),
        Network = Canonical(parameters.Text("network")),
        Layer = parameters.Integer("layer"),
        Samples = parameters.Integer("samples"),
        BatchSize = parameters.Integer("batch-size"),
        LearningRate = parameters.Number("learning-rate"),
        Seed = seed,
        MaxEpochs = parameters.Integer("max-epochs"),
        WindowEpochs = parameters.Integer("window-epochs"),
        Windows = parameters.Integer("windows"),
        Modes = parameters.Integer("modes"),
        FewModes = parameters.Integer("few-modes"),
        Times = parameters.Integer("times"),
    };

    private static string Canonical(string network) => FullyConnected.Parse(network).ToString();
}
