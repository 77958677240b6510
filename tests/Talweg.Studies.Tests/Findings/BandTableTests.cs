using Talweg.Studies.Findings;

namespace Talweg.Studies.Tests.Findings;

/// <summary>Every band of every study as measures.md fixes it, written here by hand, against the bands that the findings use.</summary>
/// <remarks>"above", "below", "over", &gt; and &lt; exclude their end, "to", ±, ≥ and ≤ include it.</remarks>
public sealed class BandTableTests : IDisposable
{
    /// <summary>Finding, what stands in a measurement's name, and the band in the words of measures.md. The first line that fits counts.</summary>
    private static readonly (string Finding, string Name, string Band)[] Table =
    [
        ("FT-1", "slope after / slope before", "0 to 0.5"),
        ("FT-1", "slope before", "< 0"),
        ("FT-1", "slope after", "< 0"),
        ("FT-2", "γ", "2 to 3"),
        ("FT-2", "σ₁²/σ₂²", "> 10"),
        ("FT-3", "modes for 90%", "20 to 60"),
        ("FT-4", "straightness of mode 1", "> 0.9"),
        ("FT-4", "persistence of mode 1", "> 0.9"),
        ("FT-4", "median persistence of modes 2–200", "< 0.3"),
        ("FT-5", "|cos(p₁, w₀)|", "> 0.5"),
        ("FT-5", "median R² of ΔY(θ₁)", "> 0.9"),
        ("FT-5", "β", "> 0"),
        ("FT-6", "median R²", "> 0.95"),
        ("FT-7", "Spearman(i, F)", "> 0.5"),
        ("FT-8", "ψ", "3 to 5"),
        ("FT-9", "four hidden layers, layer 2", "< 0"),
        ("FT-10", "share with F: modes of vanishing or negative curvature", "> 0.95"),
        ("FT-10", "share with F: bottom eigenvectors of vanishing curvature", "> 0.95"),
        ("FT-10", "share with F: eigenvectors of negative curvature", "> 0.95"),
        ("FT-10", "share with F: random directions of vanishing curvature", "> 0.95"),
        ("FT-11", "exponent of M⁽⁰⁾", "-2.5 to -1.5"),
        ("FT-11", "exponent of σ̃", "0.5 to 1.5"),
        ("FT-11", "predicted F/measured F", "0.8 to 1.25"),
        ("FT-11", "median R² of minibatch fits", "> 0.95"),
        ("FT-12", "χ of", "> 0"),
        ("FT-12", "ξ of", "> 0"),
        ("FT-12", "χ + ξ − ψ", "-0.4 to 0.4"),
        ("FT-13", "log₁₀(predicted/measured)", "-0.5 to 0.5"),
        ("FT-13", "exponent of ⟨v²⟩", "0.8 to 1.2"),
        ("FT-14", "Spearman(T(δθ), L(δθ))", "> 0.9"),
        ("FT-14", "Spearman(T(0), F)", "< -0.5"),
        ("FT-14", "Spearman(T(0), L) over epochs", "> 0.9"),
        ("FT-14", "Spearman(T(0), L) over ln update", "> 0.9"),
        ("FT-15", "rise of ε₁ without constraints", ">= 0.2"),
        ("FT-15", "rise of ε₁ with λ = 10, N_c = 200", "<= 0.02"),
        ("FT-15", "ε₂ with them minus ε₂ without", "<= 0.01"),
        ("FT-15", "median q/ξ", "< 1"),
        ("FT-16", "LDC minus EWC, exact Fisher", "> 0"),
        ("FT-16", "LDC minus EWC, empirical Fisher", "> 0"),
        ("FT-16", "LDC minus EWC, squared minibatch gradients", "> 0"),
        ("FT-17", "log₁₀ of LDC's best N_c", "2 to 2.6020599913279625"),       // log₁₀ of 100 and of 400
        ("FT-17", "LDC: 200 modes minus all", "<= 0"),
        ("FT-17", "EWC: all weights minus 200", "<= 0"),
        ("FT-18", "ψ = 2", "-0.02 to 0.02"),
        ("FT-18", "ψ = 3", "-0.02 to 0.02"),
        ("FT-18", "ψ = 4", "-0.02 to 0.02"),
        ("FT-18", "ψ = 5", "-0.02 to 0.02"),
        ("FT-19", "LDC minus EWC, exact Fisher", "< 0"),
        ("FT-19", "LDC minus none", "< 0"),
        ("FT-20", "exponent under constant temperature", "1.5 to 2.5"),
        ("FT-20", "exponent under SGD", "< 0"),
        ("FT-20", "drift of the thermal loss", "-0.1 to 0.1"),
        ("FT-21", "test error: + noise spread by flatness − SGD", "-0.005 to 0.005"),
        ("FT-21", "test error: gradient descent − SGD", "> 0"),
        ("FT-21", "test error: + constant isotropic noise − SGD", "> 0"),
        ("FT-21", "test error: gradient descent − + noise spread by flatness", "> 0"),
        ("FT-21", "test error: + constant isotropic noise − + noise spread by flatness", "> 0"),
        ("FT-21", "F/√L: gradient descent over SGD", "< 1"),
        ("FT-21", "F/√L: + constant isotropic noise over SGD", "< 1"),
        ("FT-21", "F/√L: + noise spread by flatness over SGD", "0.9 to 1.1"),
        ("FT-22", "slope of D_s", "-0.2 to 0.2"),
        ("FT-22", "slope of D_L at 90%", "-0.2 to 0.2"),
        ("FT-22", "slope of D_L at 99%", "-0.2 to 0.2"),
        ("FT-23", "ψ(2) − ψ(e)", "-0.4 to 0.4"),
        ("FT-24", "exponent of v₁", "0.7 to 1.3"),
        ("TW-1", "change of ψ, modes 20–200", "-0.4 to 0.4"),
        ("TW-1", "change of ψ, modes 2–1000", "-0.4 to 0.4"),
        ("TW-1", "change of ψ, Theil–Sen", "-0.4 to 0.4"),
        ("TW-2", "change of ψ, mean weights", "-0.4 to 0.4"),
        ("TW-3", "change of ψ, window starts 1 window earlier", "-0.4 to 0.4"),
        ("TW-3", "change of ψ, window starts 1 window later", "-0.4 to 0.4"),
        ("TW-4", "change of ψ, standardised inputs", "-0.4 to 0.4"),
        ("TW-5", "change of ψ, with replacement", "-0.4 to 0.4"),
        ("TW-6", "ρ(F, pᵀHp)", "< -0.5"),
        ("TW-6", "R² of ln F by the parabola", "< 0.9"),
        ("TW-7", "overlap", "> 0.5"),
        ("MU-1", "early ln(signal/deviation)", "> 0"),
        ("MU-1", "late ln(signal/deviation)", "< 0"),
        ("MU-1", "spread of late exponents of the signal", "< 0.2"),
        ("MU-1", "spread of late exponents of the deviation", "< 0.2"),
        ("MU-1", "late rate/earlier rate of the signal", "0 to 1"),
        ("MU-1", "late rate/earlier rate of the deviation", "0 to 1"),
        ("MU-1", "earlier rate of the signal", "> 0"),
        ("MU-1", "earlier rate of the deviation", "> 0"),
        ("MU-1", "late rate of the signal", "> 0"),
        ("MU-1", "late rate of the deviation", "> 0"),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void Every_measurement_is_held_against_the_band_of_measures(int seeds)
    {
        var used = new HashSet<int>();
        foreach (var finding in AllStudies.Findings(_folder.Path, seeds))
        {
            Assert.NotEmpty(finding.Measurements);
            foreach (var measurement in finding.Measurements)
            {
                string name = measurement.Stop.Length == 0 ? measurement.Name : measurement.Name[(measurement.Name.IndexOf($"{measurement.Stop}: ", StringComparison.Ordinal) + measurement.Stop.Length + 2)..];
                int line = Array.FindIndex(Table, row => row.Finding == finding.Id && name.StartsWith(row.Name, StringComparison.Ordinal));
                Assert.True(line >= 0, $"{finding.Id}: {measurement.Name} stands in no line of the table");
                Assert.True(Words(measurement.Band) == Table[line].Band, $"{finding.Id}: {measurement.Name} is held against {Words(measurement.Band)}, not {Table[line].Band}");
                used.Add(line);
            }
        }

        Assert.Equal([], Table.Where((_, line) => !used.Contains(line)).Select(row => $"{row.Finding}: {row.Name}"));
    }

    private static string Words(Band band) => (band.ExcludesLow, band.ExcludesHigh, double.IsInfinity(band.Low), double.IsInfinity(band.High)) switch
    {
        (true, false, false, true) => FormattableString.Invariant($"> {band.Low:R}"),
        (false, false, false, true) => FormattableString.Invariant($">= {band.Low:R}"),
        (false, true, true, false) => FormattableString.Invariant($"< {band.High:R}"),
        (false, false, true, false) => FormattableString.Invariant($"<= {band.High:R}"),
        (false, false, false, false) => FormattableString.Invariant($"{band.Low:R} to {band.High:R}"),
        _ => $"{band}",
    };
}
