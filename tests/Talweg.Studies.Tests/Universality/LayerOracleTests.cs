using Talweg.Networks;
using Talweg.Studies.Running;
using Talweg.Studies.Universality;
using Talweg.Training;
using Talweg.Trajectories;
using static Talweg.Studies.Tests.Near;

namespace Talweg.Studies.Tests.Universality;

/// <summary>Every number of one small cell with two layers, one of them wide enough to be thinned, computed anew from the same training.</summary>
public sealed class LayerOracleTests(LayerOracleTests.TinyCell tiny) : IClassFixture<LayerOracleTests.TinyCell>
{
    private const int PerEpoch = 20, WindowEpochs = 5, Landscape = 45, Modes = 40, Ranks = 12, NullRanks = 10, Most = 50;
    private const string Network = "fc:6-8-7-6-4,tanh", Optimizer = "sgd:lr=0.05,momentum=0.8";

    /// <summary>Twelve places evenly over ln rank from 2 to 40, that is 2·20^(i/11): 2, 2.6, 3.4, 4.5, 5.9, 7.8, 10.2, 13.5, 17.7, 23.2, 30.5 and 40. The second and third have one rank.</summary>
    private static readonly int[] Measured = [2, 3, 5, 6, 8, 10, 13, 18, 23, 30, 40];

    /// <summary>Ten places there, 2·20^(i/9): 2, 2.8, 3.9, 5.4, 7.6, 10.6, 14.7, 20.6, 28.7 and 40.</summary>
    private static readonly int[] MeasuredOfNulls = [2, 3, 4, 5, 8, 11, 15, 21, 29, 40];

    /// <summary>Layer 2 has 56 weights, more than the 50 rows that are kept then: every second of 100. Layer 3 has 42 and keeps all.</summary>
    private static readonly (int Layer, int Outputs, int Inputs, int Stride)[] Layers = [(2, 7, 8, 2), (3, 6, 7, 1)];

    /// <summary>A side is found to 1e-4 of its length.</summary>
    private const double Side = 3e-4;

    [Fact]
    public void The_result_is_that_of_the_weights()
    {
        var (result, run) = (tiny.Result, tiny.Again.Run);
        Assert.Equal((Ending.ZeroError, PerEpoch, run.ZeroErrorEpoch + 1), (result.Ending, result.IterationsPerEpoch, result.FirstEpoch));
        Assert.Equal(result.Epochs.First(epoch => epoch.TrainError == 0).Epoch, result.ZeroErrorEpoch);
        Assert.Equal(Enumerable.Range(1, result.ZeroErrorEpoch!.Value + 2 * WindowEpochs), result.Epochs.Select(epoch => epoch.Epoch));
        foreach (var epoch in result.Epochs)
        {
            NaiveValley train = new(tiny.Again.After(epoch.Epoch), tiny.Data.Train, 1), test = new(tiny.Again.After(epoch.Epoch), tiny.Data.Test, 1);
            Assert.Equal(train.LossAtOrigin, epoch.TrainLoss, 1e-4 * epoch.TrainLoss);           // single precision
            Assert.Equal(test.LossAtOrigin, epoch.TestLoss, 1e-4 * epoch.TestLoss);
            Assert.Equal((train.Error, test.Error), (epoch.TrainError, epoch.TestError));
        }

        Assert.Equal(2, result.Layers.Count);
        foreach (var (found, expected) in result.Layers.Zip(Layers))
        {
            var valley = tiny.Valley(expected.Layer);
            Assert.Equal((expected.Layer, expected.Stride), (found.Layer, found.Stride));
            Assert.Equal([expected.Outputs, expected.Inputs], found.Shape);
            Assert.Equal(valley.LossAtOrigin, found.LossAtOrigin, 1e-4 * found.LossAtOrigin);
            Assert.Equal(valley.Norm, found.Norm, 1e-6 * found.Norm);
            Assert.NotEmpty(found.Path);
        }
    }

