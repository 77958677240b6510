using Talweg.Statistics;
using Talweg.Studies.Findings;
using Talweg.Studies.InverseVarianceFlatness;
using Talweg.Studies.Running;
using Talweg.Training;

namespace Talweg.Studies.Tests.InverseVarianceFlatness;

/// <summary>Every measurement of the findings, from tables of three cells whose columns are random numbers of their own, computed anew by plain loops.</summary>
public sealed class FindingNumbersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly InverseVarianceFlatnessStudy _study = new();
    private readonly MeasuredCell[] _cells = [.. Enumerable.Range(1, 3).Select(seed => Rough(seed))];
    private readonly MeasuredCell[] _standardised = [.. Enumerable.Range(1, 3).Select(seed => Rough(seed, 10) is var cell ? cell with { Cell = cell.Cell with { Standardised = true } } : null!)];
    private readonly MeasuredCell[] _replaced = [.. Enumerable.Range(1, 3).Select(seed => Rough(seed, 20) is var cell ? cell with { Cell = cell.Cell with { Drawing = Drawing.WithReplacement } } : null!)];
    private readonly Conclusion _conclusion;

    public FindingNumbersTests() => _conclusion = _study.Conclude(
        Parameters.Resolve(_study, "quick", []), new("synthetic", "c0ffee", false), [.. new[] { _cells, _standardised, _replaced }.SelectMany(cells => cells).Select(cell => Synthetic.Write(_folder.Path, cell))]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Spectra_FT_2_and_FT_3()
    {
        Check("FT-2", 0, table => Gamma(table.Variance), table => Gamma(HeldOut(table)), walk => Gamma(walk.Variance));
        Check("FT-2", 1, table => table.Variance[0] / table.Variance[1], table => HeldOut(table)[0] / HeldOut(table)[1], walk => walk.Variance[0] / walk.Variance[1]);
        Check("FT-3", 0, table => Naive.LeadingShare(table.Variance[1..], 0.9), null, walk => Naive.LeadingShare(walk.Variance[1..], 0.9));

        static double Gamma(double[] variances) => -Naive.Exponent([.. Enumerable.Range(21, 179).Select(rank => (double)rank)], variances[20..199]);
        static double[] HeldOut(ModeTable table) => [.. table.HeldOutVariance.OfType<double>()];
    }

    [Fact]
    public void Drift_FT_4()
    {
        Check("FT-4", 0, table => table.Straightness[0]!.Value, table => table.HeldOutStraightness[0]!.Value, walk => walk.Straightness[0]!.Value);
        Check("FT-4", 1, table => table.Persistence[0]!.Value, table => table.HeldOutPersistence[0]!.Value, walk => walk.Persistence[0]!.Value);
        Check("FT-4", 2, table => Middle(table.Persistence), table => Middle(table.HeldOutPersistence), walk => Middle(walk.Persistence));
    }

    [Fact]
    public void Growth_FT_5()
    {
        string[] names = ["|cos(p₁, w₀)|", "median R² of ΔY(θ₁)", "β"];
        var found = Finding("FT-5").Measurements;
        Assert.Equal(names, found.Select(m => m.Name));
        Equal(_cells.Average(cell => cell.Result.Windows[1].Alignment!.Value), found[0].Value);
        Equal(_cells.Average(cell => cell.Result.Windows[1].DriftMode.MedianMarginRSquared), found[1].Value);
        Equal(_cells.Average(cell => cell.Result.Windows[1].DriftMode.Beta), found[2].Value);
        Assert.StartsWith($"Margins grow along p₁ for {NumberText.Of(_cells.Average(cell => 100 * cell.Result.Windows[1].DriftMode.GrowingMargins))}% of the samples; R² of the fit of ln L is {NumberText.Of(_cells.Average(cell => cell.Result.Windows[1].DriftMode.FitRSquared))}.", Finding("FT-5").Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Parabolas_FT_6()
    {
        Check("FT-6", 0, table => Middle(table.FitRSquared), null, null);
        double ratio = _cells.Average(cell => Naive.Median(Enumerable.Range(1, 199)
            .Where(i => cell.Modes.FitFlatness[i] is not null && cell.Modes.Flatness[i] is not null).Select(i => cell.Modes.FitFlatness[i]!.Value / cell.Modes.Flatness[i]!.Value)));
        Assert.Contains($"Median ratio of the fit's flatness to the width's, modes 2 to 200: {NumberText.Of(ratio)}.", Finding("FT-6").Notes);
        Assert.Equal(LeftOut(), Measurement("FT-6", 0).LeftOut);
    }

    [Fact]
    public void Ranks_FT_7()
    {
        Check("FT-7", 0,
            table => Correlation(table.Flatness, i => i),
            table => Correlation(table.Flatness, i => -table.HeldOutVariance[i]!.Value),
            walk => Correlation(walk.Flatness, i => i));
        Assert.Equal(LeftOut(), Measurement("FT-7", 0).LeftOut);

        static double Correlation(double?[] flatness, Func<int, double> order)
        {
            int[] modes = [.. Enumerable.Range(1, 199).Where(i => flatness[i] is not null)];
            return Naive.Spearman([.. modes.Select(order)], [.. modes.Select(i => flatness[i]!.Value)]);
        }
    }

    [Fact]
    public void The_relation_FT_8_and_its_level_FT_23()
    {
        Check("FT-8", 0, table => Psi(table.Flatness, table.Variance), table => Psi(table.Flatness, [.. table.HeldOutVariance.Select(v => v ?? 0)]), walk => Psi(walk.Flatness, walk.Variance));
        Assert.Equal(LeftOut(), Measurement("FT-8", 0).LeftOut);
        Equal(_cells.Average(cell => Psi(cell.Modes.FlatnessAtLevel2, cell.Modes.Variance) - Psi(cell.Modes.Flatness, cell.Modes.Variance)), Measurement("FT-23", 0).Value);
        string spread = NumberText.Of(_cells.Average(cell => Deviation([.. cell.Modes.Flatness.Take(200).Skip(1).OfType<double>().Select(f => Math.Log(f))])));
        Assert.Contains(Finding("FT-8").Notes, note => note.StartsWith($"Standard deviation of ln F at B = 50, α = 0.1: {spread} over the modes;", StringComparison.Ordinal));

        static double Deviation(double[] values) => Math.Sqrt(values.Sum(v => Math.Pow(v - values.Average(), 2)) / (values.Length - 1));
    }

    /// <summary>Epochs in which mode 1 goes back have no logarithm; they are left out and counted.</summary>
    [Fact]
    public void Slowing_down_FT_24()
    {
        double expected = _cells.Average(cell =>
        {
            EpochDrift[] forward = [.. cell.Result.Drift.Where(drift => drift.Velocity > 0)];
            return Naive.Exponent([.. forward.Select(drift => drift.Loss)], [.. forward.Select(drift => drift.Velocity)]);
        });
        Equal(expected, Measurement("FT-24", 0).Value);
        int back = _cells.Sum(cell => cell.Result.Drift.Count(drift => drift.Velocity <= 0));
        Assert.InRange(back, 3, 20);
        Assert.Equal((back, "epochs in which mode 1 moved backwards"), (Measurement("FT-24", 0).LeftOut, Measurement("FT-24", 0).LeftOutReason));
    }

    [Fact]
    public void What_psi_depends_on_TW_1_to_TW_5()
    {
        Shift("TW-1", "change of ψ, modes 20–200", cell => Psi(cell.Modes.Flatness, cell.Modes.Variance, 20, 200));
        Shift("TW-1", "change of ψ, modes 2–1000", cell => Psi(cell.Modes.Flatness, cell.Modes.Variance, 2, 400));        // 400 are measured
        Shift("TW-1", "change of ψ, Theil–Sen", cell => Pairs(cell.Modes));
        Shift("TW-2", "change of ψ, mean weights", cell => Psi(cell.Modes.FlatnessAroundMean, cell.Modes.Variance));
        Shift("TW-3", "change of ψ, window starts 1 window earlier", cell => Psi(cell.Windows[0].Flatness, cell.Windows[0].Variance));
        Shift("TW-3", "change of ψ, window starts 1 window later", cell => Psi(cell.Windows[2].Flatness, cell.Windows[2].Variance));
        Shift("TW-4", "change of ψ, standardised inputs", cell => Of(_standardised[cell.Cell.Seed - 1]));
        Shift("TW-5", "change of ψ, with replacement", cell => Of(_replaced[cell.Cell.Seed - 1]));

        void Shift(string id, string name, Func<MeasuredCell, double> varied) =>
            Equal(_cells.Average(cell => varied(cell) - Of(cell)), Finding(id).Measurements.Single(m => m.Name == name).Value);

        static double Of(MeasuredCell cell) => Psi(cell.Modes.Flatness, cell.Modes.Variance);

        static double Pairs(ModeTable table)
        {
            (double X, double Y)[] points = [.. Enumerable.Range(1, 199).Where(i => table.Flatness[i] is not null).Select(i => (Math.Log(table.Flatness[i]!.Value), Math.Log(table.Variance[i])))];
            return -Naive.Median(points.SelectMany((a, i) => points.Skip(i + 1).Select(b => (b.Y - a.Y) / (b.X - a.X))));
        }
    }

    /// <summary>A variant without its twin of the same seed has nothing to be compared with.</summary>
    [Fact]
    public void Variants_are_compared_with_the_cell_of_their_seed()
    {
        var conclusion = _study.Conclude(Parameters.Resolve(_study, "quick", []), new("synthetic", "c0ffee", false), [.. _cells.Skip(1).Concat(_standardised).Select(cell => Synthetic.Write(_folder.Path, cell))]);
        var shift = conclusion.Findings.Single(finding => finding.Id == "TW-4").Measurements.Single();
        Equal(Psi(_standardised[1].Modes.Flatness, _standardised[1].Modes.Variance) - Psi(_cells[1].Modes.Flatness, _cells[1].Modes.Variance), shift.Value);
    }

    /// <summary>With one cell: Student's over ten tenths of the samples, and that of a line through 26 epochs (quantiles from tables).</summary>
    [Fact]
    public void One_cell_s_intervals_are_over_tenths_of_the_samples_and_over_epochs()
    {
        var conclusion = Alone();
        double[] tenths = [.. _cells[0].Window.DriftMode.BetaOfTenths];
        double error = Math.Sqrt(tenths.Sum(beta => Math.Pow(beta - tenths.Average(), 2)) / 9 / 10);
        Interval(conclusion, "FT-5", "β", _cells[0].Window.DriftMode.Beta, tenths.Average(), 2.2621571628 * error);
        EpochDrift[] forward = [.. _cells[0].Result.Drift.Where(drift => drift.Velocity > 0)];
        double[] loss = [.. forward.Select(drift => drift.Loss)], velocity = [.. forward.Select(drift => drift.Velocity)];
        Assert.Equal(26, forward.Length);
        double exponent = Naive.Exponent(loss, velocity);
        Interval(conclusion, "FT-24", "exponent of v₁ ~ L^k", exponent, exponent, 2.0638985616 * Naive.ExponentError(loss, velocity));
    }

    /// <summary>With one cell: the jackknife over blocks of 20 ranks from the second on, ten of them up to mode 200 and twenty up to the last measured, 400.</summary>
    [Theory]
    [InlineData("FT-23", "ψ(2) − ψ(e)", 10, 2.2621571628)]
    [InlineData("TW-1", "change of ψ, modes 20–200", 10, 2.2621571628)]
    [InlineData("TW-1", "change of ψ, modes 2–1000", 20, 2.0930240544)]
    [InlineData("TW-2", "change of ψ, mean weights", 10, 2.2621571628)]
    [InlineData("TW-3", "change of ψ, window starts 1 window earlier", 10, 2.2621571628)]
    [InlineData("TW-3", "change of ψ, window starts 1 window later", 10, 2.2621571628)]
    public void One_cell_s_intervals_of_a_change_leave_out_blocks_of_modes(string id, string name, int blocks, double quantile)
    {
        double[] without = [.. Enumerable.Range(0, blocks).Select(block => Change(i => i >= 1 && (i - 1) / 20 == block))];
        double error = Math.Sqrt((blocks - 1.0) / blocks * without.Sum(value => Math.Pow(value - without.Average(), 2)));
        double all = Change(_ => false);
        Interval(Alone(), id, name, all, all, quantile * error);

        double Change(Func<int, bool> left)
        {
            var (windows, reference) = (_cells[0].Windows, Of(_cells[0].Modes, table => table.Flatness));
            return name switch
            {
                "ψ(2) − ψ(e)" => Of(windows[1], table => table.FlatnessAtLevel2) - reference,
                "change of ψ, modes 20–200" => Of(windows[1], table => table.Flatness, 20) - reference,
                "change of ψ, modes 2–1000" => Of(windows[1], table => table.Flatness, 2, 400) - reference,
                "change of ψ, mean weights" => Of(windows[1], table => table.FlatnessAroundMean) - reference,
                "change of ψ, window starts 1 window earlier" => Of(windows[0], table => table.Flatness) - reference,
                _ => Of(windows[2], table => table.Flatness) - reference,
            };

            double Of(ModeTable table, Func<ModeTable, double?[]> flatness, int first = 2, int last = 200) => Psi([.. flatness(table).Select((f, i) => left(i) ? null : f)], table.Variance, first, last);
        }
    }

    [Fact]
    public void The_widest_range_of_modes_ends_with_mode_1000()
    {
        var table = Synthetic.Modes(count: 1005, measured: 1005, noise: 0.3);
        double expected = Psi(table.Flatness, table.Variance, 2, 1000) - Psi(table.Flatness, table.Variance);
        Assert.NotEqual(Psi(table.Flatness, table.Variance, 2, 1001) - Psi(table.Flatness, table.Variance), expected, 1e-6);
        Equal(expected, Of(Synthetic.Measured(Synthetic.Cell(), table)).Findings.Single(finding => finding.Id == "TW-1").Measurements.Single(m => m.Name == "change of ψ, modes 2–1000").Value);
    }

    [Fact]
    public void Four_modes_with_F_have_a_rank_correlation_in_the_next_window_and_three_have_none()
    {
        var four = HeldOut(4);
        double[] flatness = [.. four.Table.Flatness.Skip(1).Take(4).Select(f => f!.Value)];
        Equal(Naive.Spearman([.. four.Table.HeldOutVariance.Skip(1).Take(4).Select(v => -v!.Value)], flatness), four.Found!.Value);
        Assert.Equal(double.NaN, HeldOut(3).Found);

        (ModeTable Table, double? Found) HeldOut(int modes)
        {
            var table = Synthetic.Modes(noise: 0.5);
            double?[] few = [.. table.Flatness.Select((f, i) => i >= 1 && i <= modes ? f : null)];
            table = table with { Flatness = few };
            return (table, Of(Synthetic.Measured(Synthetic.Cell(), table)).Findings.Single(finding => finding.Id == "FT-7").Measurements.Single().HeldOut);
        }
    }

    private Conclusion Alone() => Of(_cells[0]);

    private Conclusion Of(MeasuredCell cell) => _study.Conclude(Parameters.Resolve(_study, "quick", []), new("synthetic", "c0ffee", false), [Synthetic.Write(_folder.Path, cell)]);

    private static void Interval(Conclusion conclusion, string id, string name, double value, double centre, double half)
    {
        var found = conclusion.Findings.Single(finding => finding.Id == id).Measurements.Single(m => m.Name == name);
        Equal(value, found.Value);
        Assert.Equal(centre - half, found.Interval!.Value.Low, 1e-6);
        Assert.Equal(centre + half, found.Interval.Value.High, 1e-6);
    }

    private Finding Finding(string id) => _conclusion.Findings.Single(finding => finding.Id == id);

    private Measurement Measurement(string id, int index) => Finding(id).Measurements[index];

    /// <summary>A measurement over seeds from the middle window, its value in the next window along the same modes, and the surrogates'.</summary>
    private void Check(string id, int index, Func<ModeTable, double> value, Func<ModeTable, double>? heldOut, Func<NullTable.Surrogate, double>? ofNull)
    {
        var found = Measurement(id, index);
        Equal(_cells.Average(cell => value(cell.Windows[1])), found.Value);
        Assert.Equal(heldOut is null, found.HeldOut is null);
        if (heldOut is not null)
            Equal(_cells.Average(cell => heldOut(cell.Windows[1])), found.HeldOut!.Value);
        Assert.Equal(ofNull is null ? 0 : 3, found.Nulls.Count);
        for (int s = 0; s < found.Nulls.Count; s++)
        {
            Assert.Equal(NullWindows.Names[s], found.Nulls[s].Surrogate);
            Equal(_cells.Average(cell => ofNull!(cell.Nulls.Surrogates[s])), found.Nulls[s].Value);
        }
    }

    private int LeftOut() => _cells.Sum(cell => Enumerable.Range(1, 199).Count(i => cell.Modes.OpenSides[i] > 0));

    private static double Psi(double?[] flatness, double[] variances, int first = 2, int last = 200)
    {
        int[] modes = [.. Enumerable.Range(first - 1, last - first + 1).Where(i => flatness[i] is not null && variances[i] > 0)];
        return -Naive.Exponent([.. modes.Select(i => flatness[i]!.Value)], [.. modes.Select(i => variances[i])]);
    }

    private static double Middle(double?[] values) => Naive.Median(values.Take(200).Skip(1).OfType<double>());

    private static void Equal(double expected, double found) => Assert.True(Math.Abs(expected - found) < 1e-9 * Math.Max(1, Math.Abs(expected)), $"expected {expected}, found {found}");

    /// <summary>Tables whose columns go their own ways, also at the ends of the ranges; windows, seeds and surrogates differ. Mode 1 has an open side, which no count may hold.</summary>
    private static MeasuredCell Rough(int seed, int other = 0)
    {
        var random = new RandomStream(seed + other, "rough cells");
        var cell = Synthetic.Measured(Synthetic.Cell(seed: seed), Table(3.6), Table(4.1), Table(4.7));
        return cell with
        {
            Nulls = new() { Surrogates = [.. Enumerable.Range(0, 3).Select(s => Table(1 + s) is var table ? new NullTable.Surrogate(table.Variance, table.Flatness, Column(), Column()) : null!)] },
            Result = cell.Result with
            {
                Windows = [.. cell.Result.Windows.Select(window => window with
                {
                    Alignment = random.NextDouble(),
                    DriftMode = window.DriftMode with { Beta = random.NextDouble(), MedianMarginRSquared = random.NextDouble(), GrowingMargins = random.NextDouble(), FitRSquared = random.NextDouble() },
                })],
                Drift = [.. cell.Result.Drift.Select((drift, i) => drift with { Velocity = i % 7 == 3 ? -drift.Velocity : drift.Velocity * Math.Exp(0.2 * random.NextNormal()) })],
            },
        };

        ModeTable Table(double psi)
        {
            var smooth = Synthetic.Modes(psi: psi, gamma: 2 + random.NextDouble());
            double?[] flatness = [.. smooth.Flatness.Select((f, i) => i == 0 || random.Next(8) == 0 ? null : f * Math.Exp(0.3 * random.NextNormal()))];
            return smooth with
            {
                Variance = [.. smooth.Variance.Select(v => v * Math.Exp(0.02 * random.NextNormal())).OrderDescending()],
                HeldOutVariance = Column(400, v => Math.Exp(3 * v)),
                Flatness = flatness,
                OpenSides = [.. flatness.Select(f => f is null ? 1 + random.Next(2) : (double?)0)],
                FitFlatness = [.. flatness.Select(f => f * Math.Exp(0.2 * random.NextNormal()))],
                FitRSquared = Column(),
                FlatnessAtLevel2 = [.. flatness.Select(f => f * Math.Exp(0.3 * random.NextNormal()))],
                FlatnessAroundMean = [.. flatness.Select(f => f * Math.Exp(0.3 * random.NextNormal()))],
                Straightness = Column(),
                Persistence = Column(),
                HeldOutStraightness = Column(),
                HeldOutPersistence = Column(),
            };
        }

        double?[] Column(int measured = 200, Func<double, double>? map = null) =>
            [.. Enumerable.Range(0, 400).Select(i => i < measured ? (map ?? (v => v))(random.NextNormal()) : (double?)null)];
    }
}
