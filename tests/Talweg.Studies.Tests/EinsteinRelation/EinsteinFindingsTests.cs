using Talweg.Statistics;
using Talweg.Studies.EinsteinRelation;
using Talweg.Studies.Figures;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;
using Talweg.Training;

namespace Talweg.Studies.Tests.EinsteinRelation;

public sealed class EinsteinFindingsTests : IDisposable
{
    private const double Infinity = double.PositiveInfinity;

    private readonly TemporaryFolder _folder = new();
    private readonly EinsteinRelationStudy _study = new();

    public void Dispose() => _folder.Dispose();

    private Conclusion Conclude(bool drawn, params FinishedCell<EinsteinCell>[] cells) =>
        _study.Conclude(Parameters.Resolve(_study, "quick", []), new("synthetic", "c0ffee", drawn), cells);

    private static EinsteinCell Cell(EinsteinTask task, int seed) => new()
    {
        Task = task,
        Data = "synthetic",
        Network = "fc:784-50-50-10",
        Layer = 2,
        Samples = 2000,
        BatchSize = 50,
        LearningRate = 0.1,
        Seed = seed,
    };

    /// <summary>A control whose modes obey power laws, the first <paramref name="slow"/> of the thermal ones too slow and off the line.</summary>
    private FinishedCell<EinsteinCell> Control(int seed, double thermal = 2, double sgd = -4, double drift = 0.01, int slow = 3)
    {
        string folder = Directory.CreateDirectory(_folder.File($"control-{seed}-{Guid.NewGuid()}")).FullName;
        double[] flatness = [.. Enumerable.Range(0, 50).Select(i => 10 * Math.Pow(0.95, i))];
        double Wobble(int i) => 1 + 0.01 * seed * ((i % 3) - 1);
        new MotionTable
        {
            Variance = [.. flatness.Select((f, i) => i < slow ? 7 : 1e-5 * Wobble(i) * Math.Pow(f, thermal + 0.01 * seed))],
            Flatness = [.. flatness.Select(f => (double?)f)],
            Relaxations = [.. flatness.Select((_, i) => (double?)(i < slow ? 9.99 : 10))],
        }.Write(Path.Combine(folder, MotionTable.ThermalFile));
        new MotionTable
        {
            Variance = [.. flatness.Select(f => f * f)],
            Flatness = [.. flatness.Select(f => (double?)f)],
            Relaxations = [.. flatness.Select(_ => (double?)100)],
        }.Write(Path.Combine(folder, MotionTable.DirectionsFile));
        double[] reversed = [.. Enumerable.Range(0, 50).Select(i => 0.5 * Math.Pow(1.05, i))];
        new MotionTable
        {
            Variance = [.. reversed.Select((f, i) => i == 0 ? 1e3 : 1e-5 * Wobble(i) * Math.Pow(f, sgd))],
            Flatness = [.. reversed.Select((f, i) => i == 4 ? null : (double?)f)],
            Relaxations = new double?[50],
        }.Write(Path.Combine(folder, MotionTable.SgdFile));
        new ControlResult
        {
            ZeroErrorEpoch = 30,
            SgdIterations = 800,
            SolutionLoss = 0.006,
            Curvatures = [0.5, 0.1, 0.01],
            SquaredGradient = 1e-4,
            SquaredGradientInSpan = 8e-5,
            StepSize = 0.2,
            Temperature = 2e-5,
            Steps = 1000,
            Stride = 10,
            BurnInLosses = [.. Enumerable.Repeat(0.006, 50)],
            Losses = [.. Enumerable.Repeat(0.0065, 100)],
            LossDrift = drift,
            LossDriftLow = drift - 0.02,
            LossDriftHigh = drift + 0.02,
            LossDriftOver = "10 blocks of 100 steps",
        }.Write(Path.Combine(folder, ControlResult.FileName));
        return new(Cell(EinsteinTask.Control, seed), folder, CellEnding.Measured());
    }

