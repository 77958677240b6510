using Talweg.Statistics;
using Talweg.Studies.Figures;
using Talweg.Studies.Findings;
using Talweg.Studies.InverseVarianceFlatness;
using Talweg.Studies.Running;
using Talweg.Training;

namespace Talweg.Studies.Tests.InverseVarianceFlatness;

public sealed class FindingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly InverseVarianceFlatnessStudy _study = new();

    public void Dispose() => _folder.Dispose();

    private Conclusion Conclude(bool drawn, params MeasuredCell[] cells) => _study.Conclude(
        Parameters.Resolve(_study, "quick", []), new("synthetic", "c0ffee", drawn), [.. cells.Select(cell => Synthetic.Write(_folder.Path, cell))]);

    private static MeasuredCell[] Seeds(int batchSize = 50, double learningRate = 0.1, double psi = 4) =>
        [.. Enumerable.Range(1, 3).Select(seed => Synthetic.Measured(Synthetic.Cell(batchSize, learningRate, seed), Synthetic.Modes(psi: psi + 0.01 * seed, gamma: 2.4 + 0.01 * seed)))];

    [Fact]
    public void Bands_are_those_fixed_before_anything_was_run()
    {
        Assert.Equal(Band.Between(2, 3), Bands.SpectrumExponent);
        Assert.Equal(Band.Above(10), Bands.Gap);
        Assert.Equal(Band.Between(20, 60), Bands.ModesFor90);
        Assert.Equal(Band.Above(0.9), Bands.Drifting);
        Assert.Equal(Band.Below(0.3), Bands.Diffusing);
        Assert.Equal(Band.Above(0.5), Bands.Aligned);
        Assert.Equal(Band.Above(0.9), Bands.StraightMargins);
        Assert.Equal(Band.Above(0), Bands.Positive);
        Assert.Equal(Band.Above(0.95), Bands.Quadratic);
        Assert.Equal(Band.Above(0.5), Bands.Increasing);
        Assert.Equal(Band.Between(3, 5), Bands.Psi);
    }

    [Fact]
    public void Every_claim_yields_a_finding_in_order_and_the_variants_theirs()
    {
        string[] withoutVariants = [.. _study.Claims.Where(id => id is not ("TW-4" or "TW-5"))];
        Assert.Equal(withoutVariants, Conclude(false, Seeds()).Findings.Select(finding => finding.Id));
        MeasuredCell[] variants = [
            .. Seeds().Select(cell => cell with { Cell = cell.Cell with { Standardised = true } }),
            .. Seeds().Select(cell => cell with { Cell = cell.Cell with { Drawing = Drawing.WithReplacement } }),
        ];
        var conclusion = Conclude(false, [.. Seeds(), .. variants]);
        Assert.Equal(_study.Claims, conclusion.Findings.Select(finding => finding.Id));
        var standardised = conclusion.Findings.Single(finding => finding.Id == "TW-4").Measurements.Single();
        Assert.Equal(0, standardised.Value, 1e-12);
        Assert.Equal("3 seeds", standardised.IntervalOver);
    }

    [Fact]
    public void Verdicts_follow_from_the_cells()
    {
        var holds = Conclude(false, Seeds());
        Assert.Equal("holds; distinct from the nulls", Verdict(holds, "FT-8"));
        Assert.Equal("undecided (the interval of Spearman(i, F) has no width); distinct from the nulls", Verdict(holds, "FT-7"));      // exactly 1 in every seed
        Assert.Equal("holds", Verdict(holds, "FT-23"));
        Assert.StartsWith("ψ = 4.020 [3.995, 4.045] at B = 50, α = 0.1 (published: about 4): holds; distinct from the nulls.", holds.Headline, StringComparison.Ordinal);
        Assert.Equal("fails (ψ lies outside its band); distinct from the nulls", Verdict(Conclude(false, Seeds(psi: 2)), "FT-8"));
        MeasuredCell[] noisy = [.. Enumerable.Range(1, 3).Select(seed => Synthetic.Measured(Synthetic.Cell(seed: seed), Synthetic.Modes(noise: 0.05, seed: seed)))];
        Assert.Equal("holds; distinct from the nulls", Verdict(Conclude(false, noisy), "FT-7"));
    }

    [Fact]
    public void What_nulls_give_too_is_said_beside_the_verdict()
    {
        MeasuredCell[] null4 = [.. Seeds().Select(cell => cell with { Nulls = Synthetic.Nulls(psi: 4, noise: 0, seed: cell.Cell.Seed) })];
        var shared = Conclude(false, null4);
        const string text = "holds; shared with isotropic walk, epoch-balanced walk and shuffled steps (an artefact of the analysis)";
        Assert.Equal(text, Verdict(shared, "FT-8"));
        Assert.EndsWith($"(published: about 4): {text}.", shared.Headline, StringComparison.Ordinal);
        Assert.Contains(shared.Findings.Single(f => f.Id == "FT-8").Notes, note => note.StartsWith("The recorded steps in another order within each epoch give the claim", StringComparison.Ordinal));
        Assert.DoesNotContain(Conclude(false, Seeds()).Findings.Single(f => f.Id == "FT-8").Notes, note => note.Contains("the claim:", StringComparison.Ordinal));
    }

    [Fact]
    public void An_undefined_null_in_one_seed_is_said()
    {
        MeasuredCell[] cells = Seeds();
        var nulls = cells[1].Nulls;
        cells[1] = cells[1] with { Nulls = new() { Surrogates = [nulls.Surrogates[0] with { Flatness = new double?[400] }, .. nulls.Surrogates.Skip(1)] } };
        Assert.Equal("holds; not told apart from isotropic walk", Verdict(Conclude(false, cells), "FT-8"));
    }

    [Fact]
    public void One_run_says_so_in_the_verdict_and_its_nulls_are_one_draw()
    {
        var alone = Conclude(false, Synthetic.Measured(Synthetic.Cell(), [.. Enumerable.Range(1, 3).Select(w => Synthetic.Modes(psi: 4 + 0.01 * w))]));
        const string text = "holds within one run; not told apart from isotropic walk, epoch-balanced walk and shuffled steps";
        Assert.Equal(text, Verdict(alone, "FT-8"));
        Assert.EndsWith($"{text}.", alone.Headline, StringComparison.Ordinal);
        Assert.All(alone.Findings.SelectMany(finding => finding.Measurements), m => Assert.Equal(m.Interval is not null, m.WithinOneRun));
        Assert.All(Conclude(false, Seeds()).Findings.SelectMany(finding => finding.Measurements), m => Assert.False(m.WithinOneRun));
    }

    /// <summary>Of 200 measured modes 'modes 2–1000' are the reference's own.</summary>
    [Fact]
    public void A_fit_is_not_compared_with_itself()
    {
        MeasuredCell[] Cells(int measured) => [.. Enumerable.Range(1, 3).Select(seed => Synthetic.Measured(Synthetic.Cell(seed: seed), Synthetic.Modes(measured: measured, noise: 0.1, seed: seed)))];
        Measurement Wide(MeasuredCell[] cells) => Conclude(false, cells).Findings.Single(finding => finding.Id == "TW-1").Measurements.Single(m => m.Name == "change of ψ, modes 2–1000");
        Assert.Equal("change of ψ, modes 2–1000: the same modes as the reference fits, so that a fit is compared with itself", Wide(Cells(200)).NothingFollows);
        Assert.Equal("", Wide(Cells(201)).NothingFollows);
        Assert.NotEqual("", Wide([.. Cells(201)[..2], Cells(200)[2]]).NothingFollows);      // in one seed
        Assert.All(Conclude(false, Cells(200)).Findings.Single(finding => finding.Id == "TW-1").Measurements.Where(m => m.Name != "change of ψ, modes 2–1000"), m => Assert.Equal("", m.NothingFollows));
    }

    /// <summary>ln L changes its slope at epoch 20 from <paramref name="before"/> to <paramref name="after"/>.</summary>
    [Theory]
    [InlineData(-0.3, -0.02, "holds")]
    [InlineData(-0.3, -0.2, "fails (slope after / slope before lies outside its band, 1 of 3 measurements)")]
    [InlineData(0.3, 0.02, "fails (slope before; slope after lie outside their bands, 2 of 3 measurements)")]        // the same ratio as in the first line
    [InlineData(0.3, -0.02, "fails (slope after / slope before; slope before lie outside their bands, 2 of 3 measurements)")]
    [InlineData(-0.3, 0.02, "fails (slope after / slope before; slope after lie outside their bands, 2 of 3 measurements)")]
    public void Two_phases_are_two_ways_of_falling(double before, double after, string verdict)
    {
        var random = new RandomStream(1, "losses");
        MeasuredCell[] cells = [.. Seeds().Select(cell => cell with
        {
            Result = cell.Result with { Epochs = [.. cell.Result.Epochs.Select(e => e with { TrainLoss = Math.Exp((e.Epoch < 20 ? before : after) * (e.Epoch - 20) + 0.001 * random.NextNormal()) })] },
        })];
        Assert.Equal(verdict, Verdict(Conclude(false, cells), "FT-1"));
        string alone = Verdict(Conclude(false, cells[0]), "FT-1");
        Assert.Equal(verdict.Replace("holds", "holds within one run", StringComparison.Ordinal).Replace("fails", "fails within one run", StringComparison.Ordinal), alone);
    }

    /// <summary>The loss turns at epoch 2 of 50, before the third, the first place where a change may lie.</summary>
    [Fact]
    public void A_change_at_the_edge_of_where_one_may_lie_decides_nothing()
    {
        MeasuredCell[] cells = [.. Seeds().Select(cell => cell with { Result = cell.Result with { Epochs = [.. cell.Result.Epochs.Select(e => e with { TrainLoss = Math.Exp(e.Epoch < 2 ? 0 : -6 - 0.01 * e.Epoch) })] } })];
        Assert.Equal("undecided (slope after / slope before: the change lies at the edge of where one may)", Verdict(Conclude(false, cells), "FT-1"));
    }

    [Fact]
    public void Values_are_those_that_the_cells_were_made_with()
    {
        var conclusion = Conclude(false, Seeds());
        double[] gammas = [2.41, 2.42, 2.43], psis = [4.01, 4.02, 4.03];
        Values("FT-1", 0.02 / 0.3, -0.3, -0.02);          // slopes of ln L after and before epoch 20
        Values("FT-2", 2.42, gammas.Average(gamma => 100 * Math.Pow(2, gamma)));
        Values("FT-3", gammas.Average(ModesFor90));
        Values("FT-4", 0.99, 0.92, 0.1);
        Values("FT-5", 0.81, 0.991, 0.4);                 // the middle window's
        Values("FT-6", 0.99);
        Values("FT-7", 1);
        Values("FT-8", 4.02);
        Values("FT-23", psis.Average(psi => psi / Synthetic.Level2Power - psi));
        Values("FT-24", 1);                               // velocity and loss both fall as exp(−0.02 epoch)
        Values("TW-2", psis.Average(psi => psi / Synthetic.AroundMeanPower - psi));
        HeldOut("FT-2", 2.42, gammas.Average(gamma => 100 * Math.Pow(2, gamma)));
        HeldOut("FT-4", 0.95, 0.91, 0.12);
        Assert.All(Measurements("FT-2")[0].Nulls, surrogate => Assert.Equal(1.02, surrogate.Value, 1e-9));
        Assert.Equal(0, Measurements("FT-24").Single().LeftOut);
        Assert.StartsWith("Margins grow along p₁ for 98% of the samples", Finding("FT-5").Notes.Single(), StringComparison.Ordinal);
        Assert.Contains(Finding("FT-1").Notes, note => note.Contains("loss changes pace at epoch 20", StringComparison.Ordinal) && note.Contains("zero from epoch 20", StringComparison.Ordinal));

        Finding Finding(string id) => conclusion.Findings.Single(finding => finding.Id == id);
        IReadOnlyList<Measurement> Measurements(string id) => Finding(id).Measurements;
        void Values(string id, params double[] expected) => Same(id, expected, [.. Measurements(id).Select(m => m.Value)]);
        void HeldOut(string id, params double[] expected) => Same(id, expected, [.. Measurements(id).Select(m => m.HeldOut!.Value)]);

        static void Same(string id, double[] expected, double[] found)
        {
            Assert.Equal(expected.Length, found.Length);
            for (int i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected[i] - found[i]) < 1e-9 * Math.Max(1, Math.Abs(expected[i])), $"{id}, {i}: expected {expected[i]}, found {found[i]}");
        }

        static double ModesFor90(double gamma)
        {
            double all = 0, sum = 0;
            for (int rank = 2; rank <= 400; rank++)
                all += Math.Pow(rank, -gamma);
            int n = 1;
            while (sum < 0.9 * all)
                sum += Math.Pow(++n, -gamma);
            return n - 1;
        }
    }

    [Fact]
    public void Drawn_data_only_demonstrate()
    {
        var conclusion = Conclude(true, Seeds());
        Assert.All(conclusion.Findings, finding => Assert.True(finding.Demonstration));
        Assert.Contains("demonstration: holds", conclusion.Headline, StringComparison.Ordinal);
        Assert.All(Conclude(false, Seeds()).Findings, finding => Assert.False(finding.Demonstration));
    }

    [Fact]
    public void Each_setting_has_its_own_psi_and_the_published_one_is_the_reference()
    {
        var conclusion = Conclude(false, [.. Seeds(25, 0.1, 3.5), .. Seeds(50, 0.05, 4.5), .. Seeds()]);
        var psi = conclusion.Findings.Single(finding => finding.Id == "FT-8");
        Assert.Equal(["ψ at B = 25, α = 0.1", "ψ at B = 50, α = 0.05", "ψ at B = 50, α = 0.1"], psi.Measurements.Select(m => m.Name));
        Assert.Equal([3.52, 4.52, 4.02], psi.Measurements.Select(m => Math.Round(m.Value, 6)));
        Assert.Contains("ψ spreads from 3.52 to 4.52 over the settings of B and α.", psi.Notes);
        Assert.StartsWith("ψ = 4.020 [3.995, 4.045] at B = 50, α = 0.1, from 3.52 to 4.52 over 3 settings", conclusion.Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void One_cell_has_intervals_over_blocks_of_modes()
    {
        var conclusion = Conclude(false, Synthetic.Measured(Synthetic.Cell(), [.. Enumerable.Range(1, 3).Select(w => Synthetic.Modes(noise: 0.1, seed: w))]));
        foreach (string id in new[] { "FT-23", "TW-1", "TW-2", "TW-3" })
            Assert.All(conclusion.Findings.Single(finding => finding.Id == id).Measurements, m => Assert.EndsWith("blocks of 20 modes, one cell", m.IntervalOver, StringComparison.Ordinal));
    }

    [Fact]
    public void The_figure_shows_the_modes_and_the_exponent_of_the_finding()
    {
        var seeds = Conclude(false, Seeds());
        var (points, fit) = seeds.Figures.OfType<VarianceFlatnessFigure>().Single().Series.Single();
        Assert.Equal(3 * 199, points.X.Count);
        Assert.Equal(-4.02, fit!.Slope, 1e-9);
        Assert.Equal(points.Y.Average(Math.Log), fit.Intercept - 4.02 * points.X.Average(Math.Log), 1e-9);
        Assert.StartsWith($"{fit.Legend} at B = 50", seeds.Headline, StringComparison.Ordinal);

        var alone = Conclude(false, Synthetic.Measured(Synthetic.Cell(), Synthetic.Modes(psi: 3), Synthetic.Modes(psi: 3.5), Synthetic.Modes(psi: 4.5)));
        (points, fit) = alone.Figures.OfType<VarianceFlatnessFigure>().Single().Series.Single();
        Assert.Equal((199, -3.5), (points.X.Count, Math.Round(fit!.Slope, 9)));
        Assert.StartsWith($"{fit.Legend} at B = 50", alone.Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void Sides_are_interpolated_on_the_logarithm()
    {
        double[] x = [.. Enumerable.Range(-20, 41).Select(i => 0.1 * i)];
        var sides = StudyFigures.Sides(new("", x, [.. x.Select(t => 2 * Math.Exp(4 * t * t / (1.7 * 1.7)))]), 2);
        Assert.Equal((-0.85, 0.85), (Math.Round(sides!.Value.Left, 2), Math.Round(sides.Value.Right, 2)));
        Assert.Null(StudyFigures.Sides(new("", x, [.. x.Select(t => 2 + t)]), 2));
    }

    [Theory]
    [InlineData(4.0337, 4.0046, 4.0679, "4.034", "[4.005, 4.068]")]
    [InlineData(1.0006, 0.98675, 1.01824, "1.001", "[0.987, 1.018]")]
    [InlineData(0.99984, 0.99877, 1.00062, "0.9998", "[0.9988, 1.0006]")]
    [InlineData(166.6, 31, 249.6, "167", "[31, 250]")]
    [InlineData(-0.00059, -0.01028, 0.0091, "−0.0006", "[−0.0103, 0.0091]")]
    [InlineData(3e-6, 2e-6, 4e-6, "3.00e−6", "[2.00e−6, 4.00e−6]")]
    [InlineData(4, 4, 4, "4", "[4, 4]")]
    public void A_value_and_its_interval_have_as_many_decimals(double value, double low, double high, string text, string interval) =>
        Assert.Equal((text, interval), NumberText.Of(value, new Interval(low, high)));

    private static string Verdict(Conclusion conclusion, string id) => conclusion.Findings.Single(finding => finding.Id == id).VerdictText;
}
