using Talweg.Studies.EffectiveDimensions;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.EffectiveDimensions;

/// <summary>Cells with numbers made up, as if they had been measured, in folders below a root.</summary>
internal sealed class DimensionCells(string root)
{
    public static readonly int[] Widths = [20, 50, 100, 200];

    /// <summary>As many modes with F &lt; ‖w₀‖ = 1 and with 90% of the variance as asked for, of 400; the nulls likewise.</summary>
    public FinishedCell<DimensionCell> Cell(int width, int seed, int sharp, int moving, int nullSharp, int nullMoving, int? zeroErrorEpoch = 10)
    {
        var cell = new DimensionCell
        {
            Data = "synthetic",
            Width = width,
            Samples = 0,
            BatchSize = 50,
            LearningRate = 0.1,
            Seed = seed,
            MaxEpochs = 100,
            WindowEpochs = 10,
            RecordEvery = 1,
            AllModes = 400,
            SampledModes = 2,
        };
        string folder = Directory.CreateDirectory(Path.Combine(root, $"{width}-{seed}-{Guid.NewGuid()}")).FullName;
        double? F(int rank, int narrow) => rank <= narrow ? 0.5 : rank % 2 == 0 ? 2 : null;
        RowTable.Write(Path.Combine(folder, CellMeasurement.ModesFile), [.. Enumerable.Range(1, 400).Select(i => new ModeRow
        {
            Rank = i, Variance = Variance(i, moving), Measured = 1, Flatness = F(i, sharp),
        })]);
        RowTable.Write(Path.Combine(folder, CellMeasurement.NullsFile), [.. NullWindows.Names.SelectMany(name => Enumerable.Range(1, 400).Select(i => new SurrogateRow
        {
            Surrogate = name, Rank = i, Variance = Variance(i, nullMoving), Measured = 1, Flatness = F(i, nullSharp),
        }))]);
        new CellResult
        {
            ZeroErrorEpoch = zeroErrorEpoch,
            Epochs = 20,
            TestError = 0.02,
            Rows = 400,
            LossAtOrigin = 1e-3,
            Norm = 1,
            ThinnedLearningDimension90 = moving,
            ThinnedLearningDimension99 = 300,
        }.Write(Path.Combine(folder, CellResult.FileName));
        return new(cell, folder, CellEnding.Measured());
    }

    /// <summary>Alike up to the mode that brings the sum to 0.9 of it, and so small beyond that 99% takes twice as many.</summary>
    private static double Variance(int rank, int moving) => rank <= moving ? 0.9000001 / moving : rank <= 2 * moving ? 0.095 / moving : 0.005 / (400 - 2 * moving);

    /// <summary>Each number as told by width and seed.</summary>
    public FinishedCell<DimensionCell>[] Cells(int seeds, Func<int, int, int> sharp, Func<int, int, int> moving, Func<int, int, int> nullSharp, Func<int, int, int> nullMoving) => [
        .. Enumerable.Range(1, seeds).SelectMany(seed => Widths.Select(width => Cell(width, seed, sharp(width, seed), moving(width, seed), nullSharp(width, seed), nullMoving(width, seed)))),
    ];
}