    private FinishedCell<EinsteinCell> Variant(EinsteinTask task, int seed, double testError, double flatness)
    {
        string folder = Directory.CreateDirectory(_folder.File($"{task}-{seed}")).FullName;
        bool sgd = task == EinsteinTask.Sgd;
        new VariantResult
        {
            UpdatesPerEpoch = sgd ? 40 : 1,
            Curve = [.. Enumerable.Range(1, 5).Select(k => new EpochRecord(sgd ? k : 40 * k, 0.1 / k, 0.01, 0.4, testError + 0.1 / k - 0.02))],
            ZeroErrorUpdate = sgd ? 160 : null,
            RandomFlatness = 3,
            SharpFlatness = (sgd ? 1 : task == EinsteinTask.FlatnessNoise ? flatness : 0.5) * (1 + 0.01 * seed),
            OpenDirections = 0,
        }.Write(Path.Combine(folder, VariantResult.FileName));
        return new(Cell(task, seed), folder, CellEnding.Measured());
    }

    private FinishedCell<EinsteinCell>[] Variants(double constant = 0.14, double flatness = 0.119, double sharpness = 0.97) =>
        [.. from seed in new[] { 1, 2, 3 }
            from pair in new[] { (EinsteinTask.Descent, 0.13), (EinsteinTask.ConstantNoise, constant), (EinsteinTask.FollowingNoise, 0.125), (EinsteinTask.FlatnessNoise, flatness), (EinsteinTask.Sgd, 0.12) }
            select Variant(pair.Item1, seed, pair.Item2 + 0.02 * seed + (pair.Item1 == EinsteinTask.Sgd ? 1e-4 * seed : 0), sharpness)];

    [Fact]
    public void Rules_and_bands_are_those_that_were_fixed()
    {
        Assert.Equal(new Interval(1.5, 2.5), Rules.Thermal);
        Assert.Equal(new Interval(-Infinity, 0), Rules.Inverse);
        Assert.Equal(new Interval(-0.1, 0.1), Rules.Stationary);
        Assert.Equal(new Interval(0, Infinity), Rules.Worse);
        Assert.Equal(new Interval(-0.005, 0.005), Rules.Alike);
        Assert.Equal((new Interval(-Infinity, 1), new Interval(0.9, 1.1)), (Rules.Sharper, Rules.AsFlat));
        Assert.Equal((0.1, 0.5, 10), (Rules.StepTimesCurvature, Rules.BurnIn, Rules.RelaxationsNeeded));
    }

    [Fact]
    public void The_control_is_fitted_over_modes_that_relax_and_SGD_over_modes_from_the_second()
    {
        var conclusion = Conclude(false, Control(1), Control(2), Control(3));
        var finding = conclusion.Findings.Single();
        Assert.Equal("holds", finding.VerdictText);
        Assert.Equal(2.02, finding.Measurements[0].Value, 0.005);
        Assert.Equal(("3 seeds", 9), (finding.Measurements[0].IntervalOver, finding.Measurements[0].LeftOut));
        Assert.Equal(-4, finding.Measurements[1].Value, 0.02);
        Assert.Equal(3, finding.Measurements[1].LeftOut);
        Assert.Contains(finding.Notes, note => note.EndsWith("not fitted, with fewer than ten relaxation times: modes 1, 2, 3.", StringComparison.Ordinal));
        Assert.Contains("holds 80% of ‖∇L‖²", finding.Notes[0], StringComparison.Ordinal);
        Assert.Contains(finding.Notes, note => note.Contains("fixed before the motion and not chosen by its variance, the exponent is 2", StringComparison.Ordinal));
        Assert.StartsWith("σ² ~ F^k with k = 2.02", conclusion.Headline, StringComparison.Ordinal);
        Assert.Equal(["fig-einstein-relation", "fig-thermal-loss"], conclusion.Figures.Select(figure => figure.Name));
    }

    [Fact]
    public void The_figure_shows_the_modes_and_the_exponents_of_the_finding()
    {
        foreach (var (controls, thermal, sgd, slow) in new[] { (new[] { Control(1), Control(2), Control(3) }, 3 * 47, 3 * 48, 9), ([Control(1), Control(2)], 47, 48, 3) })
        {
            var conclusion = Conclude(false, controls);
            var figure = conclusion.Figures.OfType<EinsteinFigure>().Single();
            Assert.Equal((thermal, sgd, slow), (figure.Thermal.X.Count, figure.Sgd.X.Count, figure.NotRelaxed.X.Count));
            var measured = conclusion.Findings.Single().Measurements;
            Assert.Equal((measured[0].Value, measured[1].Value), (figure.ThermalFit!.Slope, figure.SgdFit!.Slope));
            Assert.Equal($"exponent {NumberText.Of(measured[0])}", figure.ThermalFit.Legend);
            Assert.Equal($"exponent {NumberText.Of(measured[1])}", figure.SgdFit.Legend);
        }
    }