    [Fact]
    public void A_layer_s_modes_are_of_its_own_weights_in_the_first_window_and_held_out_in_the_second()
    {
        foreach (var (layer, _, _, stride) in Layers)
        {
            var rows = RowTable.Read<LayerModeRow>(tiny.File($"layer-{layer}-modes.parquet"));
            float[][] next = tiny.Rows(layer, window: 1, stride);
            var modes = NaiveModes.Of(tiny.Rows(layer, window: 0, stride));
            Assert.Equal(Enumerable.Range(1, Modes), rows.Select(row => row.Rank));
            foreach (var row in rows)
            {
                double[] p = modes.Directions[row.Rank - 1];
                Assert.Equal(modes.Variances[row.Rank - 1], row.Variance, 1e-7 * row.Variance + 1e-14 * modes.Variances[0]);
                double heldOut = NaiveModes.Variance(NaiveModes.Projection(next, p));
                Assert.Equal(heldOut, row.HeldOutVariance, 1e-4 * heldOut);                       // as well as the last modes' directions are known
                var sides = Measured.Contains(row.Rank) ? tiny.Valley(layer).Sides(p) : (null, null);
                Close(sides.Right - sides.Left, row.Flatness, Side);
                Assert.Equal(Measured.Contains(row.Rank) ? (sides.Left is null ? 1 : 0) + (sides.Right is null ? 1 : 0) : null, row.OpenSides);
            }
        }
    }

    [Fact]
    public void A_layer_s_surrogates_are_of_its_window_with_the_cell_s_seed()
    {
        foreach (var (layer, outputs, inputs, stride) in Layers)
        {
            float[][] recorded = tiny.Rows(layer, window: 0, stride);
            var rows = RowTable.Read<LayerNullRow>(tiny.File($"layer-{layer}-nulls.parquet"));
            Assert.Equal(["isotropic walk", "epoch-balanced walk", "shuffled steps"], rows.Select(row => row.Surrogate).Distinct());
            foreach (var group in rows.GroupBy(row => row.Surrogate))
            {
                var drawn = NullWindows.Draw(group.Key, new Window([.. recorded.SelectMany(row => row)], recorded.Length, outputs * inputs), PerEpoch / stride, seed: 6);
                var modes = NaiveModes.Of([.. Enumerable.Range(0, recorded.Length).Select(t => drawn.Row(t).ToArray())]);
                Assert.Equal(MeasuredOfNulls, group.Select(row => row.Rank));
                foreach (var row in group)
                {
                    Assert.Equal(modes.Variances[row.Rank - 1], row.Variance, 1e-7 * row.Variance + 1e-14 * modes.Variances[0]);
                    Close(tiny.Valley(layer).Width(modes.Directions[row.Rank - 1]), row.Flatness, Side);
                }
            }
        }
    }

    /// <summary>One cell, measured once, beside the same training by a plan written out here.</summary>
    public sealed class TinyCell : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public TinyCell()
        {
            Data = TinyRun.Clouds();
            var cell = Universality.Layers.Cell(6) with
            {
                Network = Network,
                Optimizer = Optimizer,
                Layers = [2, 3],
                LandscapeSamples = Landscape,
                BatchSize = 3,
                MaxEpochs = 150,
                WindowEpochs = WindowEpochs,
                Modes = Modes,
                Ranks = Ranks,
                NullRanks = NullRanks,
                Rows = Most,
            };
            Assert.True(new CellMeasurement(cell, TinyRun.Context(_folder.Path), Data).Run().Completed);
            Result = CellResult.Read(_folder.File("result.json"));
            Again = new(
                new()
                {
                    Network = FullyConnected.Parse(Network),
                    BatchSize = 3,
                    Optimizer = Talweg.Training.Optimizer.Parse(Optimizer),
                    Seed = 6,
                    MaxEpochs = 150,
                    ExtraEpochs = 2 * WindowEpochs,
                    RecordedLayers = [2, 3],
                },
                Data);
        }

        internal TrainingData Data { get; }

        internal CellResult Result { get; }

        internal TinyRun Again { get; }

        /// <summary>Around the first window's last weights, over the first samples.</summary>
        internal NaiveValley Valley(int layer) => new(Again.After(Again.Run.ZeroErrorEpoch!.Value + WindowEpochs), Data.Train.First(Landscape), layer);

        internal string File(string name) => _folder.File(name);

        /// <summary>A layer's weights in a window, the last of each <paramref name="stride"/> iterations.</summary>
        internal float[][] Rows(int layer, int window, int stride)
        {
            int first = (Again.Run.ZeroErrorEpoch!.Value + window * WindowEpochs) * PerEpoch;
            var columns = layer == 2 ? 0..56 : 56..98;
            return [.. Again.Rows.Skip(first).Take(WindowEpochs * PerEpoch).Where((_, t) => (t + 1) % stride == 0).Select(row => row[columns])];
        }

        public void Dispose()
        {
            Again.Dispose();
            _folder.Dispose();
        }
    }
}
