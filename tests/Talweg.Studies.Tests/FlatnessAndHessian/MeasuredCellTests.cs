using Talweg.Studies.FlatnessAndHessian;

namespace Talweg.Studies.Tests.FlatnessAndHessian;

/// <summary>What follows from a cell's table, on a table made up by hand.</summary>
public sealed class MeasuredCellTests
{
    private const double Loss = 0.02, Norm = 5, LargestEigenvalue = 3;

    /// <summary>2(e − 1)·0.02/(10·5)².</summary>
    private static readonly double Vanishing = 2 * (Math.E - 1) * 0.02 / 2500;

    [Fact]
    public void Curvature_vanishes_up_to_where_the_search_ends_and_is_negative_beyond_rounding()
    {
        var cell = Cell();
        Assert.Equal(Vanishing, cell.Result.Vanishing, 1e-18);
        // A parabola of that curvature reaches e·L₀ at ten norms, where the search ends.
        Assert.Equal(20 * Norm, cell.Parabola(Vanishing), 1e-9);
        foreach (var (curvature, flat, negative) in new[]
        {
            (1.001 * Vanishing, false, false), (0.999 * Vanishing, true, false), (0, true, false), (-0.999e-12 * LargestEigenvalue, true, false),
            (-1.001e-12 * LargestEigenvalue, true, true), (-0.5 * Vanishing, true, true), (-1, true, true),
        })
        {
            var row = Row("bottom", 1, curvature, 1);
            Assert.Equal((flat, negative), (cell.IsFlat(row), cell.IsNegative(row)));
        }
    }

    /// <summary>Each prediction is the width at which its own curve reaches e·L₀.</summary>
    [Theory]
    [InlineData(0.3, 0)]
    [InlineData(2, 0.05)]
    [InlineData(2, -0.05)]
    public void Predictions_are_where_their_curves_reach_the_level(double curvature, double slope)
    {
        var (cell, row) = (Cell(), Row("mode", 2, curvature, 1) with { Slope = slope });
        double half = cell.Parabola(row) / 2;
        Assert.Equal(Math.E * Loss, Loss + curvature * half * half / 2, 1e-12);
        double logHalf = cell.LogParabola(row) / 2;
        Assert.Equal(1, curvature * logHalf * logHalf / (2 * Loss), 1e-12);       // ln L = ln L₀ + λθ²/(2L₀)
        double middle = -slope / curvature, tilted = cell.ParabolaWithSlope(row) / 2;
        foreach (double at in (double[])[middle - tilted, middle + tilted])
            Assert.Equal(Math.E * Loss, Loss + slope * at + curvature * at * at / 2, 1e-12);
        Assert.Equal(cell.Parabola(row), cell.Parabola(curvature));
        Assert.Equal(cell.LogParabola(row), cell.LogParabola(curvature));
    }

    [Fact]
    public void Modes_are_those_from_the_second_on_and_few_those_up_to_200()
    {
        var cell = Cell([.. Enumerable.Range(1, 203).Select(rank => Row("mode", rank, 1, 1)), Row("top", 2, 1, 1), Row("flat", 2, 1, 1)]);
        Assert.Equal(Enumerable.Range(2, 202), cell.Modes.Select(row => row.Rank));
        Assert.Equal(Enumerable.Range(2, 199), cell.FewModes.Select(row => row.Rank));
        Assert.Equal(2, cell.Of("top").Single().Rank);
    }

    [Fact]
    public void The_rank_correlation_is_over_directions_with_F()
    {
        DirectionRow[] rows = [Row("mode", 2, 3, 1), Row("mode", 3, 0.5, 2), Row("mode", 4, 1, 4), Row("mode", 5, -1, 8), Row("mode", 6, 100, null)];
        var found = MeasuredCell.Rank(rows);
        Assert.Equal(Naive.Spearman([1, 2, 4, 8], [3, 0.5, 1, -1]), found.Value, 1e-12);
        Assert.Equal(-0.8, found.Value, 1e-12);                                   // 1 − 6 Σd²/(n(n² − 1)) = 1 − 6·18/60
        Assert.Equal("4 directions", found.Over);
        Assert.NotNull(found.Interval);
        Assert.Equal(double.NaN, MeasuredCell.Rank(rows[3..]).Value);
        Assert.True(double.IsFinite(MeasuredCell.Rank(rows[1..]).Value));
    }

    /// <summary>Only directions with F and a positive curvature have a prediction.</summary>
    [Fact]
    public void What_a_prediction_explains_is_about_the_mean_of_the_logarithms()
    {
        DirectionRow[] rows = [Row("mode", 2, 3, 1), Row("mode", 3, 0.5, 2), Row("mode", 4, 1, 5), Row("mode", 5, -1, 8), Row("mode", 6, 100, null), Row("mode", 7, 0.2, 7)];
        double[] found = [.. new[] { 1.0, 2, 5, 7 }.Select(f => Math.Log(f))], predicted = [.. new[] { 3, 0.5, 1, 0.2 }.Select(c => Math.Log(1 / c + 1))];
        double mean = found.Average();
        double expected = 1 - found.Zip(predicted, (f, p) => (f - p) * (f - p)).Sum() / found.Sum(f => (f - mean) * (f - mean));
        Assert.Equal(expected, MeasuredCell.Explained(rows, row => 1 / row.Curvature + 1), 1e-12);
        Assert.Equal(double.NaN, MeasuredCell.Explained(rows[2..], row => 1 / row.Curvature));
        Assert.True(double.IsFinite(MeasuredCell.Explained(rows[1..], row => 1 / row.Curvature)));

        double[] ratios = [1 / (1 / 3.0 + 1), 2 / 3.0, 5 / 2.0, 7 / 6.0];
        Assert.Equal((ratios.Order().ElementAt(1) + ratios.Order().ElementAt(2)) / 2, MeasuredCell.MedianRatio(rows, row => 1 / row.Curvature + 1), 1e-12);
        Assert.Equal(ratios[1..].Order().ElementAt(1), MeasuredCell.MedianRatio(rows[1..], row => 1 / row.Curvature + 1), 1e-12);
        Assert.Equal(double.NaN, MeasuredCell.MedianRatio(rows[3..5], row => row.Curvature));
    }

    private static MeasuredCell Cell(params DirectionRow[] rows) => new(
        new()
        {
            Data = "none",
            Network = "fc:3-3-3-3",
            Layer = 2,
            Samples = 0,
            BatchSize = 1,
            LearningRate = 0.1,
            Seed = 1,
            MaxEpochs = 2,
            WindowEpochs = 1,
            Modes = 0,
            Eigenpairs = 1,
            RandomDirections = 1,
        },
        new()
        {
            ZeroErrorEpoch = 1,
            Iterations = 10,
            Loss = Loss,
            Norm = Norm,
            Spectrum = [LargestEigenvalue, 1, -1],
            LanczosValues = [LargestEigenvalue],
            LanczosResiduals = [0],
            LanczosProducts = 3,
            LanczosEnding = "Converged",
            Overlap = 1,
            RandomOverlap = 0,
        },
        rows);

    private static DirectionRow Row(string kind, int rank, double curvature, double? width) => new()
    {
        Kind = kind,
        Rank = rank,
        Variance = null,
        Curvature = curvature,
        Slope = 0,
        Left = -0.25 * width,
        Right = 0.75 * width,
        FitRSquared = null,
    };
}
