using Talweg.Studies.Findings;
using Talweg.Studies.SgdNoise;

namespace Talweg.Studies.Tests.SgdNoise;

/// <summary>FT-11 to FT-14 from tables of which no two numbers are alike, by plain formulas over modes 2 to 200. Mode 1 and modes from 201 on are far off everything.</summary>
public sealed class NoiseNumbersTests
{
    private const int Modes = 230;

    private static readonly NoiseCell Cell = Samples.Cell(NoisePart.Modes);

    /// <summary>A number from 1 to 2 for every quantity, mode and window.</summary>
    private static double Number(int quantity, int rank, int window = 0) => 1 + Math.Abs(Math.Sin(1.3 + 2.7 * quantity + 0.9 * rank + 3.7 * window + 0.01 * quantity * rank * (window + 1)));

    private static double Wild(int rank) => rank is >= 2 and <= 200 ? 1 : 1e4;

    private static double Law(int quantity, int rank, int window, double exponent) => Math.Pow(rank, exponent) * Number(quantity, rank, window) * Wild(rank);

    private static double F(int rank, int window) => 0.1 * Math.Pow(rank, 0.5) * Number(1, rank, window);

    private static MotionRow Motion(int rank, int window) => new()
    {
        Rank = rank,
        Variance = Law(2, rank, window, -1.4),
        Flatness = rank == 77 ? null : F(rank, window),
        VelocityVariance = 1e-8 * Law(3, rank, window, -0.8),
        VelocityVarianceError = 1e-9 * Law(4, rank, window, -0.8),
        CorrelationTime = rank == 78 ? null : 1e3 * Law(5, rank, window, -0.6),
        CorrelationTimeError = 1e2 * Law(6, rank, window, -0.6),
        MeanVelocity = (rank % 2 == 0 ? 1e-5 : -1e-5) * Law(7, rank, window, -0.4),
    };

    private static EnsembleRow Ensemble(int rank, int window) => new()
    {
        Rank = rank,
        Flatness = rank == 77 ? null : F(rank, window),
        Minibatches = 1200,
        TooSteep = rank % 5,
        Unbounded = rank % 7,
        MedianRSquared = rank == 80 ? null : 1 - 0.1 * Number(8, rank, window),
        MinimumMean = 0,
        MinimumVariance = rank == 79 ? null : 0.01 * Law(9, rank, window, 1),
        Curvature = rank == 79 ? null : Law(10, rank, window, -1),
        CurvatureVariance = 1,
        PredictedFlatnessLow = 0.8 * Law(11, rank, window, 0.5),
        PredictedFlatness = rank == 79 ? null : 0.1 * Law(12, rank, window, 0.5),
        PredictedDiffusion = rank == 79 ? null : 2e-8 * Law(13, rank, window, -0.7),
        CorrelatedDiffusion = 3e-8 * Law(14, rank, window, -0.7),
        MeanFieldDiffusion = 2e-8 * Law(15, rank, window, -0.7),
        PredictedDrift = 1e-5 * Law(16, rank, window, 0),
        LossCurvature = Number(17, rank) - 1.7,
        LossMinimum = Number(18, rank) - 1.6,
        CurvatureMinimum = Number(19, rank) - 1.5,
        MinimumSkewness = Number(20, rank) - 1.4,
        MinimumKurtosis = Number(21, rank) * 3,
        CurvatureSkewness = Number(22, rank) * 2,
        CurvatureKurtosis = Number(23, rank) * 4,
    };

    private static TemperatureRow Temperature(long iteration, int? epoch, int rank, double displacement, int salt) => new()
    {
        Iteration = iteration,
        Epoch = epoch,
        Rank = rank,
        Displacement = displacement,
        Temperature = 1e-7 * Law(24 + salt, rank, (int)(iteration % 997), -0.9) * Number(30 + salt, (int)(100 * (displacement + 3))),
        StandardError = 1e-8 * Law(25 + salt, rank, (int)(iteration % 997), -0.9),
        Loss = Number(26 + salt, (int)(iteration % 9973) + 17 * rank, (int)(100 * (displacement + 3))),
    };

    private static readonly double[] Displacements = [-1.5, -1.1, -0.8, -0.6, -0.45, -0.3, -0.05, 0.1, 0.25, 0.4, 0.75, 0.9, 1.35];

    private static readonly long[] Updates = [0, 1, 3, 12, 42, 144, 500, 1100, 1900, 2600, 3000];

    private static readonly int[] Followed = [1, 2, 10, 30, 100];