    [Fact]
    public void One_control_has_intervals_over_its_modes_and_says_so()
    {
        var conclusion = Conclude(true, Control(1));
        var finding = conclusion.Findings.Single();
        Assert.Equal("demonstration: holds", finding.VerdictText);
        Assert.Equal(["47 modes of one run", "48 modes of one run", "10 blocks of 100 steps"], finding.Measurements.Select(m => m.IntervalOver));
        Assert.Contains(conclusion.Notes, note => note.Contains("fewer than three seeds", StringComparison.Ordinal));
    }

    [Fact]
    public void A_control_out_of_equilibrium_or_of_another_exponent_fails_and_one_of_few_modes_decides_nothing()
    {
        Assert.Equal("fails (drift of the thermal loss lies outside its band)", Conclude(false, Control(1, drift: -0.5)).Findings.Single().VerdictText);
        Assert.Equal("fails (exponent under constant temperature lies outside its band)", Conclude(false, Control(1, thermal: 1)).Findings.Single().VerdictText);
        Assert.Equal("fails (exponent under SGD lies outside its band)", Conclude(false, Control(1, sgd: 1)).Findings.Single().VerdictText);
        var few = Conclude(false, Control(1, slow: 41)).Findings.Single();
        Assert.Equal("undecided (no interval for exponent under constant temperature)", few.VerdictText);
        Assert.Equal(double.NaN, few.Measurements[0].Value);
    }

    [Fact]
    public void Variants_are_compared_seed_by_seed()
    {
        var conclusion = Conclude(false, Variants());
        var finding = conclusion.Findings.Single();
        Assert.Equal("holds", finding.VerdictText);
        Assert.Equal([0.01 - 2e-4, 0.02 - 2e-4, 0.011, 0.021, -0.001 - 2e-4, 0.5, 0.5, 0.97], finding.Measurements.Select(m => m.Value), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.All(finding.Measurements, m => Assert.Equal("3 seeds", m.IntervalOver));
        Assert.True(finding.Measurements[0].Interval!.Value.Width < 0.001, "paired by seed: the seeds' own spread of 0.02 does not count");
        Assert.Contains(finding.Notes, note => note.StartsWith("SGD: zero training error first seen at update 160, 160, 160;", StringComparison.Ordinal));
        Assert.Contains(finding.Notes, note => note.StartsWith("gradient descent: training error never seen at zero;", StringComparison.Ordinal));
        Assert.Equal(4, conclusion.Figures.Count);
        Assert.All(conclusion.Figures, figure => figure.Save(_folder.Path));
    }

    [Fact]
    public void Noise_that_is_no_worse_fails_and_missing_variants_decide_nothing()
    {
        Assert.StartsWith("fails (test error: + constant isotropic noise − SGD", Conclude(false, Variants(constant: 0.11)).Findings.Single().VerdictText, StringComparison.Ordinal);
        Assert.StartsWith("fails (test error: gradient descent − + noise spread by flatness", Conclude(false, Variants(flatness: 0.14)).Findings.Single().VerdictText, StringComparison.Ordinal);
        Assert.StartsWith("fails (F/√L: + noise spread by flatness over SGD", Conclude(false, Variants(sharpness: 0.8)).Findings.Single().VerdictText, StringComparison.Ordinal);
        var cells = Variants();
        var missing = Conclude(false, [.. cells[..4], cells[4] with { Ending = CellEnding.Failed("diverged in epoch 2") }, .. cells[5..]]);
        Assert.Equal(Verdict.Undecided, missing.Findings.Single().Verdict);
        Assert.Contains("SGD, seed 1: left out, diverged in epoch 2", missing.Notes);
    }
}
