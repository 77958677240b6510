using Talweg.Statistics;
using Talweg.Studies.Findings;

namespace Talweg.Studies.SgdNoise;

/// <summary>FT-14: the active temperature over displacements, over modes and over training.</summary>
internal static class TemperatureFindings
{
    public static Finding Of(IReadOnlyList<MeasuredModes> cells) => new()
    {
        Id = "FT-14",
        Claim = "The active temperature has the shape of the loss, is inverse in flatness, and cools with the loss.",
        Estimator = "Spearman's correlation: of T(δθ) with L(δθ) over 21 displacements of twice the valley, median over modes 1, 2, 10, 30, 100; of T(0) with F over modes 2 to 200; of T(0) with L over training, along the middle window's modes, median over them, at times spread evenly over epochs and over ln update. The bands are ours.",
        Published = "same shape as L; inverse in F; cools with L",
        Measurements = [
            CellValues.Measure("Spearman(T(δθ), L(δθ))", Bands.SameShape, cells, Shape),
            CellValues.Measure("Spearman(T(0), F)", Bands.Inverse, cells, cell => Laws.Rank(AgainstFlatness(cell), "modes")),
            CellValues.Measure("Spearman(T(0), L) over epochs", Bands.SameShape, cells, cell => Cooling(cell, row => row.Epoch is not null)),
            CellValues.Measure("Spearman(T(0), L) over ln update", Bands.SameShape, cells, cell => Cooling(cell, row => row.Epoch is null)),
        ],
        Notes = [
            $"T(0) ~ F^x with x = {NumberText.Of(CellValues.Mean(cells, cell => Laws.Exponent(AgainstFlatness(cell)).Value))}.",
            $"Over epochs T(0) ~ L^x with x = {NumberText.Of(CellValues.Mean(cells, CoolingExponent))} (median over modes), from {cells[0].OverTraining.Where(row => row.Epoch is not null).Select(row => row.Epoch).Distinct().Count()} times. Over ln update half of the times lie within the first epoch, in which T first rises.",
            $"Δᵥ/(2αT(0)), median over modes: {NumberText.Of(CellValues.Mean(cells, VelocityRatio))}; both measure the gradients' variance, one over the window, the other at its end.",
            $"Standard error of T(0) over minibatches, median over modes: {NumberText.Of(100 * CellValues.Mean(cells, cell => Laws.Median(cell.Temperatures.Select(row => row.StandardError / row.Temperature), "modes").Value))}%.",
        ],
    };

    /// <summary>F and T(0) of modes 2 to 200.</summary>
    public static IEnumerable<(double? X, double? Y)> AgainstFlatness(MeasuredModes cell) =>
        cell.Temperatures.Where(row => row.Rank is >= 2 and <= 200).Select(row => (cell.Motion[cell.Middle][row.Rank - 1].Flatness, (double?)row.Temperature));

    /// <summary>The rows at the displacement nearest 0, a group a mode.</summary>
    public static IEnumerable<IGrouping<int, TemperatureRow>> AtOrigin(MeasuredModes cell, Func<TemperatureRow, bool> at) => cell.OverTraining
        .Where(at).GroupBy(row => (row.Rank, row.Iteration)).Select(group => group.MinBy(row => Math.Abs(row.Displacement))!)
        .GroupBy(row => row.Rank);

    private static Estimate Shape(MeasuredModes cell) => MedianOf(cell.TemperatureProfiles.GroupBy(row => row.Rank)
        .Select(group => Laws.Rank(group.Select(row => ((double?)row.Loss, (double?)row.Temperature)), "displacements")));

    private static Estimate Cooling(MeasuredModes cell, Func<TemperatureRow, bool> at) => MedianOf(AtOrigin(cell, at)
        .Select(group => Laws.Rank(group.Select(row => ((double?)row.Loss, (double?)row.Temperature)), "times")));

    private static double CoolingExponent(MeasuredModes cell) => MedianOf(AtOrigin(cell, row => row.Epoch is not null)
        .Select(group => Laws.Exponent(group.Select(row => ((double?)row.Loss, (double?)row.Temperature))))).Value;

    private static double VelocityRatio(MeasuredModes cell) => Laws.Median(
        cell.Temperatures.Select(row => (double?)(cell.Motion[cell.Middle][row.Rank - 1].VelocityVariance / (2 * cell.Cell.LearningRate * row.Temperature))), "modes").Value;

    /// <summary>The estimate whose value is the (lower) median, with its own interval.</summary>
    private static Estimate MedianOf(IEnumerable<Estimate> estimates)
    {
        Estimate[] ordered = [.. estimates.Where(estimate => double.IsFinite(estimate.Value)).OrderBy(estimate => estimate.Value)];
        return ordered.Length == 0 ? new(double.NaN, null, "") : ordered[(ordered.Length - 1) / 2];
    }
}
