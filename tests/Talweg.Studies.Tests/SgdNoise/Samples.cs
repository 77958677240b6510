using Talweg.Studies.Running;
using Talweg.Studies.SgdNoise;

namespace Talweg.Studies.Tests.SgdNoise;

/// <summary>Cells with numbers made up after known laws, as if they had been measured.</summary>
internal static class Samples
{
    public const int ModeCount = 200;

    public static NoiseCell Cell(NoisePart part, long seed = 1) => new()
    {
        Part = part,
        Data = "synthetic",
        Network = "fc:784-50-50-10",
        Layer = 2,
        Samples = 0,
        BatchSize = 50,
        LearningRate = 0.1,
        Seed = seed,
        MaxEpochs = 200,
        WindowEpochs = 10,
        Windows = 3,
        Modes = ModeCount,
        FewModes = 40,
        Times = 20,
    };

    /// <summary>Fᵢ of window w: grows with the rank, and a tenth from window to window.</summary>
    public static double Flatness(int rank, int window = 1) => 0.5 * Math.Sqrt(rank) * (1 + 0.1 * window);

    /// <summary>
    /// Δᵥ ~ F^−χ in the first window, τ ~ F^−ξ in the middle one, σ² ~ F^−ψ in the last, ψ = χ + ξ − excess; other exponents elsewhere. Mode 1 obeys
    /// none, and the others have a mean velocity of half their Δᵥ^½.
    /// </summary>
    public static IReadOnlyList<MotionRow> Motion(int window, double chi = 2.5, double xi = 1.5, double excess = 0) =>
        [.. Enumerable.Range(1, ModeCount).Select(rank => MotionOf(rank, window, chi - 0.2 * window, xi + 0.4 * (window - 1), excess))];

    private static MotionRow MotionOf(int rank, int window, double chi, double xi, double excess)
    {
        double flatness = Flatness(rank, window);
        double velocity = 1e-8 * Math.Pow(flatness, -chi) * (rank == 1 ? 100 : 1);
        double time = 1e4 * Math.Pow(flatness, -xi) * (rank == 1 ? 100 : 1);
        return new()
        {
            Rank = rank,
            Variance = velocity * time * Math.Pow(flatness, excess),
            Flatness = flatness,
            VelocityVariance = velocity,
            VelocityVarianceError = 0.1 * velocity,
            CorrelationTime = time,
            CorrelationTimeError = 0.1 * time,
            MeanVelocity = rank == 1 ? 2e-5 : 0.5 * Math.Sqrt(velocity),
        };
    }

    /// <summary>M ~ F^−2 and σ̃ ~ F over modes but the first; predicted F and D as many times the measured ones as told.</summary>
    public static IReadOnlyList<EnsembleRow> Ensemble(int window, double curvature = -2, double flatness = 1.1, double diffusion = 2, double shift = 0) => [.. Enumerable.Range(1, ModeCount).Zip(Motion(window), (rank, motion) => new EnsembleRow
    {
        Rank = rank,
        Flatness = Flatness(rank, window),
        Minibatches = 1200,
        TooSteep = 12,
        Unbounded = 24,
        MedianRSquared = 0.99 + 0.1 * shift,
        MinimumMean = 0,
        MinimumVariance = 0.04 * Math.Pow(Flatness(rank), 2 + shift) * (1 + window) * (rank == 1 ? 100 : 1),
        Curvature = 6 * Math.Pow(Flatness(rank, window), curvature) * (rank == 1 ? 100 : 1),
        CurvatureVariance = 1,
        PredictedFlatnessLow = 0.9 * flatness * Flatness(rank, window),
        PredictedFlatness = flatness * Flatness(rank, window),
        PredictedDiffusion = diffusion * Math.Pow(Flatness(rank), shift) * (motion.VelocityVariance + Math.Pow(motion.MeanVelocity, 2)) * (rank == 1 ? 100 : 1),
        CorrelatedDiffusion = 3e-8,
        MeanFieldDiffusion = 2e-8,
        PredictedDrift = rank == 1 ? 3e-5 : 0,
        LossCurvature = -0.3,
        LossMinimum = rank % 2 == 0 ? 0.2 : -0.2,
        CurvatureMinimum = 0.1,
        MinimumSkewness = rank % 2 == 0 ? 0.5 : -0.5,
        MinimumKurtosis = 3,
        CurvatureSkewness = 1.5,
        CurvatureKurtosis = 4,
    })];

    /// <summary>T ~ F^−2·L of a mode but the first, the loss rising as a parabola of ln L along it.</summary>
    public static TemperatureRow Temperature(long iteration, int rank, double displacement, double loss, int? epoch = null) => new()
    {
        Iteration = iteration,
        Epoch = epoch,
        Rank = rank,
        Displacement = displacement,
        Temperature = 1e-6 * Math.Pow(Flatness(rank), -2) * loss * Math.Exp(4 * displacement * displacement) * (rank == 1 ? 1e-4 : 1),
        StandardError = 1e-8,
        Loss = loss * Math.Exp(displacement * displacement),
    };

    /// <summary>The same, but off the origin T rises and falls over time whatever the loss does.</summary>
    private static TemperatureRow Wavering(TemperatureRow row, int time) =>
        row with { Temperature = row.Temperature * (row.Displacement == 0 ? 1 : Math.Exp(5 * Math.Sin(2 * time))) };

