using Talweg.Statistics;
using Talweg.Studies.Findings;

namespace Talweg.Studies.SgdNoise;

/// <summary>MU-1: layer temperatures during training.</summary>
internal static class LayerFindings
{
    public static Finding Of(IReadOnlyList<LayerCooling> cells) => new()
    {
        Id = "MU-1",
        Claim = "Every layer's training signal passes through three regimes: signal-dominated, noise-dominated, and a sub-exponential decay common to all layers.",
        Estimator = "Signal s_I: mean over minibatches of the mean |∂L^μ/∂w| of layer I; deviation: its standard deviation over minibatches, at fixed weights. Mean over layers of ln(signal/deviation) before the signal's maximum, and after the change point of ln s against ln t; there, of signal and deviation, the spread of the layers' exponents over their mean, and the decay rate of the later half over that of the earlier half, and both rates, since a ratio forgets their signs. A maximum or a change point at the edge of the times measured decides nothing. The bands are ours.",
        Published = "three regimes, common sub-exponential decay",
        Measurements = [.. cells.GroupBy(cell => cell.Activation).SelectMany(group => Measure(group.Key, [.. group]))],
        Notes = [.. cells.Select(Times)],
    };

    private static IEnumerable<Measurement> Measure(string activation, IReadOnlyList<LayerCooling> cells)
    {
        yield return Measure($"early ln(signal/deviation), {activation}", Bands.SignalDominates, cells, cell => cell.EarlyRatio, cell => cell.MaximumIsAtEdge);
        yield return Late($"late ln(signal/deviation), {activation}", Bands.NoiseDominates, cells, cell => cell.LateRatio);
        foreach (var (what, of) in new (string, Func<SignalRow, double>)[] { ("signal", row => row.Signal), ("deviation", row => row.Deviation) })
        {
            yield return Late($"spread of late exponents of the {what}, {activation}", Bands.Common, cells, cell => cell.ExponentSpread(of));
            yield return Late($"late rate/earlier rate of the {what}, {activation}", Bands.SubExponential, cells, cell => cell.RateRatio(of));
            yield return Late($"earlier rate of the {what}, {activation}", Bands.Decays, cells, cell => cell.EarlierRate(of));
            yield return Late($"late rate of the {what}, {activation}", Bands.Decays, cells, cell => cell.LaterRate(of));
        }
    }

    /// <summary>What is measured after the change point, which is looked for after the maximum.</summary>
    private static Measurement Late(string name, Band band, IReadOnlyList<LayerCooling> cells, Func<LayerCooling, Estimate> of) =>
        Measure(name, band, cells, of, cell => cell.MaximumIsAtEdge || cell.ChangeIsAtEdge);

    private static Measurement Measure(string name, Band band, IReadOnlyList<LayerCooling> cells, Func<LayerCooling, Estimate> of, Func<LayerCooling, bool> isAtEdge)
    {
        var measured = CellValues.Measure(name, band, cells, of);
        return cells.Take(cells.Count >= CellValues.FewestSeeds ? cells.Count : 1).Any(isAtEdge) ? measured with { UndecidedBecause = "in a cell the maximum or the change point lies at the edge of the times measured" } : measured;
    }

    private static string Times(LayerCooling cell) =>
        $"{cell.Cell.Label}: the signal is greatest at update {cell.MaximumAt}; "
        + (cell.NoiseFrom is { } noise ? $"it lies below its deviation from update {noise}" : "it never lies below its deviation")
        + $"; change point {(cell.Change is { } change ? $"at update {NumberText.Of(Math.Round(change))}" : "not found, too few times")}; "
        + $"late exponents of the layers {(cell.LateExponents is { Length: > 0 } exponents ? string.Join(", ", exponents.Select(NumberText.Of)) : "not measured")}.";
}
