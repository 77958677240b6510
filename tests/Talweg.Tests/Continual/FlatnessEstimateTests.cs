using CsCheck;
using Talweg.Continual;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Continual;

public sealed class FlatnessEstimateTests
{
    [Fact]
    public void The_exponent_is_exact_and_the_geometric_mean_1() =>
        Gen.Select(Gen.Double[1e-9, 1e3].Array[1, 20], Gen.Double[0.5, 8]).Sample((variances, psi) =>
        {
            var found = FlatnessEstimate.FromVariances(variances, psi);
            for (int i = 0; i < variances.Length; i++)
            {
                // σ² ~ F^−ψ: ratios need no constant.
                Close.Assert(Math.Pow(variances[0] / variances[i], 1 / psi), found[i]!.Value / found[0]!.Value, 1e-10);
            }

            Close.Assert(1, Math.Exp(found.Average(f => Math.Log(f!.Value))), 1e-12);
        });

    /// <summary>The middle mode's side is open: it counts in neither mean, and has an estimate all the same.</summary>
    [Fact]
    public void The_geometric_mean_is_the_measured_one_over_the_modes_that_have_any()
    {
        double[] variances = [16, 1, 0.0625];
        var found = FlatnessEstimate.FromVariances(variances, 4, [1, null, 4]);
        // σ^(−2/4) is ½, 1, 2, of geometric mean 1 over the outer two; the measured one is 2.
        Assert.Equal([1, 2, 4], found.Select(f => f!.Value), (one, other) => Math.Abs(one - other) < 1e-12);
        found = FlatnessEstimate.FromVariances(variances, 4, [0.3, 7, 2.5]);
        Close.Assert(Math.Pow(0.3 * 7 * 2.5, 1.0 / 3), Math.Pow(found[0]!.Value * found[1]!.Value * found[2]!.Value, 1.0 / 3), 1e-12);
    }

    [Fact]
    public void An_estimate_that_is_the_measurement_stays_so()
    {
        double[] measured = [0.1, 0.5, 3];
        double[] variances = [.. measured.Select(f => 7 * Math.Pow(f, -2.5))];
        var found = FlatnessEstimate.FromVariances(variances, 2.5, [.. measured.Select(f => (double?)f)]);
        for (int i = 0; i < 3; i++)
            Close.Assert(measured[i], found[i]!.Value, 1e-12);
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        foreach (double psi in (double[])[0, -1, double.NaN, double.PositiveInfinity])
            Assert.StartsWith("ψ must be a positive number.", Assert.Throws<ArgumentOutOfRangeException>(() => FlatnessEstimate.FromVariances([1], psi)).Message, StringComparison.Ordinal);
        foreach (double variance in (double[])[0, -1, double.NaN])
        {
            Assert.StartsWith($"Variances must be positive, but that of mode 2 is {variance}.",
                Assert.Throws<ArgumentException>(() => FlatnessEstimate.FromVariances([1, variance], 4)).Message, StringComparison.Ordinal);
        }

        Assert.StartsWith("There are 2 variances, but 1 values of flatness.", Assert.Throws<ArgumentException>(() => FlatnessEstimate.FromVariances([1, 1], 4, [1])).Message, StringComparison.Ordinal);
        Assert.StartsWith("No mode has a measured flatness to match: all sides are open.",
            Assert.Throws<ArgumentException>(() => FlatnessEstimate.FromVariances([1, 1], 4, [null, null])).Message, StringComparison.Ordinal);
    }
}