    private static MeasuredModes Measured() => new()
    {
        Cell = Cell,
        Motion = [.. Enumerable.Range(0, 3).Select(window => (IReadOnlyList<MotionRow>)[.. Enumerable.Range(1, Modes).Select(rank => Motion(rank, window))])],
        Ensembles = [.. Enumerable.Range(0, 3).Select(window => (IReadOnlyList<EnsembleRow>)[.. Enumerable.Range(1, Modes).Select(rank => Ensemble(rank, window))])],
        Temperatures = [.. Enumerable.Range(1, Modes).Select(rank => Temperature(60_000, null, rank, 0, 0))],
        TemperatureProfiles = [.. Followed.SelectMany(rank => Displacements.Select(x => Temperature(60_000, null, rank, x, 5)))],
        OverTraining =
        [
            .. from update in Updates from rank in Followed from x in Displacements select Temperature(update, null, rank, x, 10),
            .. from epoch in Enumerable.Range(1, 12) from rank in Followed from x in Displacements select Temperature(1200 * epoch + 7, epoch, rank, x, 15),
        ],
        Nulls = [.. from name in (string[])["isotropic walk", "epoch-balanced walk", "shuffled steps"] from rank in Enumerable.Range(2, 40) select Null(name, rank)],
        Valleys = [],
        MinibatchProfiles = [],
    };

    private static SurrogateRow Null(string name, int rank) => new()
    {
        Surrogate = name,
        Rank = rank,
        Flatness = 0.3 * Math.Pow(rank, 0.3) * Number(40 + name.Length, rank),
        VelocityVariance = 1e-8 * Math.Pow(rank, -0.2) * Number(41 + name.Length, rank),
        CorrelationTime = 100 * Math.Pow(rank, -0.1) * Number(42 + name.Length, rank),
    };

    private static readonly int[] Ranks = [.. Enumerable.Range(2, 199)];

    /// <summary>k of y ~ x^k over modes 2 to 200 that have both.</summary>
    private static double Exponent(Func<int, double?> x, Func<int, double?> y)
    {
        int[] known = [.. Ranks.Where(rank => x(rank) is not null && y(rank) is not null)];
        return Naive.Exponent([.. known.Select(rank => x(rank)!.Value)], [.. known.Select(rank => y(rank)!.Value)]);
    }

    private static double Median(Func<int, double?> of, IEnumerable<int>? ranks = null) => Naive.Median((ranks ?? Ranks).Select(of).OfType<double>());

    private static double? Squared(int rank, int window = 1) => Motion(rank, window).VelocityVariance + Math.Pow(Motion(rank, window).MeanVelocity, 2);

    private static void Values(Finding finding, params double[] expected)
    {
        Assert.Equal(expected.Length, finding.Measurements.Count);
        foreach (var (value, found) in expected.Zip(finding.Measurements))
            Assert.True(Math.Abs(value - found.Value) < 1e-9 * Math.Max(1, Math.Abs(value)), $"{finding.Id}, {found.Name}: {found.Value}, not {value}");
    }

    [Fact]
    public void FT_11_is_of_the_middle_windows_modes_2_to_200()
    {
        var finding = EnsembleFindings.RandomLandscape([Measured()], []);
        Values(
            finding,
            Exponent(rank => Ensemble(rank, 1).Flatness, rank => Ensemble(rank, 1).Curvature),
            Exponent(rank => Ensemble(rank, 1).Flatness, rank => Math.Sqrt(Ensemble(rank, 1).MinimumVariance ?? double.NaN) is var s && double.IsNaN(s) ? null : s),
            Median(rank => Ensemble(rank, 1).PredictedFlatness / Ensemble(rank, 1).Flatness),
            Median(rank => Ensemble(rank, 1).MedianRSquared));
        double all = 199 * 1200;
        Assert.Equal($"{Cell.Label}: without a minimum in the window {Percent(Ranks.Sum(rank => rank % 7) / all)} of the minibatches, too steep for the fit {Percent(Ranks.Sum(rank => rank % 5) / all)}; they are left out of the moments.", finding.Notes[0]);
        Assert.Equal($"With σ_θ² as large as the minima allow, the predicted F is {Text(Median(rank => Ensemble(rank, 1).PredictedFlatnessLow / Ensemble(rank, 1).Flatness))} of the measured one.", finding.Notes[1]);
        Assert.Equal("Mean field takes L₀^μ, M^μ and θ̃^μ for independent; measured correlations (medians over modes): "
            + $"L₀ and M {Of(row => row.LossCurvature)}, L₀ and θ̃ {Of(row => row.LossMinimum)} (absolute {Of(row => Math.Abs(row.LossMinimum!.Value))}), M and θ̃ {Of(row => row.CurvatureMinimum)} (absolute {Of(row => Math.Abs(row.CurvatureMinimum!.Value))}).", finding.Notes[2]);
        Assert.Equal("Mean field takes them for normal; measured skewness and excess kurtosis (medians over modes): "
            + $"M {Of(row => row.CurvatureSkewness)} and {Of(row => row.CurvatureKurtosis)}, θ̃ {Of(row => Math.Abs(row.MinimumSkewness!.Value))} (absolute) and {Of(row => row.MinimumKurtosis)}.", finding.Notes[3]);
        Assert.Equal($"Over windows in time, mode by mode: exponents against F of M⁽⁰⁾ {Text(OverTime(row => row.Curvature))}, of σ̃ {Text(OverTime(row => row.MinimumVariance) / 2)}, from 3 windows.", finding.Notes[4]);

        string Of(Func<EnsembleRow, double?> of) => Text(Median(rank => of(Ensemble(rank, 1))));
    }

