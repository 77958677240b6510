using Talweg.Networks;
using Talweg.Studies.EffectiveDimensions;
using Talweg.Studies.Running;
using Talweg.Trajectories;
using static Talweg.Studies.Tests.Near;

namespace Talweg.Studies.Tests.EffectiveDimensions;

/// <summary>Every number of one small cell, computed anew from the same training: modes by a dense SVD, F by bisection on a plain loss, dimensions by counting.</summary>
public sealed class DimensionCellOracleTests(DimensionCellOracleTests.TinyCell tiny) : IClassFixture<DimensionCellOracleTests.TinyCell>
{
    private const int Width = 7, Weights = 49, PerEpoch = 30, WindowEpochs = 6, Every = 2, AllModes = 8, SampledModes = 6, Rows = WindowEpochs * PerEpoch / Every;

    /// <summary>A side is found to 1e-4 of its length.</summary>
    private const double Side = 3e-4;

    [Fact]
    public void The_result_is_that_of_the_last_weights()
    {
        var (result, run) = (tiny.Result, tiny.Again.Run);
        Assert.Equal((run.ZeroErrorEpoch, run.CompletedEpochs, Rows), (result.ZeroErrorEpoch, result.Epochs, result.Rows));
        Assert.Equal(result.ZeroErrorEpoch + WindowEpochs, result.Epochs);
        Assert.Equal(tiny.Valley.LossAtOrigin, result.LossAtOrigin, 1e-4 * result.LossAtOrigin);   // single precision
        Assert.Equal(tiny.Valley.Norm, result.Norm, 1e-6 * result.Norm);
        Assert.Equal(new NaiveValley(tiny.Last, tiny.Data.Test, 1).Error, result.TestError, 1e-12);
        Assert.InRange(result.TestError, 0.01, 0.99);
    }

    [Fact]
    public void Learning_dimensions_are_of_every_recorded_row_and_beside_them_those_of_every_second()
    {
        var modes = NaiveModes.Of(tiny.Window);
        Assert.Equal(modes.Variances.Length, tiny.Cell.Modes.Count);
        for (int i = 0; i < modes.Variances.Length; i++)
            Assert.Equal(modes.Variances[i], tiny.Cell.Modes[i].Variance, 1e-7 * modes.Variances[i] + 1e-14 * modes.Variances[0]);
        double[] half = NaiveModes.Of([.. tiny.Window.Where((_, row) => row % 2 == 0)]).Variances;
        Assert.Equal((Naive.LeadingShare(half, 0.9), Naive.LeadingShare(half, 0.99)), (tiny.Result.ThinnedLearningDimension90, tiny.Result.ThinnedLearningDimension99));
        Assert.Equal((Naive.LeadingShare(modes.Variances, 0.9), Naive.LeadingShare(modes.Variances, 0.99)), (tiny.Cell.Learning(0.9), tiny.Cell.Learning(0.99)));
        double[] later = modes.Variances[1..];
        Assert.Equal((Naive.LeadingShare(later, 0.9), Naive.LeadingShare(later, 0.99)), (tiny.Cell.LearningWithoutFirst(0.9), tiny.Cell.LearningWithoutFirst(0.99)));
    }

    /// <summary>Four rows have up to three modes and two have one: a dimension from the wrong rows is another one.</summary>
    [Fact]
    public void Thinned_dimensions_are_of_half_the_rows_and_the_others_of_all()
    {
        using var folder = new TemporaryFolder();
        var cell = MeasuredCell.Read(tiny.Measure(tiny.Cell.Cell with { RecordEvery = PerEpoch / 2, WindowEpochs = 2 }, folder.Path));
        float[][] rows = [.. tiny.Again.Rows.Take((tiny.Result.ZeroErrorEpoch!.Value + 2) * PerEpoch).TakeLast(2 * PerEpoch).Where((_, t) => (t + 1) % (PerEpoch / 2) == 0)];
        double[] variances = NaiveModes.Of(rows).Variances;
        Assert.Equal(4, cell.Result.Rows);
        Assert.InRange(Naive.LeadingShare(variances, 0.99), 2, 3);
        Assert.Equal((Naive.LeadingShare(variances, 0.9), Naive.LeadingShare(variances, 0.99)), (cell.Learning(0.9), cell.Learning(0.99)));
        Assert.Equal((1, 1), (cell.Result.ThinnedLearningDimension90, cell.Result.ThinnedLearningDimension99));
    }

    [Fact]
    public void F_is_measured_at_the_first_ranks_and_at_a_sample_of_those_beyond()
    {
        var modes = NaiveModes.Of(tiny.Window);
        int last = Last(tiny.Cell.Modes, row => row.Measured);
        int[] ranks = Ranks(AllModes, last);
        Assert.Equal(ranks, tiny.Cell.Modes.Where(row => row.Measured == 1).Select(row => row.Rank));
        foreach (var row in tiny.Cell.Modes)
            Close(row.Measured == 1 ? tiny.Valley.Width(modes.Directions[row.Rank - 1]) : null, row.Flatness, Side);
        Effective(tiny.Cell.Effective.Value, ranks, rank => tiny.Valley.Width(modes.Directions[rank - 1]));
    }

