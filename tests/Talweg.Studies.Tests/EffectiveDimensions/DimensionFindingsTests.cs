using Talweg.Studies.EffectiveDimensions;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.EffectiveDimensions;

public sealed class DimensionFindingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly EffectiveDimensionStudy _study = new();
    private readonly DimensionCells _cells;

    public DimensionFindingsTests() => _cells = new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    private Conclusion Conclude(params FinishedCell<DimensionCell>[] cells) => _study.Conclude(Parameters.Resolve(_study, "quick", []), new("synthetic", "c0ffee", false), cells);

    /// <summary>The same in all widths but the last, which has as many more as the seed's number.</summary>
    private static Func<int, int, int> Constant(int value) => (width, seed) => value + (width == 200 ? seed : 0);

    /// <summary>In proportion to the width, and a few more.</summary>
    private static Func<int, int, int> Growing(int divisor) => (width, seed) => width / divisor + seed;

    /// <summary>Of ln D on ln W, the mean over three seeds.</summary>
    private static double Slope(Func<int, int, int> dimension) => Enumerable.Range(1, 3).Average(seed =>
    {
        double[] x = [.. DimensionCells.Widths.Select(width => Math.Log(width))], y = [.. DimensionCells.Widths.Select(width => Math.Log(dimension(width, seed)))];
        return x.Zip(y, (a, b) => (a - x.Average()) * b).Sum() / x.Sum(a => (a - x.Average()) * (a - x.Average()));
    });

    [Fact]
    public void Constant_dimensions_hold_where_the_nulls_grow()
    {
        var finding = Conclude(_cells.Cells(3, Constant(30), Constant(40), Growing(2), Growing(4))).Findings.Single();
        Assert.Equal(("FT-22", "holds; distinct from the nulls"), (finding.Id, finding.VerdictText));
        Assert.Equal(["slope of D_s", "slope of D_L at 90%", "slope of D_L at 99%"], finding.Measurements.Select(measurement => measurement.Name));
        Assert.Equal(Slope(Constant(30)), finding.Measurements[0].Value, 1e-12);
        Assert.Equal(Slope(Constant(40)), finding.Measurements[1].Value, 1e-12);
        Assert.Equal(Slope(Growing(2)), finding.Measurements[0].Nulls[0].Value, 1e-12);
        Assert.Equal("3 seeds", finding.Measurements[0].Nulls[0].IntervalOver);
        Assert.Equal("3 seeds", finding.Measurements[0].IntervalOver);
        Assert.Contains("slope of D_s: no null surrogate is nearly constant.", finding.Notes);
        Assert.Contains(finding.Notes, note => note.StartsWith("Width 50, N = 2500: D_s 30 (1.20% of N; 185 of 400 modes measured have an open side and do not count), D_L 40 at 90% and 78 at 99%, without mode 1 ", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_null_gives_too_is_shared_with_it()
    {
        var finding = Conclude(_cells.Cells(3, Constant(30), Constant(40), Growing(2), Constant(6))).Findings.Single();
        Assert.Equal("holds; shared with isotropic walk, epoch-balanced walk and shuffled steps (an artefact of the analysis)", finding.VerdictText);
        Assert.Contains("slope of D_L at 90%: nearly constant for the isotropic walk and the epoch-balanced walk and the shuffled steps too, so that by itself it says nothing about the solution.", finding.Notes);
    }

    [Fact]
    public void Growing_dimensions_fail()
    {
        var finding = Conclude(_cells.Cells(3, Growing(2), Constant(40), Growing(2), Growing(4))).Findings.Single();
        Assert.Equal("fails (slope of D_s lies outside its band, 1 of 3 measurements); distinct from the nulls", finding.VerdictText);
    }

    [Fact]
    public void One_seed_has_the_interval_of_its_line_and_two_widths_have_none()
    {
        var conclusion = Conclude(_cells.Cells(1, (width, _) => 30 + width % 7, Constant(40), Growing(2), Growing(4)));
        Assert.Equal("4 widths, one cell", conclusion.Findings.Single().Measurements[0].IntervalOver);
        Assert.Contains(conclusion.Notes, note => note.StartsWith("Fewer than three seeds", StringComparison.Ordinal));
        var two = Conclude(_cells.Cell(20, 1, 5, 5, 5, 5), _cells.Cell(50, 1, 5, 5, 5, 5));
        Assert.Equal("undecided (no interval for slope of D_s); not told apart from isotropic walk, epoch-balanced walk and shuffled steps", two.Findings.Single().VerdictText);
        Assert.All(two.Figures, figure => figure.Save(_folder.Path));
    }

    [Fact]
    public void No_sharp_mode_leaves_the_slope_open()
    {
        var finding = Conclude(_cells.Cells(3, (_, _) => 0, Constant(40), Growing(2), Growing(4))).Findings.Single();
        Assert.True(double.IsNaN(finding.Measurements[0].Value));
        Assert.Equal(Verdict.Undecided, finding.Verdict);
    }

    [Fact]
    public void An_unbounded_count_decides_nothing()
    {
        var finding = Conclude(_cells.Cells(3, (_, _) => 400, Constant(40), Growing(2), Growing(4))).Findings.Single();
        Assert.True(double.IsNaN(finding.Measurements[0].Value));
        Assert.Equal(Verdict.Undecided, finding.Verdict);
    }

    [Fact]
    public void A_cell_without_a_measured_mode_is_refused_by_name()
    {
        var cell = _cells.Cell(20, 1, 5, 5, 5, 5);
        RowTable.Write(Path.Combine(cell.Folder, CellMeasurement.ModesFile), [new ModeRow { Rank = 1, Variance = 0, Measured = 0, Flatness = null }]);
        var refused = Assert.Throws<InputException>(() => Conclude(cell));
        Assert.Equal("width 20, seed 1: modes: found none that has a direction, expected at least one: where nothing moves there is no D_s; remove the cell's folder to measure it anew", refused.Message);
    }

    [Fact]
    public void What_went_otherwise_is_said()
    {
        var failed = _cells.Cell(20, 2, 5, 5, 5, 5) with { Ending = CellEnding.Failed("diverged") };
        var conclusion = Conclude(_cells.Cell(20, 1, 400, 40, 5, 5, zeroErrorEpoch: null), _cells.Cell(50, 1, 400, 40, 5, 5), failed);
        Assert.Contains("width 20, seed 1: training error never reached zero within 100 epochs, so its window is the last one.", conclusion.Notes);
        Assert.Contains("width 20, seed 2: left out, diverged", conclusion.Notes);
        Assert.Contains(conclusion.Findings.Single().Notes, note => note.StartsWith("Width 20, N = 400: D_s 400 (100% of N;", StringComparison.Ordinal));   // there are no more
        Assert.Contains(conclusion.Findings.Single().Notes, note => note.StartsWith("Width 50, N = 2500: D_s 400, or more: the last mode measured is sharp", StringComparison.Ordinal));
        Assert.Empty(Conclude(failed).Findings);
    }
}
