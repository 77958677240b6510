using Talweg.Studies.EinsteinRelation;
using Talweg.Studies.Figures;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.EinsteinRelation;

public sealed class EinsteinFindingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly EinsteinRelationStudy _study = new();
    private readonly EinsteinCells _cells;

    public EinsteinFindingsTests() => _cells = new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    private Conclusion Conclude(bool drawn, params FinishedCell<EinsteinCell>[] cells) =>
        _study.Conclude(Parameters.Resolve(_study, "quick", []), new("synthetic", "c0ffee", drawn), cells);

    [Fact]
    public void Rules_and_bands_are_those_that_were_fixed()
    {
        Assert.Equal(Band.Between(1.5, 2.5), Rules.Thermal);
        Assert.Equal(Band.Below(0), Rules.Inverse);
        Assert.Equal(Band.Within(0.1), Rules.Stationary);
        Assert.Equal(Band.Above(0), Rules.Worse);
        Assert.Equal(Band.Within(0.005), Rules.Alike);
        Assert.Equal((Band.Below(1), Band.Between(0.9, 1.1)), (Rules.Sharper, Rules.AsFlat));
        Assert.Equal((0.1, 0.5, 10), (Rules.StepTimesCurvature, Rules.BurnIn, Rules.RelaxationsNeeded));
    }

    [Fact]
    public void The_control_is_fitted_over_modes_that_relax_and_SGD_over_modes_from_the_second()
    {
        var conclusion = Conclude(false, _cells.Control(1), _cells.Control(2), _cells.Control(3));
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
        foreach (var (controls, thermal, sgd, slow) in new[] { (new[] { _cells.Control(1), _cells.Control(2), _cells.Control(3) }, 3 * 47, 3 * 48, 9), ([_cells.Control(1), _cells.Control(2)], 47, 48, 3) })
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
        var conclusion = Conclude(true, _cells.Control(1));
        var finding = conclusion.Findings.Single();
        Assert.Equal("demonstration: holds within one run", finding.VerdictText);
        Assert.Equal(["47 modes of one run", "48 modes of one run", "10 blocks of 100 steps"], finding.Measurements.Select(m => m.IntervalOver));
        Assert.Contains(conclusion.Notes, note => note.Contains("fewer than three seeds", StringComparison.Ordinal));
    }

    [Fact]
    public void A_control_out_of_equilibrium_or_of_another_exponent_fails_and_one_of_few_modes_decides_nothing()
    {
        Assert.Equal("fails within one run (drift of the thermal loss lies outside its band, 1 of 3 measurements)", Conclude(false, _cells.Control(1, drift: -0.5)).Findings.Single().VerdictText);
        Assert.Equal("fails within one run (exponent under constant temperature lies outside its band, 1 of 3 measurements)", Conclude(false, _cells.Control(1, thermal: 1)).Findings.Single().VerdictText);
        Assert.Equal("fails within one run (exponent under SGD lies outside its band, 1 of 3 measurements)", Conclude(false, _cells.Control(1, sgd: 1)).Findings.Single().VerdictText);
        var few = Conclude(false, _cells.Control(1, slow: 41)).Findings.Single();
        Assert.Equal("undecided (no interval for exponent under constant temperature)", few.VerdictText);
        Assert.Equal(double.NaN, few.Measurements[0].Value);
    }

    [Fact]
    public void Variants_are_compared_seed_by_seed()
    {
        var conclusion = Conclude(false, _cells.Variants());
        var finding = conclusion.Findings.Single();
        Assert.Equal("holds", finding.VerdictText);
        Assert.Equal([0.01 - 1.8e-4, 0.02 - 1.4e-4, 0.011 - 1e-4, 0.021 - 6e-5, -0.001 - 8e-5, 0.501, 0.501, 0.97 * 1.002], finding.Measurements.Select(m => m.Value), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.All(finding.Measurements, m => Assert.Equal("3 seeds", m.IntervalOver));
        Assert.Equal([0, 0, 0, 0, 0, 3 * 2 + 3 * 1, 3 * 1, 3 * 1], finding.Measurements.Select(m => m.LeftOut));
        Assert.Equal("directions with a side that was not found, of those at random and the Hessian's top eigenvectors", finding.Measurements[5].LeftOutReason);
        Assert.True(finding.Measurements[0].Interval!.Value.Width < 0.001, "paired by seed: the seeds' own spread of 0.02 does not count");
        Assert.Contains(finding.Notes, note => note.StartsWith("SGD: zero training error first seen at update 160, 160, 160;", StringComparison.Ordinal));
        Assert.Contains(finding.Notes, note => note.StartsWith("gradient descent: training error never seen at zero;", StringComparison.Ordinal));
        Assert.Equal(4, conclusion.Figures.Count);
        Assert.All(conclusion.Figures, figure => figure.Save(_folder.Path));
    }

    [Fact]
    public void Noise_that_is_no_worse_fails_and_missing_variants_decide_nothing()
    {
        Assert.StartsWith("fails (test error: + constant isotropic noise − SGD", Conclude(false, _cells.Variants(constant: 0.11)).Findings.Single().VerdictText, StringComparison.Ordinal);
        Assert.StartsWith("fails (test error: gradient descent − + noise spread by flatness; test error: + noise spread by flatness − SGD lie outside their bands, 2 of 8 measurements)", Conclude(false, _cells.Variants(flatness: 0.14)).Findings.Single().VerdictText, StringComparison.Ordinal);
        Assert.StartsWith("fails (F/√L: + noise spread by flatness over SGD", Conclude(false, _cells.Variants(sharpness: 0.8)).Findings.Single().VerdictText, StringComparison.Ordinal);
        var cells = _cells.Variants();
        var missing = Conclude(false, [.. cells[..4], cells[4] with { Ending = CellEnding.Failed("diverged in epoch 2") }, .. cells[5..]]);
        Assert.Equal(Verdict.Undecided, missing.Findings.Single().Verdict);
        Assert.Contains("SGD, seed 1: left out, diverged in epoch 2", missing.Notes);
    }
}