    /// <summary>One slope for all modes, each with its own level: logarithms less the mode's mean over the windows.</summary>
    private static double OverTime(Func<EnsembleRow, double?> of)
    {
        List<double> x = [], y = [];
        foreach (int rank in Ranks)
        {
            EnsembleRow[] rows = [.. Enumerable.Range(0, 3).Select(window => Ensemble(rank, window)).Where(row => row.Flatness is not null && of(row) is not null)];
            if (rows.Length == 0)
                continue;
            double meanX = rows.Average(row => Math.Log(row.Flatness!.Value)), meanY = rows.Average(row => Math.Log(of(row)!.Value));
            x.AddRange(rows.Select(row => Math.Log(row.Flatness!.Value) - meanX));
            y.AddRange(rows.Select(row => Math.Log(of(row)!.Value) - meanY));
        }

        return Plain.Slope(x, y);
    }

    [Fact]
    public void FT_12_takes_each_exponent_from_a_window_of_its_own_and_its_nulls_from_the_surrogates()
    {
        var finding = VelocityFindings.Of([Measured()]);
        double chi = -Exponent(rank => Motion(rank, 0).Flatness, rank => Motion(rank, 0).VelocityVariance);
        double xi = -Exponent(rank => Motion(rank, 1).Flatness, rank => Motion(rank, 1).CorrelationTime);
        double psi = -Exponent(rank => Motion(rank, 2).Flatness, rank => Motion(rank, 2).Variance);
        Values(finding, chi, xi, chi + xi - psi);

        // Of independent windows the variances add up, and so do the squares of half widths.
        var last = Laws.Exponent(Ranks.Select(rank => (Motion(rank, 2).Flatness, (double?)Motion(rank, 2).Variance))).Interval!.Value;
        double half = Math.Sqrt(((Statistics.Interval[])[finding.Measurements[0].Interval!.Value, finding.Measurements[1].Interval!.Value, last]).Sum(interval => Math.Pow(interval.Width / 2, 2)));
        Assert.Equal(chi + xi - psi - half, finding.Measurements[2].Interval!.Value.Low, 1e-9);
        Assert.Equal(chi + xi - psi + half, finding.Measurements[2].Interval!.Value.High, 1e-9);
        foreach (var (name, i) in ((string[])["isotropic walk", "epoch-balanced walk", "shuffled steps"]).Select((name, i) => (name, i)))
        {
            int[] ranks = [.. Enumerable.Range(2, 40)];
            double[] f = [.. ranks.Select(rank => Null(name, rank).Flatness!.Value)];
            Assert.Equal(name, finding.Measurements[0].Nulls[i].Surrogate);
            Assert.Equal(-Naive.Exponent(f, [.. ranks.Select(rank => Null(name, rank).VelocityVariance)]), finding.Measurements[0].Nulls[i].Value, 1e-9);
            Assert.Equal(-Naive.Exponent(f, [.. ranks.Select(rank => Null(name, rank).CorrelationTime!.Value)]), finding.Measurements[1].Nulls[i].Value, 1e-9);
        }

        Assert.Empty(finding.Measurements[2].Nulls);
        int[] all = [.. Enumerable.Range(1, Modes)];
        Assert.StartsWith($"ψ of the last window is {Text(psi)}.", finding.Notes[0], StringComparison.Ordinal);
        Assert.Equal($"Within the middle window alone: χ {Text(-Exponent(rank => Motion(rank, 1).Flatness, rank => Motion(rank, 1).VelocityVariance))}, ξ {Text(xi)}.", finding.Notes[1]);
        Assert.Equal($"Standard errors by blocking over epochs, median over modes: Δᵥ {Percent(Median(rank => Motion(rank, 1).VelocityVarianceError / Motion(rank, 1).VelocityVariance, all))}, "
            + $"τ {Percent(Median(rank => Motion(rank, 1).CorrelationTimeError / Motion(rank, 1).CorrelationTime, all))}.", finding.Notes[2]);
    }

