using Talweg.Studies.InverseVarianceFlatness;

namespace Talweg.Studies.Tests.InverseVarianceFlatness;

/// <summary>Which modes of a layer of 225 weights are measured: the claims are about modes up to 200, the middle window goes as far as the cell asks for.</summary>
public sealed class MeasuredModesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Single samples that lie among one another: then all of the 225 modes move.</summary>
    [Fact]
    public void The_middle_window_goes_to_mode_210_and_all_else_to_mode_200()
    {
        var cell = Synthetic.Cell(batchSize: 1, learningRate: 0.1) with
        {
            Network = "fc:15-15-15-10,tanh",
            MaxEpochs = 30,
            WindowEpochs = 3,
            Modes = 210,
            NullModes = 10,
        };
        Assert.True(new CellMeasurement(cell, TinyRun.Context(_folder.Path), TinyRun.Clouds(width: 15, classes: 10, train: 90, noise: 0.7)).Run().Completed);
        for (int w = 0; w < 3; w++)
        {
            var table = ModeTable.Read(_folder.File($"window-{w + 1}-modes.parquet"));
            bool middle = w == 1;
            Assert.Equal(225, table.Count);
            Assert.Equal(middle ? 210 : 200, table.OpenSides.Count(sides => sides is not null));
            Assert.Equal(w == 2 ? 0 : middle ? 210 : 200, table.HeldOutVariance.Count(variance => variance is not null));
            Assert.Equal(200, table.Straightness.Count(straightness => straightness is not null));
            Assert.Equal(200, table.CorrelationTime.Count(time => time is not null));
            Assert.Equal(w == 2 ? 0 : 200, table.HeldOutStraightness.Count(straightness => straightness is not null));
            Measured(200, table.FitRSquared);
            Measured(middle ? 200 : 0, table.FlatnessAtLevel2);
            Measured(middle ? 200 : 0, table.FlatnessAroundMean);
            Measured(middle ? 210 : 200, table.Flatness);
        }

        var nulls = NullTable.Read(_folder.File(NullTable.FileName));
        Assert.All(nulls.Surrogates, surrogate =>
        {
            Assert.Equal(200, surrogate.Straightness.Count(straightness => straightness is not null));
            int[] ranks = [.. Enumerable.Range(1, surrogate.Flatness.Length).Where(rank => surrogate.Flatness[rank - 1] is not null)];
            Assert.Subset(new HashSet<int>([2, 3, 6, 9, 15, 26, 43, 72, 120, 200]), new HashSet<int>(ranks));   // 2 · 100^(i/9)
            Assert.InRange(ranks.Length, 5, 10);
        });
        int[] shown = Talweg.Storage.ParquetTable.Read(_folder.File(ProfileTable.FileName)).Ints("rank");
        Assert.Equal([10, 20, 50, 100], shown.Distinct());
    }

    /// <summary>Up to that rank and none beyond; a few before it may have no value, their valleys being open.</summary>
    private static void Measured(int last, double?[] values)
    {
        Assert.InRange(Array.FindLastIndex(values, value => value is not null) + 1, Math.Max(0, last - 5), last);
        Assert.InRange(values.Count(value => value is not null), last / 2, last);
    }
}
