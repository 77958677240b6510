using Talweg.Statistics;
using Talweg.Studies.Findings;

namespace Talweg.Studies.SgdNoise;

/// <summary>FT-11 and FT-13: what the ensemble of minibatch losses looks like, and what the random-landscape theory makes of it.</summary>
internal static class EnsembleFindings
{
    public static Finding RandomLandscape(IReadOnlyList<MeasuredModes> cells, IReadOnlyList<MeasuredTheory> small) => new()
    {
        Id = "FT-11",
        Claim = "Minibatch losses are inverse Gaussians with random parameters; M⁽⁰⁾ ~ F⁻², σ̃ ~ F, and the theory predicts F.",
        Estimator = "Modes 2 to 200 of the middle window: least-squares exponents of the mean curvature M⁽⁰⁾ and of the deviation σ̃ of the minima against F; median of predicted over measured F; median R² of the minibatches' fits of ln L. The bands are ours.",
        Published = "M⁽⁰⁾ ~ F⁻², σ̃ ~ F",
        PublishedValue = -2,
        Measurements = [
            CellValues.Measure("exponent of M⁽⁰⁾ ~ F^x", Bands.CurvatureExponent, cells, CurvatureExponent),
            CellValues.Measure("exponent of σ̃ ~ F^x", Bands.MinimumExponent, cells, MinimumExponent),
            CellValues.Measure("predicted F/measured F", Bands.SameFlatness, cells, cell => Laws.Median(cell.Diffusive.Select(row => row.PredictedFlatness / row.Flatness), "modes")),
            CellValues.Measure("median R² of minibatch fits", Bands.Quadratic, cells, cell => Laws.Median(cell.Diffusive.Select(row => row.MedianRSquared), "modes")),
        ],
        Notes = [.. Notes(cells), .. small.Select(SmallNetwork)],
    };

    public static Finding Diffusion(IReadOnlyList<MeasuredModes> cells, IReadOnlyList<MeasuredTheory> small) => new()
    {
        Id = "FT-13",
        Claim = "Diffusion constants follow from the ensemble.",
        Estimator = "Modes 2 to 200 of the middle window: D = α²⟨(L₀^μ)²⟩M⁽⁰⁾²σ̃² (2020, Eq. 14) against ⟨v²⟩ of the recorded steps: median of the decimal logarithm of their ratio, and exponent of ⟨v²⟩ ~ D^x. The bands are ours.",
        Published = "agree in order and scaling",
        Measurements = [
            CellValues.Measure("log₁₀(predicted/measured)", Bands.SameOrder, cells, cell => Laws.Median(DiffusionPairs(cell).Select(pair => Log10Ratio(pair.X, pair.Y)), "modes")),
            CellValues.Measure("exponent of ⟨v²⟩ ~ D^x", Bands.SameScaling, cells, cell => Laws.Exponent(DiffusionPairs(cell))),
        ],
        Notes = [
            $"Not taking L₀^μ, M^μ and θ̃^μ for independent, α²⟨(L₀Mθ̃)²⟩ is {NumberText.Of(Average(cells, row => row.CorrelatedDiffusion / row.MeanFieldDiffusion))} times the product of means (median over modes).",
            $"At the same weights, without the window's motion, D is {NumberText.Of(CellValues.Mean(cells, cell => Laws.Median(AtOrigin(cell, row => row.PredictedDiffusion), "modes").Value))} times the measured 2αT(0), and α²⟨(L₀Mθ̃)²⟩ is {NumberText.Of(CellValues.Mean(cells, cell => Laws.Median(AtOrigin(cell, row => row.CorrelatedDiffusion), "modes").Value))} times (medians over modes): what L₀^μ, M^μ and θ̃^μ have to do with one another is what Eq. 14 misses there, and the loss that falls during the window hides it.",
            .. cells.Select(Drift),
            .. small.Select(SmallDiffusion),
        ],
    };

    /// <summary>Predicted D and measured ⟨v²⟩ of the diffusive modes.</summary>
    public static IEnumerable<(double? X, double? Y)> DiffusionPairs(MeasuredModes cell)
    {
        var measured = cell.MeanSquareVelocity;
        return cell.Diffusive.Select(row => (row.PredictedDiffusion, (double?)measured[row.Rank]));
    }

    /// <summary>A diffusion constant over 2αT(0), which is the variance of one step along the mode at the window's end.</summary>
    private static IEnumerable<double?> AtOrigin(MeasuredModes cell, Func<EnsembleRow, double?> constant)
    {
        var temperatures = cell.Temperatures.ToDictionary(row => row.Rank, row => row.Temperature);
        return cell.Diffusive.Select(row => constant(row) / (2 * cell.Cell.LearningRate * temperatures[row.Rank]));
    }

    private static Estimate CurvatureExponent(MeasuredModes cell) => Laws.Exponent(cell.Diffusive.Select(row => (row.Flatness, row.Curvature)));

    private static Estimate MinimumExponent(MeasuredModes cell) =>
        Laws.Exponent(cell.Diffusive.Select(row => (row.Flatness, row.MinimumVariance is { } variance ? (double?)Math.Sqrt(variance) : null)));

