using Talweg.Studies.EffectiveDimensions;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.EffectiveDimensions;

public sealed class DimensionFindingsTests : IDisposable
{
    private static readonly int[] Widths = [20, 50, 100, 200];

    private readonly TemporaryFolder _folder = new();
    private readonly EffectiveDimensionStudy _study = new();

    public void Dispose() => _folder.Dispose();

    private Conclusion Conclude(params FinishedCell<DimensionCell>[] cells) => _study.Conclude(Parameters.Resolve(_study, "quick", []), new("synthetic", "c0ffee", false), cells);

    /// <summary>As many modes with F &lt; ‖w₀‖ = 1 and with 90% of the variance as asked for, of 400; the nulls likewise.</summary>
    private FinishedCell<DimensionCell> Cell(int width, int seed, int sharp, int moving, int nullSharp, int nullMoving, int? zeroErrorEpoch = 10)
    {
        var cell = new DimensionCell
        {
            Data = "synthetic",
            Width = width,
            Samples = 0,
            BatchSize = 50,
            LearningRate = 0.1,
            Seed = seed,
            MaxEpochs = 100,
            WindowEpochs = 10,
            RecordEvery = 1,
            AllModes = 400,
            SampledModes = 2,
        };
        string folder = Directory.CreateDirectory(_folder.File($"{width}-{seed}-{Guid.NewGuid()}")).FullName;
        double? F(int rank, int narrow) => rank <= narrow ? 0.5 : rank % 2 == 0 ? 2 : null;
        RowTable.Write(Path.Combine(folder, CellMeasurement.ModesFile), [.. Enumerable.Range(1, 400).Select(i => new ModeRow
        {
            Rank = i, Variance = Variance(i, moving), Measured = 1, Flatness = F(i, sharp),
        })]);
        RowTable.Write(Path.Combine(folder, CellMeasurement.NullsFile), [.. NullWindows.Names.SelectMany(name => Enumerable.Range(1, 400).Select(i => new SurrogateRow
        {
            Surrogate = name, Rank = i, Variance = Variance(i, nullMoving), Measured = 1, Flatness = F(i, nullSharp),
        }))]);
        new CellResult
        {
            ZeroErrorEpoch = zeroErrorEpoch,
            Epochs = 20,
            TestError = 0.02,
            Rows = 400,
            LossAtOrigin = 1e-3,
            Norm = 1,
            ThinnedLearningDimension90 = moving,
            ThinnedLearningDimension99 = 300,
        }.Write(Path.Combine(folder, CellResult.FileName));
        return new(cell, folder, CellEnding.Measured());
    }

    /// <summary>Alike up to the mode that brings the sum to exactly 0.9 of it, and so small beyond that 99% takes twice as many.</summary>
    private static double Variance(int rank, int moving) => rank <= moving ? 0.9 / moving : rank <= 2 * moving ? 0.095 / moving : 0.005 / (400 - 2 * moving);

    private FinishedCell<DimensionCell>[] Cells(int seeds, Func<int, int, int> sharp, Func<int, int> moving, Func<int, int> nullSharp, Func<int, int> nullMoving) => [
        .. Enumerable.Range(1, seeds).SelectMany(seed => Widths.Select(width => Cell(width, seed, sharp(width, seed), moving(width), nullSharp(width), nullMoving(width)))),
    ];

