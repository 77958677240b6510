using Talweg.Statistics;
using Talweg.Studies.Findings;
using Talweg.Studies.FlatnessAndHessian;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.FlatnessAndHessian;

/// <summary>Findings from cells whose numbers are known because they were made up.</summary>
public sealed class HessianFindingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FlatnessAndHessianStudy _study = new();
    private readonly HessianCells _cells;

    public HessianFindingsTests() => _cells = new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    private Conclusion Conclude(bool drawn, params FinishedCell<HessianCell>[] cells) =>
        _study.Conclude(Parameters.Resolve(_study, "quick", []), new("synthetic", "c0ffee", drawn), cells);

    private static FinishedCell<HessianCell>[] Three(Func<int, FinishedCell<HessianCell>> cell) => [cell(1), cell(2), cell(3)];

    [Fact]
    public void Bands_are_those_that_were_fixed()
    {
        Assert.Equal(Band.Above(0.95), Bands.Defined);
        Assert.Equal(Band.Below(-0.5), Bands.Falling);
        Assert.Equal(Band.Below(0.9), Bands.BeyondParabola);
        Assert.Equal(Band.Above(0.5), Bands.Shared);
    }

    [Fact]
    public void Shares_are_over_the_directions_where_curvature_vanishes_or_is_negative()
    {
        var finding = Conclude(false, [.. Three(seed => _cells.Cell(seed)), .. Three(seed => _cells.Cell(seed, tanh: true))]).Findings[0];
        Assert.Equal(("FT-10", "holds"), (finding.Id, finding.VerdictText));
        Assert.Equal(
            [
                "share with F: bottom eigenvectors of vanishing curvature, ReLU",
                "share with F: random directions of vanishing curvature, ReLU",
                "share with F: eigenvectors of negative curvature, tanh",
                "share with F: random directions of vanishing curvature, tanh",
            ],
            finding.Measurements.Select(m => m.Name));
        Assert.All(finding.Measurements, m => Assert.Equal((1, "90 directions of 3 seeds"), (m.Value, m.IntervalOver)));
        Assert.Contains("0 of 300 eigenvalues are negative, 50 vanish", finding.Notes[0], StringComparison.Ordinal);
        Assert.Contains(finding.Notes, note => note.Contains("random directions of vanishing curvature: 30 of 30 have F, from 30 to 30, median 30", StringComparison.Ordinal));
        Assert.Contains(finding.Notes, note => note.Contains("tanh, seed 1: L₀ = 0.00500, ‖w₀‖ = 4, λ₁ = 1, λ_N = −0.00500; 50 of 300 eigenvalues are negative", StringComparison.Ordinal));
    }

    [Fact]
    public void F_that_is_open_there_fails()
    {
        Assert.Equal("fails (share with F: random directions of vanishing curvature, ReLU lies outside its band, 1 of 2 measurements)",
            Conclude(false, Three(seed => _cells.Cell(seed, openFlat: 10))).Findings[0].VerdictText);
        Assert.Equal("fails (share with F: bottom eigenvectors of vanishing curvature, ReLU lies outside its band, 1 of 2 measurements)",
            Conclude(false, Three(seed => _cells.Cell(seed, openNegative: 10))).Findings[0].VerdictText);
        var negative = Conclude(false, Three(seed => _cells.Cell(seed, tanh: true, openNegative: 6))).Findings[0];
        Assert.Equal(0.8, negative.Measurements[0].Value, 1e-12);
        Assert.StartsWith("fails", negative.VerdictText, StringComparison.Ordinal);
    }

    /// <summary>ln F − ln F_H = ln 1.5 + bend·ln λ, whose ends are known: R² is computed here anew from λ alone.</summary>
    [Fact]
    public void The_parabola_explains_what_it_explains()
    {
        var finding = Conclude(false, Three(seed => _cells.Cell(seed))).Findings[1];
        Assert.Equal(("TW-6", "holds"), (finding.Id, finding.VerdictText));
        Assert.InRange(finding.Measurements[0].Value, -1, -0.98);
        double[] lambda = [.. Enumerable.Range(1, 199).Select(i => i * Math.Log(0.97))];
        double mean = lambda.Average();
        double expected = ((double[])[-0.201, -0.2, -0.199]).Average(bend => 1 - lambda.Sum(x => Math.Pow(Math.Log(1.1) + bend * x, 2)) / lambda.Sum(x => Math.Pow((bend - 0.5) * (x - mean), 2)));
        Assert.Equal(expected, finding.Measurements[1].Value, 1e-9);
        Assert.Contains(finding.Notes, note => note.Contains("F ~ (pᵀHp)^−0.700", StringComparison.Ordinal));
        Assert.Contains(finding.Notes, note => note.Contains($"median F over it {NumberText.Of(1.1 * Math.Sqrt(Math.E - 1) * Math.Exp(-0.2 * lambda[99]))};", StringComparison.Ordinal));
        // A constant factor of 1.1 alone leaves R² = 1 − (ln 1.1)²/var(ln F) = 0.99.
        Assert.Equal("fails (R² of ln F by the parabola, ReLU lies outside its band, 1 of 2 measurements)", Conclude(false, Three(seed => _cells.Cell(seed, bend: 0))).Findings[1].VerdictText);
    }

    [Fact]
    public void Overlap_is_held_against_random_directions()
    {
        var finding = Conclude(true, Three(seed => _cells.Cell(seed))).Findings[2];
        Assert.Equal("demonstration: holds; distinct from the nulls", finding.VerdictText);
        Assert.Equal(0.802, finding.Measurements[0].Value, 1e-9);
        Assert.Equal((0.012, "3 seeds"), (Math.Round(finding.Measurements[0].Nulls.Single().Value, 12), finding.Measurements[0].Nulls.Single().IntervalOver));
        Assert.Contains("Lanczos: 40 products, Converged, largest residual 2.00e−9, eigenvalues within 0 of dense diagonalisation", finding.Notes[0], StringComparison.Ordinal);
        Assert.StartsWith("fails", Conclude(false, Three(seed => _cells.Cell(seed, overlap: 0.1))).Findings[2].VerdictText, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_not_measured_is_told()
    {
        var one = Conclude(false, _cells.Cell(3), _cells.Cell(1, completed: false));
        Assert.Contains(one.Notes, note => note.StartsWith("Where there are fewer than three seeds", StringComparison.Ordinal));
        Assert.Contains("ReLU, seed 1: left out, diverged in epoch 2", one.Notes);
        Assert.Contains(one.Notes, note => note.Contains("training error never reached zero within 200 epochs", StringComparison.Ordinal));
        Assert.Equal("249 directions, one cell", one.Findings[1].Measurements[0].IntervalOver);
        Assert.Equal(Verdict.Undecided, one.Findings[1].Verdict);
        Assert.Empty(Conclude(false, _cells.Cell(1, completed: false)).Findings);
    }

    [Fact]
    public void Figures_are_drawn()
    {
        var figures = Conclude(false, _cells.Cell(1), _cells.Cell(1, tanh: true)).Figures;
        Assert.Equal(["fig-flatness-curvature-relu", "fig-spectrum-relu", "fig-flatness-curvature-tanh", "fig-spectrum-tanh"], figures.Select(figure => figure.Name));
        Assert.All(figures, figure => figure.Save(_folder.Path));
    }

    [Fact]
    public void Random_directions_are_orthonormal_and_those_of_a_span_stay_in_it()
    {
        double[] all = RandomDirections.In(30, 30, new RandomStream(1, "test"));
        for (int i = 0; i < 30; i++)
        {
            for (int j = 0; j <= i; j++)
                Assert.Equal(i == j ? 1 : 0, RandomDirections.Dot(all.AsSpan(30 * i, 30), all.AsSpan(30 * j, 30)), 1e-14);
        }

        double[] within = RandomDirections.InSpan(all.AsSpan(0, 10 * 30), 30, 4, new RandomStream(2, "test"));
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(1, RandomDirections.Dot(within.AsSpan(30 * i, 30), within.AsSpan(30 * i, 30)), 1e-14);
            for (int j = 10; j < 30; j++)
                Assert.Equal(0, RandomDirections.Dot(within.AsSpan(30 * i, 30), all.AsSpan(30 * j, 30)), 1e-14);
        }

        Assert.Equal(1, RandomDirections.Overlap(all.AsSpan(0, 300), RandomDirections.InSpan(all.AsSpan(0, 300), 30, 10, new RandomStream(3, "test")), 30), 1e-13);
        Assert.Equal(0, RandomDirections.Overlap(all.AsSpan(0, 300), all.AsSpan(300, 300), 30), 1e-13);
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomDirections.In(3, 4, new RandomStream(1, "test")));
    }
}
