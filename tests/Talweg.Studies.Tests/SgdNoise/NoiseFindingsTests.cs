using Talweg.Studies.Findings;
using Talweg.Studies.Running;
using Talweg.Studies.SgdNoise;

namespace Talweg.Studies.Tests.SgdNoise;

public sealed class NoiseFindingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SgdNoiseStudy _study = new();

    public void Dispose() => _folder.Dispose();

    private Conclusion Conclude(params FinishedCell<NoiseCell>[] cells) => _study.Conclude(Parameters.Resolve(_study, "quick", []), new("synthetic", "c0ffee", false), cells);

    private FinishedCell<NoiseCell> Modes(long seed = 1, double curvature = -2, double flatness = 1.1, double diffusion = 2, double excess = 0, double nullStrength = -1, double shift = 0) =>
        Samples.Modes(_folder.Path, seed, curvature, flatness, diffusion, excess, nullStrength, shift);

    private static Finding Find(Conclusion conclusion, string id) => conclusion.Findings.Single(finding => finding.Id == id);

    [Fact]
    public void Bands_are_those_fixed_before_anything_was_run()
    {
        Assert.Equal(Band.Between(-2.5, -1.5), Bands.CurvatureExponent);
        Assert.Equal(Band.Between(0.5, 1.5), Bands.MinimumExponent);
        Assert.Equal(Band.Between(0.8, 1.25), Bands.SameFlatness);
        Assert.Equal(Band.Within(0.4), Bands.SameSum);
        Assert.Equal(Band.Within(0.5), Bands.SameOrder);
        Assert.Equal(Band.Between(0.8, 1.2), Bands.SameScaling);
        Assert.Equal(Band.Above(0.9), Bands.SameShape);
        Assert.Equal(Band.Below(-0.5), Bands.Inverse);
        Assert.Equal(Band.Below(0.2), Bands.Common);
    }

    [Fact]
    public void Values_are_those_that_the_cells_were_made_with()
    {
        var conclusion = Conclude(Modes());
        Assert.Equal(["FT-11", "FT-12", "FT-13", "FT-14"], conclusion.Findings.Select(finding => finding.Id));
        Values("FT-11", -2, 1, 1.1, 0.99);
        Values("FT-12", 2.5, 1.5, 0);
        Values("FT-13", Math.Log10(2), 1);
        Values("FT-14", 1, -1, 1, 1);
        string notes = string.Join('\n', conclusion.Findings.SelectMany(finding => finding.Notes));
        Assert.Contains("without a minimum in the window 2% of the minibatches, too steep for the fit 1%", notes, StringComparison.Ordinal);
        Assert.Contains("α²⟨(L₀Mθ̃)²⟩ is 1.50 times the product of means", notes, StringComparison.Ordinal);
        Assert.Contains("drift of mode 1 by Eq. 13 3.00e−5 per iteration at the window's end, measured 2.00e−5", notes, StringComparison.Ordinal);
        Assert.Contains("L₀ and M −0.300", notes, StringComparison.Ordinal);
        // Within a mode M is that of F^−2, and σ̃² doubles and triples while F grows by 10% and 20%: no exponent of 1.
        Assert.Contains("of M⁽⁰⁾ −2.00, of σ̃", notes, StringComparison.Ordinal);

        // Δᵥ ~ F^−2.3 in the middle window and T(0) = 1e−9 F^−2: 50 F^−0.3 at the median rank of 100½, F = 5.51.
        Assert.Contains("Δᵥ/(2αT(0)), median over modes: 30.0;", notes, StringComparison.Ordinal);
        Assert.Matches(@"T\(0\) ~ F\^x with x = −2(\.0+)?\.", notes);
        Assert.Matches(@"Over epochs T\(0\) ~ L\^x with x = 1(\.0+)? \(median over modes\), from 20 times\.", notes);
        Assert.Contains("Within the middle window alone: χ 2.30, ξ 1.50.", notes, StringComparison.Ordinal);

        void Values(string id, params double[] expected)
        {
            var found = Find(conclusion, id).Measurements;
            Assert.Equal(expected.Length, found.Count);
            for (int i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(found[i].Value - expected[i]) < 1e-6, $"{id}, {found[i].Name}: {found[i].Value}, not {expected[i]}");
        }
    }

    [Theory]
    [InlineData("FT-11", "holds")]
    [InlineData("FT-12", "holds; distinct from the nulls")]
    [InlineData("FT-13", "holds")]
    public void Verdicts_hold_where_three_seeds_have_the_law(string id, string verdict) =>
        Assert.Equal(verdict, Find(Conclude(Modes(1), Modes(2, curvature: -2.02, flatness: 1.11, diffusion: 2.1, excess: 0.01, shift: 0.01), Modes(3, curvature: -1.98, flatness: 1.09, diffusion: 1.9, excess: -0.01, shift: -0.01)), id).VerdictText);

    [Fact]
    public void Verdicts_follow_from_the_cells()
    {
        Assert.Equal("fails (exponent of M⁽⁰⁾ ~ F^x lies outside its band, 1 of 4 measurements)", Find(Conclude(Modes(1, curvature: -1), Modes(2, curvature: -1.01), Modes(3, curvature: -0.99)), "FT-11").VerdictText);
        Assert.Equal("fails (predicted F/measured F lies outside its band, 1 of 4 measurements)", Find(Conclude(Modes(1, flatness: 2), Modes(2, flatness: 2.01), Modes(3, flatness: 2.02)), "FT-11").VerdictText);
        Assert.Equal("fails (χ + ξ − ψ lies outside its band, 1 of 3 measurements); not told apart from isotropic walk, epoch-balanced walk and shuffled steps", Find(Conclude(Modes(1, excess: 1), Modes(2, excess: 1.01), Modes(3, excess: 1.02)), "FT-12").VerdictText);
        Assert.Equal("fails (log₁₀(predicted/measured) lies outside its band, 1 of 2 measurements)", Find(Conclude(Modes(1, diffusion: 20), Modes(2, diffusion: 21), Modes(3, diffusion: 22)), "FT-13").VerdictText);
        Assert.Equal("shared with isotropic walk, epoch-balanced walk and shuffled steps (an artefact of the analysis)", Find(Conclude(Modes(1, nullStrength: 1), Modes(2, nullStrength: 1), Modes(3, nullStrength: 1)), "FT-12").EvidenceText);
    }

    private FinishedCell<NoiseCell>[] Layers(Func<double, double, double> late) =>
        [.. Enumerable.Range(1, 3).Select(seed => Samples.Layers(_folder.Path, Samples.Signals([0.9 + 0.01 * seed, 1.0, 1.1], (t, exponent) => Math.Pow(1 + 1e-3 * seed, t / 1e5) * late(t, exponent)), seed))];

    [Fact]
    public void Layers_are_judged_by_their_regimes_and_by_the_signs_of_their_rates()
    {
        var holds = Find(Conclude(Layers((t, exponent) => Math.Pow(t / 1000, -exponent))), "MU-1");
        string[] late = ["spread of late exponents of the {0}, ReLU", "late rate/earlier rate of the {0}, ReLU", "earlier rate of the {0}, ReLU", "late rate of the {0}, ReLU"];
        Assert.Equal(
            ["early ln(signal/deviation), ReLU", "late ln(signal/deviation), ReLU", .. late.Select(name => string.Format(null, name, "signal")), .. late.Select(name => string.Format(null, name, "deviation"))],
            holds.Measurements.Select(m => m.Name));
        Assert.All(holds.Measurements.Skip(2), m => Assert.True(m.IsInside, m.Name));
        // Signals that rise again, ever more slowly: the later half's rate over the earlier half's is the same as where they fall.
        var grows = Find(Conclude(Layers((t, exponent) => 0.01 * Math.Pow(t / 1000, 0.2 * exponent))), "MU-1");
        Assert.True(grows.Measurements[3].IsInside, "the ratio of rates lies in its band");
        Assert.Contains("earlier rate of the signal, ReLU; late rate of the signal, ReLU; ", grows.VerdictText, StringComparison.Ordinal);
        Assert.StartsWith("fails (", grows.VerdictText, StringComparison.Ordinal);
    }

    /// <summary>A signal that falls from the first time on may have been greater before, so that 'early' is cut short.</summary>
    [Fact]
    public void A_maximum_at_the_first_time_decides_nothing()
    {
        var falling = Enumerable.Range(1, 3).Select(seed => Samples.Layers(_folder.Path, [.. Samples.Signals([0.9, 1, 1.1 + 0.01 * seed]).Select(row => row.Iteration > 100 ? row : row with { Signal = 10 * row.Layer / Math.Pow(1 + row.Iteration, 0.1 + 0.001 * seed), Deviation = 1 })], seed));
        var finding = Find(Conclude([.. falling]), "MU-1");
        Assert.All(finding.Measurements, m => Assert.Equal($"{m.Name}: in a cell the maximum or the change point lies at the edge of the times measured", m.NothingFollows));
        Assert.Equal(Verdict.Undecided, finding.Verdict);
    }

    [Fact]
    public void Intervals_are_over_seeds_from_three_on_and_over_modes_below()
    {
        Assert.Equal("3 seeds", Find(Conclude(Modes(1), Modes(2, curvature: -2.1), Modes(3)), "FT-11").Measurements[0].IntervalOver);
        Assert.Equal("199 modes, one cell", Find(Conclude(Modes(1), Modes(2, curvature: -2.1)), "FT-11").Measurements[0].IntervalOver);
    }

    [Fact]
    public void A_cell_that_failed_is_named_and_nothing_measured_is_said()
    {
        var failed = new FinishedCell<NoiseCell>(Samples.Cell(NoisePart.Modes), _folder.Path, CellEnding.Failed("diverged"));
        var conclusion = Conclude(failed);
        Assert.Empty(conclusion.Findings);
        Assert.Contains(conclusion.Notes, note => note.StartsWith("No cell was measured", StringComparison.Ordinal));
        Assert.Contains("modes of fc:784-50-50-10, B = 50, α = 0.1, seed 1: left out, diverged", conclusion.Notes);
    }

    [Fact]
    public void Figures_are_drawn_from_a_cell()
    {
        string folder = Environment.GetEnvironmentVariable("TALWEG_GALLERY") ?? _folder.Path;
        var figures = Conclude(Modes()).Figures;
        Assert.Equal(9, figures.Count);
        Assert.All(figures, figure =>
        {
            figure.Save(folder);
            Assert.True(new FileInfo(Path.Combine(folder, figure.Name + ".png")).Length > 10_000, figure.Name);
        });
    }
}
