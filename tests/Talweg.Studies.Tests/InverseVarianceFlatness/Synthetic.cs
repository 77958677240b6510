using Talweg.Statistics;
using Talweg.Studies.InverseVarianceFlatness;
using Talweg.Studies.Running;
using Talweg.Training;

namespace Talweg.Studies.Tests.InverseVarianceFlatness;

/// <summary>Cells with numbers made up after known laws, as if they had been measured.</summary>
internal static class Synthetic
{
    public const double Gamma = 2.5;
    public const double Psi = 4;

    /// <summary>Flatness at level 2 is 0.8·F to this power, so ψ there is ψ over this power.</summary>
    public const double Level2Power = 1.05;

    /// <summary>Likewise around the mean weights.</summary>
    public const double AroundMeanPower = 0.97;

    /// <summary>σ²ᵢ = i^−γ from mode 2 on, σ₁² = 100, Fᵢ = σᵢ^(−2/ψ) times log-normal noise. Mode 1 persists, the others do not.</summary>
    public static ModeTable Modes(int count = 400, int measured = 400, double gamma = Gamma, double psi = Psi, double noise = 0, long seed = 1)
    {
        var random = new RandomStream(seed, "synthetic modes");
        double[] variance = [.. Enumerable.Range(1, count).Select(i => i == 1 ? 100 : Math.Pow(i, -gamma))];
        double?[] flatness = [.. variance.Select((v, i) => i < measured ? Math.Pow(v, -1 / psi) * Math.Exp(noise * random.NextNormal()) : (double?)null)];
        double?[] Where(double value, double? first = null) =>
            [.. Enumerable.Range(0, count).Select(i => i >= Math.Min(200, measured) ? null : i == 0 ? first ?? value : (double?)value)];
        return new()
        {
            Variance = variance,
            HeldOutVariance = [.. variance.Select((v, i) => i < measured ? v : (double?)null)],
            Flatness = flatness,
            OpenSides = [.. flatness.Select(f => f is null ? (double?)null : 0)],
            FitFlatness = flatness,
            FitRSquared = Where(0.99),
            FlatnessAtLevel2 = [.. flatness.Select(f => f is { } value ? 0.8 * Math.Pow(value, Level2Power) : (double?)null)],
            FlatnessAroundMean = [.. flatness.Select(f => f is { } value ? Math.Pow(value, AroundMeanPower) : (double?)null)],
            Straightness = Where(0.99),
            Persistence = Where(0.1, first: 0.92),
            CorrelationTime = Where(50),
            HeldOutStraightness = Where(0.95),
            HeldOutPersistence = Where(0.12, first: 0.91),
        };
    }

    public static VarianceFlatnessCell Cell(int batchSize = 50, double learningRate = 0.1, long seed = 1) => new()
    {
        Data = "synthetic",
        Network = "fc:784-50-50-10",
        Layer = 2,
        Samples = 0,
        BatchSize = batchSize,
        LearningRate = learningRate,
        Seed = seed,
        Standardised = false,
        Drawing = Drawing.WithoutReplacement,
        MaxEpochs = 200,
        WindowEpochs = 10,
        Modes = 400,
        NullModes = 40,
        MarginSamples = 100,
    };

    public static MeasuredCell Measured(VarianceFlatnessCell cell, params ModeTable[] windows) =>
        new(cell, "", Result(), windows.Length == 1 ? [windows[0], windows[0], windows[0]] : windows, Nulls(seed: cell.Seed));

    public static CellGroup Group(params double[] exponents) =>
        new([.. exponents.Select((psi, i) => Measured(Cell(seed: i + 1), Modes(psi: psi)))]);

    /// <summary>Surrogates whose spectrum falls as i^−1 and whose flatness falls with the rank, but for noise; a little otherwise in every seed.</summary>
    public static NullTable Nulls(double gamma = 1, double psi = -0.5, double noise = 0.3, long seed = 1)
    {
        var modes = Modes(gamma: gamma + 0.01 * seed, psi: psi + 0.01 * seed, noise: noise, seed: seed);
        double?[] still = [.. modes.Variance.Select(_ => (double?)(0.01 * seed))];
        return new() { Surrogates = [.. NullWindows.Names.Select(_ => new NullTable.Surrogate(modes.Variance, modes.Flatness, still, still))] };
    }

    /// <summary>Writes the cell's folder as Measure does.</summary>
    public static FinishedCell<VarianceFlatnessCell> Write(string root, MeasuredCell cell)
    {
        string folder = Directory.CreateDirectory(Path.Combine(root, cell.Cell.Label)).FullName;
        cell.Result.Write(Path.Combine(folder, "result.json"));
        for (int w = 0; w < CellMeasurement.Windows; w++)
            cell.Windows[w].Write(Path.Combine(folder, CellMeasurement.ModesFile(w)));
        cell.Nulls.Write(Path.Combine(folder, NullTable.FileName));
        double[] x = [.. Enumerable.Range(-10, 21).Select(i => i / 10.0)];
        Talweg.Storage.ParquetTable.Write(Path.Combine(folder, DriftModeMeasurement.ProfileFile), [new("displacement", x), new("loss", [.. x.Select(t => Math.Exp(-0.4 * t - 7))])]);
        Talweg.Storage.ParquetTable.Write(Path.Combine(folder, DriftModeMeasurement.MarginFile), [new("sample", new int[x.Length]), new("displacement", x), new("margin", x)]);
        Talweg.Storage.ParquetTable.Write(Path.Combine(folder, DriftPlane.FileName), [new("epoch", x), new("mode_1", x), new("mode_2", x)]);
        return new(cell.Cell, folder, CellEnding.Measured());
    }

    private static CellResult Result() => new()
    {
        Ending = Ending.ZeroError,
        ZeroErrorEpoch = 20,
        IterationsPerEpoch = 1200,
        Epochs = [.. Enumerable.Range(1, 50).Select(epoch => new EpochRecord(epoch, Math.Exp(epoch < 20 ? -0.3 * epoch : -6 - 0.02 * (epoch - 20)), 0.02, 0.1, 0.03))],
        Windows = [.. Enumerable.Range(0, 3).Select(w => new WindowResult
        {
            FirstEpoch = 21 + 10 * w,
            LastEpoch = 30 + 10 * w,
            LossAtOrigin = 4e-4,
            Norm = 10,
            Alignment = 0.8 + 0.01 * w,
            DriftMode = new() { Beta = 0.4, BetaOfTenths = [.. Enumerable.Range(0, 10).Select(i => 0.35 + 0.01 * i)], FitRSquared = 1, MedianMarginRSquared = 0.99 + 0.001 * w, GrowingMargins = 0.98 },
        })],
        Drift = [.. Enumerable.Range(21, 30).Select(epoch => new EpochDrift(epoch, (epoch - 21) / 10, 1e-5 * Math.Exp(-0.02 * epoch), Math.Exp(-6 - 0.02 * (epoch - 20))))],
    };
}