    /// <summary>
    /// Signals of as many layers as there are exponents: they rise as √t to update 100, fall slowly to update 1,000, then as <paramref name="late"/> has it, as a power if it is not given. They are four times their deviation
    /// up to 100, then half of it.
    /// </summary>
    public static IReadOnlyList<SignalRow> Signals(double[] exponents, Func<double, double, double>? late = null)
    {
        late ??= (t, exponent) => Math.Pow(t / 1000, -exponent);
        var rows = new List<SignalRow>();
        foreach (long t in Enumerable.Range(0, 201).Select(i => (long)Math.Round(Math.Pow(10, i / 40.0))).Distinct().Prepend(0))
        {
            for (int layer = 1; layer <= exponents.Length; layer++)
            {
                double signal = layer * (t <= 100 ? 0.1 * Math.Sqrt(t) : t <= 1000 ? Math.Pow(t / 100.0, -0.1) : Math.Pow(10, -0.1) * late(t, exponents[layer - 1]));
                rows.Add(new() { Iteration = t, Loss = 1, Layer = layer, Signal = signal, Deviation = t <= 100 ? signal / 4 : 2 * signal });
            }
        }

        return rows;
    }

    /// <summary>A cell of layers with such signals.</summary>
    public static FinishedCell<NoiseCell> Layers(string root, IReadOnlyList<SignalRow> signals, long seed = 1)
    {
        string folder = Directory.CreateDirectory(Path.Combine(root, $"layers-{seed}-{Guid.NewGuid()}")).FullName;
        RowTable.Write(Path.Combine(folder, LayersMeasurement.FileName), signals);
        return new(Cell(NoisePart.Layers, seed) with { Network = "fc:784-8-8-10" }, folder, CellEnding.Measured());
    }

    /// <summary>A cell of modes; <paramref name="shift"/> is added to exponents, so that seeds may differ.</summary>
    public static FinishedCell<NoiseCell> Modes(
        string root, long seed = 1, double curvature = -2, double flatness = 1.1, double diffusion = 2, double excess = 0, double nullStrength = -1, double shift = 0) =>
        Write(root, Cell(NoisePart.Modes, seed), window => Motion(window, 2.5 + shift, 1.5 + 2 * shift, excess), window => Ensemble(window, curvature, flatness, diffusion, shift), nullStrength + shift);

    public static FinishedCell<NoiseCell> Write(string root, NoiseCell cell, Func<int, IReadOnlyList<MotionRow>> motion, Func<int, IReadOnlyList<EnsembleRow>> ensemble, double nullStrength = -1)
    {
        string folder = Directory.CreateDirectory(Path.Combine(root, $"{cell.Part}-{cell.Seed}-{Guid.NewGuid()}")).FullName;
        for (int window = 0; window < cell.Windows; window++)
        {
            RowTable.Write(Path.Combine(folder, ModesMeasurement.MotionFile(window)), motion(window));
            RowTable.Write(Path.Combine(folder, ModesMeasurement.EnsembleFile(window)), ensemble(window));
        }

        double[] displacements = [.. Enumerable.Range(-10, 21).Select(i => i / 10.0)];
        RowTable.Write(Path.Combine(folder, "temperatures.parquet"), [.. Enumerable.Range(1, ModeCount).Select(rank => Temperature(60_000, rank, 0, 1e-3))]);
        RowTable.Write(Path.Combine(folder, "temperature-profiles.parquet"), [.. from rank in new[] { 1, 10 } from x in displacements select Temperature(60_000, rank, x, 1e-3)]);
        RowTable.Write(Path.Combine(folder, "temperatures-over-training.parquet"), [
            .. from t in Enumerable.Range(0, 20) from rank in new[] { 1, 10 } from x in displacements select Wavering(Temperature(t == 0 ? 0 : 1L << t, rank, x, 2.3 / (1 + t)), t),
            .. from epoch in Enumerable.Range(1, 20) from rank in new[] { 1, 10 } from x in displacements select Wavering(Temperature(1200 * epoch, rank, x, 2.3 / (1 + epoch), epoch), epoch),
        ]);
        RowTable.Write(Path.Combine(folder, "nulls.parquet"), [.. from name in NullWindows.Names from rank in Enumerable.Range(2, 30) select new SurrogateRow
        {
            Surrogate = name,
            Rank = rank,
            Flatness = Flatness(rank),
            VelocityVariance = 1e-8 * Math.Pow(Flatness(rank), -nullStrength),
            CorrelationTime = 200 * Math.Pow(Flatness(rank), -nullStrength),
        }]);
        RowTable.Write(Path.Combine(folder, "minibatch-valleys.parquet"), [.. Enumerable.Range(0, 1200).Select(minibatch => new ValleyRow
        {
            Minibatch = minibatch,
            Minimum = minibatch % 10 == 0 ? null : Math.Sin(minibatch),
            Curvature = minibatch % 10 == 0 ? null : Math.Exp(Math.Cos(minibatch)),
            LossAtOrigin = 1e-3 * (2 + Math.Sin(3 * minibatch)),
        })]);
        RowTable.Write(Path.Combine(folder, "minibatch-profiles.parquet"), [.. from minibatch in Enumerable.Range(-1, 4) from x in displacements select new ProfileRow
        {
            Minibatch = minibatch,
            Displacement = x,
            Loss = 1e-3 * Math.Exp(Math.Pow(x - 0.2 * minibatch, 2)),
        }]);
        return new(cell, folder, CellEnding.Measured());
    }
}
