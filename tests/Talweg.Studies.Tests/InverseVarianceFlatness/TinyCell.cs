using Talweg.Networks;
using Talweg.Studies.InverseVarianceFlatness;
using Talweg.Studies.Running;
using Talweg.Training;

namespace Talweg.Studies.Tests.InverseVarianceFlatness;

/// <summary>One cell of the study over clouds of points, measured once for all tests of its numbers, beside the same training by a plan written out here.</summary>
public sealed class TinyCell : IDisposable
{
    public const int Layer = 2, PerEpoch = 15, WindowEpochs = 5, Modes = 40, NullModes = 11, MarginSamples = 40;
    public const int Rows = WindowEpochs * PerEpoch, Weights = 49;

    private readonly TemporaryFolder _folder = new();

    public TinyCell()
    {
        Data = TinyRun.Clouds();
        Ending = new CellMeasurement(Cell, TinyRun.Context(_folder.Path), Data).Run();
        Again = new(
            new()
            {
                Network = FullyConnected.Parse("fc:6-7-7-4,tanh"),
                BatchSize = 4,
                LearningRate = 0.2,
                Seed = 3,
                MaxEpochs = 150,
                ExtraEpochs = 3 * WindowEpochs,
                RecordedLayers = [Layer],
            },
            Data);
        Result = CellResult.Read(_folder.File("result.json"));
        Tables = [.. Enumerable.Range(1, 3).Select(w => ModeTable.Read(_folder.File($"window-{w}-modes.parquet")))];
        Windows = [.. Enumerable.Range(0, 3).Select(w => RowsOf(w))];
        Naive = [.. Windows.Select(NaiveModes.Of)];
        Valleys = [.. Enumerable.Range(0, 3).Select(w => new NaiveValley(Again.After(LastEpoch(w)), Data.Train, Layer))];
    }

    internal static VarianceFlatnessCell Cell { get; } = Synthetic.Cell(batchSize: 4, learningRate: 0.2, seed: 3) with
    {
        Network = "fc:6-7-7-4,tanh",
        Layer = Layer,
        MaxEpochs = 150,
        WindowEpochs = WindowEpochs,
        Modes = Modes,
        NullModes = NullModes,
        MarginSamples = MarginSamples,
    };

    internal TrainingData Data { get; }

    internal CellEnding Ending { get; }

    internal CellResult Result { get; }

    internal ModeTable[] Tables { get; }

    internal TinyRun Again { get; }

    /// <summary>The recorded rows of each window.</summary>
    internal float[][][] Windows { get; }

    internal NaiveModes[] Naive { get; }

    /// <summary>The landscape around each window's last weights.</summary>
    internal NaiveValley[] Valleys { get; }

    /// <summary>The first epoch without training error.</summary>
    internal int Zero => Again.Run.ZeroErrorEpoch!.Value;

    internal int FirstEpoch(int window) => Zero + 1 + window * WindowEpochs;

    internal int LastEpoch(int window) => Zero + (window + 1) * WindowEpochs;

    internal string File(string name) => _folder.File(name);

    public void Dispose()
    {
        Again.Dispose();
        _folder.Dispose();
    }

    private float[][] RowsOf(int window)
    {
        int first = (FirstEpoch(window) - 1) * PerEpoch;
        return Again.Rows[first..(first + Rows)];
    }
}