    [Fact]
    public void FT_13_compares_the_predicted_constant_with_the_mean_square_velocity()
    {
        var measured = Measured();
        var finding = EnsembleFindings.Diffusion([measured], []);
        Values(
            finding,
            Median(rank => Ensemble(rank, 1).PredictedDiffusion is { } d ? Math.Log10(d / Squared(rank)!.Value) : null),
            Exponent(rank => Ensemble(rank, 1).PredictedDiffusion, rank => Squared(rank)));
        Assert.Equal($"Not taking L₀^μ, M^μ and θ̃^μ for independent, α²⟨(L₀Mθ̃)²⟩ is {Text(Median(rank => Ensemble(rank, 1).CorrelatedDiffusion / Ensemble(rank, 1).MeanFieldDiffusion))} times the product of means (median over modes).", finding.Notes[0]);
        double T(int rank) => Temperature(60_000, null, rank, 0, 0).Temperature;
        Assert.StartsWith($"At the same weights, without the window's motion, D is {Text(Median(rank => Ensemble(rank, 1).PredictedDiffusion / (0.2 * T(rank))))} times the measured 2αT(0), "
            + $"and α²⟨(L₀Mθ̃)²⟩ is {Text(Median(rank => Ensemble(rank, 1).CorrelatedDiffusion / (0.2 * T(rank))))} times (medians over modes)", finding.Notes[1], StringComparison.Ordinal);
        Assert.Equal($"{Cell.Label}: drift of mode 1 by Eq. 13 {Text(Ensemble(1, 1).PredictedDrift!.Value)} per iteration at the window's end, measured {Text(Motion(1, 1).MeanVelocity)} over the window.", finding.Notes[2]);
    }

    [Fact]
    public void FT_14_takes_medians_over_modes_and_what_lies_nearest_the_origin()
    {
        var measured = Measured();
        var finding = TemperatureFindings.Of([measured]);
        double[] shape = [.. Followed.Select(rank => Rank(measured.TemperatureProfiles.Where(row => row.Rank == rank)))];
        double[] epochs = [.. Followed.Select(rank => Rank(measured.OverTraining.Where(row => row.Rank == rank && row.Epoch is not null && row.Displacement == -0.05)))];
        double[] updates = [.. Followed.Select(rank => Rank(measured.OverTraining.Where(row => row.Rank == rank && row.Epoch is null && row.Displacement == -0.05)))];
        foreach (double[] each in (double[][])[shape, epochs, updates])
            Assert.InRange(Naive.Median(each), each.Min() + 0.01, each.Max() - 0.01);      // the median is not the largest
        int[] known = [.. Ranks.Where(rank => rank != 77)];
        Values(
            finding,
            Naive.Median(shape),
            Naive.Spearman([.. known.Select(rank => F(rank, 1))], [.. known.Select(rank => Temperature(60_000, null, rank, 0, 0).Temperature)]),
            Naive.Median(epochs),
            Naive.Median(updates));
        double[] cooling = [.. Followed.Select(rank => Exponents(measured.OverTraining.Where(row => row.Rank == rank && row.Epoch is not null && row.Displacement == -0.05)))];
        Assert.Equal($"T(0) ~ F^x with x = {Text(Exponent(rank => Motion(rank, 1).Flatness, rank => Temperature(60_000, null, rank, 0, 0).Temperature))}.", finding.Notes[0]);
        Assert.StartsWith($"Over epochs T(0) ~ L^x with x = {Text(Naive.Median(cooling))} (median over modes), from 12 times.", finding.Notes[1], StringComparison.Ordinal);
        int[] all = [.. Enumerable.Range(1, Modes)];
        Assert.StartsWith($"Δᵥ/(2αT(0)), median over modes: {Text(Median(rank => Motion(rank, 1).VelocityVariance / (0.2 * Temperature(60_000, null, rank, 0, 0).Temperature), all))};", finding.Notes[2], StringComparison.Ordinal);
        Assert.Equal($"Standard error of T(0) over minibatches, median over modes: {Percent(Median(rank => Temperature(60_000, null, rank, 0, 0).StandardError / Temperature(60_000, null, rank, 0, 0).Temperature, all))}.", finding.Notes[3]);

        static double Rank(IEnumerable<TemperatureRow> rows)
        {
            TemperatureRow[] all = [.. rows];
            return Naive.Spearman([.. all.Select(row => row.Loss)], [.. all.Select(row => row.Temperature)]);
        }

        static double Exponents(IEnumerable<TemperatureRow> rows)
        {
            TemperatureRow[] all = [.. rows];
            return Naive.Exponent([.. all.Select(row => row.Loss)], [.. all.Select(row => row.Temperature)]);
        }
    }

    private static string Text(double value) => NumberText.Of(value);

    private static string Percent(double share) => $"{NumberText.Of(100 * share)}%";
}
