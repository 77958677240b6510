using Talweg.Studies.InverseVarianceFlatness;
using Talweg.Training;
using static Talweg.Studies.Tests.Near;

namespace Talweg.Studies.Tests.InverseVarianceFlatness;

/// <summary>Every number of a cell's result, computed anew by plain loops from the weights of the same training.</summary>
public sealed class CellResultOracleTests(TinyCell tiny) : IClassFixture<TinyCell>
{
    /// <summary>The training's losses are in single precision: relative errors near 1e-6 for losses of 0.01.</summary>
    private const double Single = 1e-4;

    [Fact]
    public void The_history_is_that_of_the_weights_at_the_end_of_each_epoch()
    {
        var result = tiny.Result;
        Assert.Equal((true, Ending.ZeroError, TinyCell.PerEpoch), (tiny.Ending.Completed, result.Ending, result.IterationsPerEpoch));
        Assert.Equal(Enumerable.Range(1, tiny.LastEpoch(2)), result.Epochs.Select(epoch => epoch.Epoch));
        foreach (var epoch in result.Epochs)
        {
            var weights = tiny.Again.After(epoch.Epoch);
            NaiveValley train = new(weights, tiny.Data.Train, 1), test = new(weights, tiny.Data.Test, 1);
            Close(train.LossAtOrigin, epoch.TrainLoss, Single);
            Close(test.LossAtOrigin, epoch.TestLoss, Single);
            Assert.Equal(train.Error, epoch.TrainError, 1e-12);
            Assert.Equal(test.Error, epoch.TestError, 1e-12);
        }

        Assert.Equal(result.Epochs.First(epoch => epoch.TrainError == 0).Epoch, result.ZeroErrorEpoch);
        Assert.InRange(result.ZeroErrorEpoch!.Value, 2, 60);
        Assert.True(result.Epochs[^1].TestError > 0, "Test samples that are all right would hide which set was taken.");
    }

    [Fact]
    public void Windows_follow_zero_error_and_look_from_their_last_weights()
    {
        Assert.Equal(3, tiny.Result.Windows.Count);
        for (int w = 0; w < 3; w++)
        {
            var (found, valley, p) = (tiny.Result.Windows[w], tiny.Valleys[w], Growing(w));
            Assert.Equal((tiny.FirstEpoch(w), tiny.LastEpoch(w)), (found.FirstEpoch, found.LastEpoch));
            Close(valley.LossAtOrigin, found.LossAtOrigin, Single);
            Close(valley.Norm, found.Norm, 1e-6);
            Close(Naive.Dot(p, valley.Origin) / valley.Norm, found.Alignment!.Value, 1e-6);
        }
    }

    /// <summary>Along mode 1, 21 points over as far as the window drifted on either side.</summary>
    [Fact]
    public void The_drift_mode_lowers_the_loss_and_widens_margins_as_plain_loops_have_it()
    {
        for (int w = 0; w < 3; w++)
        {
            var (found, p) = (tiny.Result.Windows[w].DriftMode, Growing(w));
            double[] theta = NaiveModes.Projection(tiny.Windows[w], p);
            double reach = Math.Abs(theta[^1] - theta[0]);
            double[] x = [.. Enumerable.Range(0, 21).Select(i => reach * (i - 10) / 10)];
            double[][] losses = [.. x.Select(t => tiny.Valleys[w].Losses(p, t))];
            var (c, rSquared) = Naive.Polynomial(x, [.. losses.Select(all => Math.Log(all.Average()))], 2);
            Close(-c[1], found.Beta, 1e-3);                                       // a slope of ln L, whose errors are 1e-6 over a reach near 1
            Assert.Equal(rSquared, found.FitRSquared, 1e-5);
            Assert.Equal(10, found.BetaOfTenths.Count);
            for (int tenth = 0; tenth < 10; tenth++)
                Close(-Naive.Polynomial(x, [.. losses.Select(all => Math.Log(all.Skip(6 * tenth).Take(6).Average()))], 2).Coefficients[1], found.BetaOfTenths[tenth], 1e-3);
            double[][] margins = [.. x.Select(t => tiny.Valleys[w].Margins(p, t)[..TinyCell.MarginSamples])];
            var lines = Enumerable.Range(0, TinyCell.MarginSamples).Select(k => Naive.Polynomial(x, [.. margins.Select(at => at[k])], 1)).ToArray();
            Assert.Equal(Naive.Median(lines.Select(line => line.RSquared)), found.MedianMarginRSquared, 1e-5);
            Assert.Equal(lines.Average(line => line.Coefficients[1] > 0 ? 1.0 : 0), found.GrowingMargins, 1e-12);
        }
    }

    [Fact]
    public void Drift_is_that_of_every_recorded_epoch_and_its_loss_the_geometric_mean_of_both_ends()
    {
        var drifts = tiny.Result.Drift;
        Assert.Equal(Enumerable.Range(tiny.FirstEpoch(0), 3 * TinyCell.WindowEpochs), drifts.Select(drift => drift.Epoch));
        Assert.Equal(Enumerable.Range(0, drifts.Count).Select(i => i / TinyCell.WindowEpochs), drifts.Select(drift => drift.Window));
        for (int i = 0; i < drifts.Count; i++)
        {
            int e = i % TinyCell.WindowEpochs, last = (e + 1) * TinyCell.PerEpoch - 1, first = Math.Max(last - TinyCell.PerEpoch, 0);   // the row before a window is not the window's
            double[] theta = NaiveModes.Projection(tiny.Windows[drifts[i].Window], Growing(drifts[i].Window));
            double velocity = (theta[last] - theta[first]) / (last - first);
            Assert.Equal(velocity, drifts[i].Velocity, 1e-6 * Math.Abs(velocity) + 1e-9);
            double before = Loss(drifts[i].Epoch - 1), after = Loss(drifts[i].Epoch);
            Close(Math.Sqrt(before * after), drifts[i].Loss, Single);
        }

        double Loss(int epoch) => new NaiveValley(tiny.Again.After(epoch), tiny.Data.Train, 1).LossAtOrigin;
    }

    [Theory]
    [InlineData(Drawing.WithReplacement, 8)]
    [InlineData(Drawing.WithoutReplacement, 9)]
    public void A_cell_draws_its_minibatches_as_it_says_from_its_own_seed(Drawing drawing, int seed)
    {
        using var folder = new TemporaryFolder();
        var cell = TinyCell.Cell with { Drawing = drawing, Seed = seed, MaxEpochs = 5, WindowEpochs = 1, NullModes = 10 };
        Assert.True(new CellMeasurement(cell, TinyRun.Context(folder.Path), tiny.Data).Run().Completed);
        using var again = new TinyRun(tiny.Again.Run.Plan with { Drawing = drawing, Seed = seed, MaxEpochs = 5, ExtraEpochs = 3 }, tiny.Data);
        var epochs = CellResult.Read(folder.File("result.json")).Epochs;
        Assert.Equal(again.Run.Epochs, epochs);                                  // to the last bit
        Assert.NotEqual(tiny.Result.Epochs[0].TrainLoss, epochs[0].TrainLoss);
    }

    /// <summary>p₁, the way in which ‖w‖ grows.</summary>
    private double[] Growing(int window)
    {
        double[] p = tiny.Naive[window].Directions[0];
        return Naive.Dot(p, tiny.Valleys[window].Origin) < 0 ? [.. p.Select(x => -x)] : p;
    }
}