    [Theory]
    [InlineData("isotropic walk")]
    [InlineData("epoch-balanced walk")]
    [InlineData("shuffled steps")]
    public void A_surrogate_of_the_window_is_measured_likewise(string name)
    {
        var recorded = new Window([.. tiny.Window.SelectMany(row => row)], Rows, Weights);
        var drawn = NullWindows.Draw(name, recorded, PerEpoch / Every, seed: 5);
        var modes = NaiveModes.Of([.. Enumerable.Range(0, Rows).Select(t => drawn.Row(t).ToArray())]);
        SurrogateRow[] rows = [.. tiny.Cell.Nulls[name]];
        Assert.Equal(Enumerable.Range(1, Weights), rows.Select(row => row.Rank));
        int[] ranks = Ranks(1, Last(rows, row => row.Measured));
        Assert.Equal(ranks, rows.Where(row => row.Measured == 1).Select(row => row.Rank));
        foreach (var row in rows)
        {
            Assert.Equal(modes.Variances[row.Rank - 1], row.Variance, 1e-7 * row.Variance + 1e-14 * modes.Variances[0]);
            Close(row.Measured == 1 ? tiny.Valley.Width(modes.Directions[row.Rank - 1]) : null, row.Flatness, Side);
        }

        Effective(tiny.Cell.EffectiveOfNull(name).Value, ranks, rank => tiny.Valley.Width(modes.Directions[rank - 1]));
        Assert.Equal((Naive.LeadingShare(modes.Variances, 0.9), Naive.LeadingShare(modes.Variances, 0.99)), (tiny.Cell.LearningOfNull(name, 0.9), tiny.Cell.LearningOfNull(name, 0.99)));
    }

    /// <summary>Modes with F below ‖w₀‖; one that was not measured counts half for each of its measured neighbours that does.</summary>
    private void Effective(double found, int[] ranks, Func<int, double?> flatness)
    {
        bool[] sharp = [.. ranks.Select(rank => flatness(rank) < tiny.Valley.Norm)];
        double count = 0;
        for (int rank = 1; rank <= ranks[^1]; rank++)
        {
            int below = Array.FindLastIndex(ranks, r => r <= rank), above = Array.FindIndex(ranks, r => r >= rank);
            count += ((sharp[below] ? 1 : 0) + (sharp[above] ? 1 : 0)) / 2.0;
        }

        Assert.Equal(count, found, 1e-12);
        Assert.InRange(count, 1, ranks[^1] - 1);
    }

    private static int Last<TRow>(IEnumerable<TRow> rows, Func<TRow, int> measured)
    {
        int last = rows.Select((row, i) => measured(row) == 1 ? i + 1 : 0).Max();
        Assert.InRange(last, 40, Weights);                      // modes beyond are rounding
        return last;
    }

    private static int[] Ranks(int all, int last) =>
        [.. Enumerable.Range(1, all).Concat(Enumerable.Range(1, SampledModes).Select(k => (int)Math.Round(all * Math.Pow((double)last / all, k / (double)SampledModes)))).Distinct().Order()];

    /// <summary>One cell, measured once, beside the same training by a plan written out here.</summary>
    public sealed class TinyCell : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public TinyCell()
        {
            var data = TinyRun.Clouds();
            Data = data;
            var cell = new DimensionCell
            {
                Data = "clouds",
                Width = Width,
                Samples = 0,
                BatchSize = 2,
                LearningRate = 0.1,
                Seed = 5,
                MaxEpochs = 150,
                WindowEpochs = WindowEpochs,
                RecordEvery = Every,
                AllModes = AllModes,
                SampledModes = SampledModes,
            };
            Cell = MeasuredCell.Read(Measure(cell, _folder.Path));
            Again = new(
                new() { Network = FullyConnected.Of(6, Width, Width, 4), BatchSize = 2, LearningRate = 0.1, Seed = 5, MaxEpochs = 150, ExtraEpochs = WindowEpochs, RecordedLayers = [2] },
                data);
            Last = Again.After(Again.Run.CompletedEpochs);
            Valley = new(Last, data.Train, 2);
            Window = [.. Again.Rows[^(WindowEpochs * PerEpoch)..].Where((_, t) => (t + 1) % Every == 0)];
        }

        internal MeasuredCell Cell { get; }

        internal CellResult Result => Cell.Result;

        internal TinyRun Again { get; }

        internal DenseWeights Last { get; }

        internal Talweg.Training.TrainingData Data { get; }

        internal NaiveValley Valley { get; }

        /// <summary>Every second iteration of the last epochs, as the cell records them.</summary>
        internal float[][] Window { get; }

        internal FinishedCell<DimensionCell> Measure(DimensionCell cell, string folder) => new(cell, folder, new CellMeasurement(cell, TinyRun.Context(folder), Data).Run());

        public void Dispose()
        {
            Again.Dispose();
            _folder.Dispose();
        }
    }
}
