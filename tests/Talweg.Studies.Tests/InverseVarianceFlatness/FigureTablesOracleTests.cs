using Talweg.Storage;
using Talweg.Studies.InverseVarianceFlatness;

namespace Talweg.Studies.Tests.InverseVarianceFlatness;

/// <summary>The tables that a cell keeps for its figures, computed anew from the middle window.</summary>
public sealed class FigureTablesOracleTests(TinyCell tiny) : IClassFixture<TinyCell>
{
    private const int Middle = 1;

    [Fact]
    public void Profiles_are_those_of_modes_10_and_20_over_the_widest_of_them()
    {
        var table = ParquetTable.Read(tiny.File(ProfileTable.FileName));
        int[] ranks = [10, 20];
        Assert.Equal(ranks.SelectMany(rank => Enumerable.Repeat(rank, 81)), table.Ints("rank"));
        double reach = ranks.Max(rank => tiny.Tables[Middle].Flatness[rank - 1] ?? tiny.Valleys[Middle].Norm);
        for (int i = 0; i < table.Rows; i++)
        {
            double at = reach * (i % 81 - 40) / 40;
            Assert.Equal(at, table.Doubles("displacement")[i], 1e-12 * reach);
            double expected = tiny.Valleys[Middle].Loss(tiny.Naive[Middle].Directions[table.Ints("rank")[i] - 1], at);
            Assert.Equal(expected, table.Doubles("loss")[i], 1e-4 * expected);   // single precision
        }
    }

    [Fact]
    public void The_motion_is_that_of_modes_1_2_and_49()
    {
        var table = ParquetTable.Read(tiny.File(DriftPlane.FileName));
        Assert.Equal(["epoch", "mode_1", "mode_2", "mode_49"], table.Columns.Select(column => column.Name));
        Assert.Equal(TinyCell.Rows, table.Rows);
        foreach (int rank in (int[])[1, 2, 49])
        {
            double[] theta = NaiveModes.Projection(tiny.Windows[Middle], tiny.Naive[Middle].Directions[rank - 1]);
            Assert.All(table.Doubles($"mode_{rank}").Zip(theta), pair => Assert.Equal(pair.Second - theta.Average(), pair.First, 1e-6));
        }

        Assert.All(table.Doubles("epoch").Select((epoch, row) => (epoch, row)), at => Assert.Equal(tiny.LastEpoch(0) + (at.row + 1.0) / TinyCell.PerEpoch, at.epoch, 1e-9));
    }

    [Fact]
    public void Mode_1_s_profile_and_twelve_margins_are_the_middle_window_s()
    {
        var (modes, valley) = (tiny.Naive[Middle], tiny.Valleys[Middle]);
        double[] p = Naive.Dot(modes.Directions[0], valley.Origin) < 0 ? [.. modes.Directions[0].Select(x => -x)] : modes.Directions[0];
        var profile = ParquetTable.Read(tiny.File(DriftModeMeasurement.ProfileFile));
        var margins = ParquetTable.Read(tiny.File(DriftModeMeasurement.MarginFile));
        double[] x = profile.Doubles("displacement");
        Assert.Equal(21, x.Length);
        double[][] expected = [.. x.Select(t => valley.Margins(p, t))];
        Assert.Equal(Enumerable.Range(0, 12).SelectMany(k => Enumerable.Repeat(k, 21)), margins.Ints("sample"));
        for (int i = 0; i < 21; i++)
            Assert.Equal(valley.Loss(p, x[i]), profile.Doubles("loss")[i], 1e-4 * valley.Loss(p, x[i]));
        for (int i = 0; i < margins.Rows; i++)
            Assert.Equal(expected[i % 21][i / 21], margins.Doubles("margin")[i], 1e-5);
    }
}
