using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Statistics;
using Talweg.Studies.Running;
using Talweg.Studies.SgdNoise;
using Talweg.Trajectories;
using static Talweg.Studies.Tests.Near;

namespace Talweg.Studies.Tests.SgdNoise;

/// <summary>A cell of three windows of two epochs, trained in a moment, and what is measured at its windows.</summary>
public sealed class TrainedWindowTests : IDisposable
{
    private const int Count = 300;
    private const int WindowModes = 12;

    private static readonly NoiseCell Cell = Samples.Cell(NoisePart.Theory) with
    {
        Network = "fc:6-8-7-3",
        BatchSize = 10,
        WindowEpochs = 2,
        MaxEpochs = 25,
        Modes = WindowModes,
        FewModes = 0,
        Times = 0,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly TrainedCell _trained;

    public TrainedWindowTests()
    {
        TorchThreads.One();
        var context = new CellContext { Folder = _folder.Path, Threads = 1, Progress = new Silent(), Cancellation = CancellationToken.None };
        _trained = TrainedCell.Train(Cell, context, new(Clouds.Of(1, Count), Clouds.Of(2, Count)));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 21)]
    [InlineData(1, 23)]
    [InlineData(2, 25)]
    public void The_weights_of_a_window_are_its_last_row(int index, int lastEpoch)
    {
        using var trajectory = Trajectory.Open(_trained.Run.TrajectoryPath!);
        var window = MotionWindow.Find(trajectory, _trained.Run, Cell, index);
        Assert.Equal((60 * index, 60, lastEpoch), ((int)window.FirstRow, window.Iterations, window.LastEpoch));
        var space = WeightSpace.Of(_trained.Network, Cell.Layer);
        float[] weights = space.Flatten(window.Weights(_trained));
        Assert.Equal(trajectory.Slice(window.FirstRow + window.Iterations - 1, 1).Weights, weights);
        Assert.NotEqual(trajectory.Slice(window.FirstRow + window.Iterations - 2, 1).Weights, weights);
    }

    /// <summary>Taking the leading rows of all modes' Hessians is the same as taking Hessians along the leading modes.</summary>
    [Fact]
    public void The_theory_on_leading_modes_is_that_of_Hessians_along_them_alone()
    {
        TheoryMeasurement.Run(_trained);
        var rows = RowTable.Read<TheoryRow>(_folder.File(TheoryMeasurement.FileName));
        Assert.Equal([2, 5, 10, WindowModes], rows.Select(row => row.Modes).Distinct());

        using var trajectory = Trajectory.Open(_trained.Run.TrajectoryPath!);
        var window = MotionWindow.Find(trajectory, _trained.Run, Cell, 1);
        var weights = window.Weights(_trained);
        var samples = _trained.Data.Train;
        var sets = MinibatchSets.Shuffled(Count, Cell.BatchSize, new RandomStream(Cell.Seed, "noise/minibatches"));
        foreach (var span in rows.GroupBy(row => row.Modes))
        {
            Assert.Equal(Enumerable.Range(1, span.Key), span.Select(row => row.Rank));
            var directions = Directions.Of([.. Enumerable.Range(0, span.Key).SelectMany(mode => window.Modes.Direction(mode).ToArray())], window.Modes.Dimension);
            var losses = MinibatchHessians.Of(weights, samples, WeightSpace.Of(_trained.Network, Cell.Layer), directions, sets).Losses;
            var theory = FullRandomLandscape.Of(losses, Cell.LearningRate);
            Assert.All(span, row => Assert.Equal((Count / Cell.BatchSize, theory.WithoutMinimum), (row.Minibatches, row.WithoutMinimum)));
            Assert.Equal(theory.Modes.Count == 0 ? span.Key : 0, span.Count(row => row.PredictedFlatness is null));
            foreach (var (row, mode) in span.Zip(theory.Modes))
            {
                // Both are sums over the same samples in double precision, in another order; minima divide by small eigenvalues.
                Close(mode.Flatness, row.PredictedFlatness, 1e-8);
                Close(mode.DiffusionConstant, row.PredictedDiffusion, 1e-8);
                Close(mode.MeasuredSquaredVelocity, row.ExactDiffusion, 1e-10);
                Close(mode.MeanCurvature, row.Curvature, 1e-10);
                Close(mode.MinimumVariance, row.MinimumVariance, 1e-8);
                Close(mode.OffDiagonal, row.OffDiagonal, 1e-8);
            }
        }

        Assert.True(rows.Count(row => row.Modes == 2 && row.PredictedFlatness > 0) == 2, "no minibatch has a minimum on two modes");
    }

    /// <summary>A parabola of ln L falls to level e at F/2 = √(2/M): F = √(8/M), M here by plain loops and central differences.</summary>
    [Fact]
    public void The_exact_flatness_is_the_width_of_the_parabola_of_the_mean_loss()
    {
        TheoryMeasurement.Run(_trained);
        using var trajectory = Trajectory.Open(_trained.Run.TrajectoryPath!);
        var window = MotionWindow.Find(trajectory, _trained.Run, Cell, 1);
        var weights = window.Weights(_trained);
        const double h = 1e-4;                                 // no kink of a ReLU is crossed by most of 300 samples, and roundoff/h² is 1e-8
        int tested = 0;
        foreach (var row in RowTable.Read<TheoryRow>(_folder.File(TheoryMeasurement.FileName)).Where(row => row is { Modes: 5, ExactFlatness: not null }))
        {
            double[] p = window.Modes.Direction(row.Rank - 1).ToArray();
            double[] loss = [.. new[] { -h, 0, h }.Select(t => Math.Log(Naive.Losses(weights, _trained.Data.Train, Cell.Layer, p, t).Average()))];
            Close(Math.Sqrt(8 / ((loss[2] - 2 * loss[1] + loss[0]) / (h * h))), row.ExactFlatness, 0.01);
            tested++;
        }

        Assert.True(tested > 0, "ln L bends upwards along no mode");
    }
}
