using Talweg.Statistics;
using Talweg.Studies.Running;
using Talweg.Studies.Universality;
using Talweg.Training;

namespace Talweg.Studies.Tests.Universality;

/// <summary>Layers with a relation of known strength.</summary>
internal static class Layers
{
    public const int Modes = 100;

    /// <summary>ln σ² = −<paramref name="psi"/>·ln F + noise; the surrogates' is <paramref name="nullPsi"/>, with noise of its own.</summary>
    public static MeasuredLayer Of(double psi, double noise = 0, double nullPsi = 0.5, double nullNoise = 0, int seed = 1, int layer = 2, int open = 0)
    {
        var random = new RandomStream(seed, "layers");
        double[] flatness = [.. Enumerable.Range(1, Modes).Select(rank => Math.Pow(rank, 0.5))];
        return new(
            Cell(seed),
            new() { Ending = Ending.ZeroError, ZeroErrorEpoch = 3, IterationsPerEpoch = 20, FirstEpoch = 4, Epochs = [], Layers = [] },
            new(layer, [50, 50], 1, 1e-3, 10, "fused"),
            [.. flatness.Select((f, i) => Row(i + 1, Math.Exp(-psi * Math.Log(f) + noise * random.NextNormal()), i >= Modes - open ? null : f))],
            [.. from name in NullWindows.Names from i in Enumerable.Range(1, 20) select new LayerNullRow { Surrogate = name, Rank = i + 1, Variance = Math.Exp(-nullPsi * Math.Log(i) + nullNoise * random.NextNormal()), Flatness = i }]);
    }

    public static UniversalityCell Cell(int seed) => new()
    {
        Case = "deep",
        Data = "mnist",
        Network = "fc:784-50-50-50-50-10",
        Optimizer = "sgd:lr=0.1",
        Layers = [2, 3, 4],
        Samples = 0,
        LandscapeSamples = 0,
        BatchSize = 50,
        Seed = seed,
        MaxEpochs = 200,
        WindowEpochs = 10,
        Modes = Modes,
        Ranks = Modes,
        NullRanks = 20,
        Rows = 2500,
    };

    /// <summary>Writes a cell's folder as Measure does.</summary>
    public static FinishedCell<UniversalityCell> Write(string root, MeasuredLayer layer)
    {
        string folder = Directory.CreateDirectory(Path.Combine(root, $"layers-{layer.Cell.Seed}-{Guid.NewGuid()}")).FullName;
        (layer.Result with { Layers = [layer.Layer] }).Write(Path.Combine(folder, "result.json"));
        RowTable.Write(Path.Combine(folder, Talweg.Studies.Universality.CellMeasurement.ModesFile(layer.Layer.Layer)), layer.Modes);
        RowTable.Write(Path.Combine(folder, Talweg.Studies.Universality.CellMeasurement.NullsFile(layer.Layer.Layer)), layer.Nulls);
        return new(layer.Cell, folder, CellEnding.Measured());
    }

    private static LayerModeRow Row(int rank, double variance, double? flatness) =>
        new() { Rank = rank, Variance = variance, HeldOutVariance = Math.Sqrt(variance), Flatness = flatness, OpenSides = flatness is null ? 1 : 0 };
}