    private static IEnumerable<string> Notes(IReadOnlyList<MeasuredModes> cells)
    {
        foreach (var cell in cells)
        {
            var rows = cell.Diffusive.ToArray();
            double all = rows.Sum(row => (double)row.Minibatches);
            yield return $"{cell.Cell.Label}: without a minimum in the window {Percent(rows.Sum(row => row.Unbounded) / all)} of the minibatches, too steep for the fit {Percent(rows.Sum(row => row.TooSteep) / all)}; they are left out of the moments.";
        }

        yield return $"With σ_θ² as large as the minima allow, the predicted F is {NumberText.Of(Average(cells, row => row.PredictedFlatnessLow / row.Flatness))} of the measured one.";
        yield return $"Mean field takes L₀^μ, M^μ and θ̃^μ for independent; measured correlations (medians over modes): L₀ and M {NumberText.Of(Average(cells, row => row.LossCurvature))}, L₀ and θ̃ {NumberText.Of(Average(cells, row => row.LossMinimum))} (absolute {NumberText.Of(Average(cells, row => Magnitude(row.LossMinimum)))}), M and θ̃ {NumberText.Of(Average(cells, row => row.CurvatureMinimum))} (absolute {NumberText.Of(Average(cells, row => Magnitude(row.CurvatureMinimum)))}).";
        yield return $"Mean field takes them for normal; measured skewness and excess kurtosis (medians over modes): M {NumberText.Of(Average(cells, row => row.CurvatureSkewness))} and {NumberText.Of(Average(cells, row => row.CurvatureKurtosis))}, θ̃ {NumberText.Of(Average(cells, row => Magnitude(row.MinimumSkewness)))} (absolute) and {NumberText.Of(Average(cells, row => row.MinimumKurtosis))}.";
        yield return $"Over windows in time, mode by mode: exponents against F of M⁽⁰⁾ {NumberText.Of(CellValues.Mean(cells, cell => OverTime(cell, row => row.Curvature)))}, of σ̃ {NumberText.Of(CellValues.Mean(cells, cell => OverTime(cell, row => row.MinimumVariance) / 2))}, from {cells[0].Motion.Count} windows.";
    }

    private static string SmallNetwork(MeasuredTheory theory) =>
        $"{theory.Cell.Label}: with every term of M_ii from minibatch Hessians, predicted over measured F (median over modes; the exact curvature of ln L gives {Ratio(theory.Rows, row => row.ExactFlatness / row.Flatness)}) is "
        + string.Join(", ", theory.Spans.Select(span => $"{Ratio(span, row => row.PredictedFlatness / row.Flatness)} on {span.Key} modes ({Percent(WithoutMinimum(span))} of the minibatches without a minimum)")) + ".";

    private static string SmallDiffusion(MeasuredTheory theory) =>
        $"{theory.Cell.Label}: with the off-diagonal terms, predicted D over measured ⟨v²⟩ (median over modes; the gradients' own mean square gives {Ratio(theory.Rows, row => row.ExactDiffusion / row.MeanSquareVelocity)}) is "
        + string.Join(", ", theory.Spans.Select(span => $"{Ratio(span, row => row.PredictedDiffusion / row.MeanSquareVelocity)} on {span.Key} modes")) + ".";

    private static double WithoutMinimum(IEnumerable<TheoryRow> span) => span.First().WithoutMinimum / (double)span.First().Minibatches;

    /// <summary>The median over however few modes.</summary>
    private static string Ratio(IEnumerable<TheoryRow> rows, Func<TheoryRow, double?> ratio) =>
        NumberText.Of(MathNet.Numerics.Statistics.Statistics.Median(rows.Select(ratio).OfType<double>()));

    private static string Drift(MeasuredModes cell)
    {
        double? predicted = cell.Ensembles[cell.Middle].First(row => row.Rank == 1).PredictedDrift;
        double measured = cell.Motion[cell.Middle][0].MeanVelocity;
        return $"{cell.Cell.Label}: drift of mode 1 by Eq. 13 {NumberText.Of(predicted ?? double.NaN)} per iteration at the window's end, measured {NumberText.Of(measured)} over the window.";
    }

    private static double OverTime(MeasuredModes cell, Func<EnsembleRow, double?> value) =>
        Laws.Within(cell.Ensembles.SelectMany(window => window).Where(row => row.Rank is >= 2 and <= 200).GroupBy(row => row.Rank, row => (row.Flatness, value(row))));

    private static double Average(IReadOnlyList<MeasuredModes> cells, Func<EnsembleRow, double?> value) =>
        CellValues.Mean(cells, cell => Laws.Median(cell.Diffusive.Select(value), "modes").Value);

    private static double? Log10Ratio(double? predicted, double? measured) => predicted > 0 && measured > 0 ? Math.Log10(predicted.Value / measured.Value) : null;

    private static double? Magnitude(double? value) => value is { } number ? Math.Abs(number) : null;

    private static string Percent(double share) => $"{NumberText.Of(100 * share)}%";
}