    [Fact]
    public void Constant_dimensions_hold_where_the_nulls_grow()
    {
        var finding = Conclude(Cells(3, (_, seed) => 30 + seed, _ => 40, width => width / 2, width => width / 4 + 2)).Findings.Single();
        Assert.Equal(("FT-22", "holds"), (finding.Id, finding.VerdictText));
        Assert.Equal(["slope of D_s", "slope of D_L at 90%", "slope of D_L at 99%"], finding.Measurements.Select(measurement => measurement.Name));
        Assert.All(finding.Measurements, measurement => Assert.Equal(0, measurement.Value, 1e-12));
        Assert.Equal(1, finding.Measurements[0].Nulls[0].Value, 1e-12);
        Assert.Equal("3 seeds", finding.Measurements[0].IntervalOver);
        Assert.Contains("slope of D_s: no null surrogate is nearly constant.", finding.Notes);
        Assert.Contains(finding.Notes, note => note.StartsWith("Width 50, N = 2500: D_s 32 (1.28% of N; 184 of 400 modes measured have an open side and do not count), D_L 40 at 90% and 78 at 99%, without mode 1 ", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_null_gives_too_is_undecided()
    {
        var finding = Conclude(Cells(3, (_, seed) => 30 + seed, _ => 40, width => width / 2, _ => 6)).Findings.Single();
        Assert.Equal("undecided (the null gives it too)", finding.VerdictText);
        Assert.Contains("slope of D_L at 90%: nearly constant for the isotropic walk and the epoch-balanced walk and the shuffled steps too, so that by itself it says nothing about the solution.", finding.Notes);
    }

    [Fact]
    public void Growing_dimensions_fail()
    {
        var finding = Conclude(Cells(3, (width, seed) => width / 2 + seed, _ => 40, width => width / 2, width => width / 4 + 2)).Findings.Single();
        Assert.Equal("fails (slope of D_s lies outside its band)", finding.VerdictText);
    }

    [Fact]
    public void One_seed_has_the_interval_of_its_line_and_two_widths_have_none()
    {
        var conclusion = Conclude(Cells(1, (width, _) => 30 + width % 7, _ => 40, width => width / 2, width => width / 4 + 2));
        Assert.Equal("4 widths, one cell", conclusion.Findings.Single().Measurements[0].IntervalOver);
        Assert.Contains(conclusion.Notes, note => note.StartsWith("Fewer than three seeds", StringComparison.Ordinal));
        var two = Conclude(Cell(20, 1, 5, 5, 5, 5), Cell(50, 1, 5, 5, 5, 5));
        Assert.Equal("undecided (no interval for slope of D_s)", two.Findings.Single().VerdictText);
        Assert.All(two.Figures, figure => figure.Save(_folder.Path));
    }

    [Fact]
    public void No_sharp_mode_leaves_the_slope_open()
    {
        var finding = Conclude(Cells(3, (_, _) => 0, _ => 40, width => width / 2, width => width / 4 + 2)).Findings.Single();
        Assert.True(double.IsNaN(finding.Measurements[0].Value));
        Assert.Equal(Verdict.Undecided, finding.Verdict);
    }

    [Fact]
    public void An_unbounded_count_decides_nothing()
    {
        var finding = Conclude(Cells(3, (_, _) => 400, _ => 40, width => width / 2, width => width / 4 + 2)).Findings.Single();
        Assert.True(double.IsNaN(finding.Measurements[0].Value));
        Assert.Equal(Verdict.Undecided, finding.Verdict);
    }

    [Fact]
    public void A_cell_without_a_measured_mode_is_refused_by_name()
    {
        var cell = Cell(20, 1, 5, 5, 5, 5);
        RowTable.Write(Path.Combine(cell.Folder, CellMeasurement.ModesFile), [new ModeRow { Rank = 1, Variance = 0, Measured = 0, Flatness = null }]);
        var refused = Assert.Throws<InputException>(() => Conclude(cell));
        Assert.Equal("width 20, seed 1: modes: found none that has a direction, expected at least one: where nothing moves there is no D_s; remove the cell's folder to measure it anew", refused.Message);
    }

    [Fact]
    public void What_went_otherwise_is_said()
    {
        var failed = Cell(20, 2, 5, 5, 5, 5) with { Ending = CellEnding.Failed("diverged") };
        var conclusion = Conclude(Cell(20, 1, 400, 40, 5, 5, zeroErrorEpoch: null), Cell(50, 1, 400, 40, 5, 5), failed);
        Assert.Contains("width 20, seed 1: training error never reached zero within 100 epochs, so its window is the last one.", conclusion.Notes);
        Assert.Contains("width 20, seed 2: left out, diverged", conclusion.Notes);
        Assert.Contains(conclusion.Findings.Single().Notes, note => note.StartsWith("Width 20, N = 400: D_s 400 (100% of N;", StringComparison.Ordinal));   // there are no more
        Assert.Contains(conclusion.Findings.Single().Notes, note => note.StartsWith("Width 50, N = 2500: D_s 400, or more: the last mode measured is sharp", StringComparison.Ordinal));
        Assert.Empty(Conclude(failed).Findings);
    }
}
