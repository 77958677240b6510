using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Studies.Running;
using Talweg.Studies.SgdNoise;
using Talweg.Training;
using Talweg.Trajectories;
using static MathNet.Numerics.Generate;
using static Talweg.Studies.Tests.Near;

namespace Talweg.Studies.Tests.SgdNoise;

/// <summary>Every number that a small cell's tables hold, from the recorded weights by plain loops.</summary>
/// <remarks>300 samples in 25 minibatches; 20 epochs, of which the last nine are three windows; twelve modes of 56 weights.</remarks>
public sealed class NoiseMeasurementTests(NoiseMeasurementTests.MeasuredCell measured) : IClassFixture<NoiseMeasurementTests.MeasuredCell>
{
    private const int Layer = 2;
    private const int PerEpoch = 25;
    private const int Rows = 3 * PerEpoch;
    private const double Rate = 0.08;

    /// <summary>Modes whose ensemble is measured outside the middle window but for the first, and whose flatness is for nulls: evenly over ln rank from 2 to 12.</summary>
    private static readonly int[] Few = [2, 4, 7, 12];

    private static readonly int[] Followed = [1, 2, 10];

    /// <summary>Single precision makes losses to 1e-6, and slopes where a ReLU's kink lies within that.</summary>
    private const double Precision = 2e-4;

    [Theory]
    [InlineData(0, 14)]
    [InlineData(1, 17)]
    [InlineData(2, 20)]
    public void Motion_is_that_of_each_window_and_flatness_that_around_its_end(int window, int lastEpoch)
    {
        float[][] rows = measured.Window(window);
        var (variances, directions) = Plain.Modes(rows);
        var network = measured.NetworkAt(lastEpoch);
        var table = RowTable.Read<MotionRow>(measured.File(ModesMeasurement.MotionFile(window)));
        Assert.Equal(Enumerable.Range(1, 12), table.Select(row => row.Rank));
        foreach (var row in table)
        {
            double[] p = Plain.Oriented(directions[row.Rank - 1]);
            double[] theta = Plain.Projections(rows, p);
            double[] steps = Steps(theta);
            double variance = Plain.CentralMoment(theta), velocity = Plain.CentralMoment(steps);
            Close(variances[row.Rank - 1], row.Variance, 1e-7);
            Close(network.Flatness(Layer, p), row.Flatness, 5e-4);           // each side is found to 1e-4
            Close(velocity, row.VelocityVariance, 1e-6);
            Close(variance / velocity, row.CorrelationTime, 1e-6);
            Close((theta[^1] - theta[0]) / (Rows - 1), row.MeanVelocity, 1e-5);
            Close(Error(theta, (_, v) => v), row.VelocityVarianceError, 1e-4);
            Close(Error(theta, (x, v) => x / v), row.CorrelationTimeError, 1e-4);
        }
    }

    [Theory]
    [InlineData(0, 14)]
    [InlineData(1, 17)]
    [InlineData(2, 20)]
    public void Ensembles_are_those_of_all_modes_in_the_middle_window_and_of_a_few_in_the_others(int window, int lastEpoch)
    {
        var table = RowTable.Read<EnsembleRow>(measured.File(ModesMeasurement.EnsembleFile(window)));
        Assert.Equal(window == 1 ? Enumerable.Range(1, 12) : Few.Prepend(1), table.Select(row => row.Rank));
        var (_, directions) = Plain.Modes(measured.Window(window));
        int found = 0;
        foreach (var row in table)
        {
            var ensemble = new PlainEnsemble(measured, lastEpoch, Plain.Oriented(directions[row.Rank - 1]));
            var valleys = ensemble.Valleys.OfType<PlainValley>().ToArray();
            Assert.Equal((PerEpoch, ensemble.TooSteep, ensemble.Unbounded), (row.Minibatches, row.TooSteep, row.Unbounded));
            Close(measured.NetworkAt(lastEpoch).Flatness(Layer, Plain.Oriented(directions[row.Rank - 1])), row.Flatness, 5e-4);   // each side is found to 1e-4
            if (valleys.Length < 3)
                continue;
            found++;
            double[] curvatures = [.. valleys.Select(v => v.Curvature)], minima = [.. valleys.Select(v => v.Minimum)], losses = [.. valleys.Select(v => v.LossAtOrigin)];
            double m = curvatures.Average(), mVariance = Plain.CentralMoment(curvatures), minimum = minima.Average(), spread = Plain.CentralMoment(minima);
            double squaredLoss = ensemble.Origin.Average(l => l * l);
            double scale = Math.Sqrt(spread);
            Close(Naive.Median(valleys.Select(v => v.RSquared)), row.MedianRSquared, Precision);
            Assert.Equal(minimum, row.MinimumMean!.Value, 1e-3 * scale);
            Close(spread, row.MinimumVariance, 1e-3);
            Close(m, row.Curvature, 1e-3);
            Close(mVariance, row.CurvatureVariance, 2e-3);
            Close(Math.Sqrt(8 / (m + m * m * spread)), row.PredictedFlatness, 1e-3);
            Close(Math.Sqrt(8 / (m + m * m * spread + spread * mVariance)), row.PredictedFlatnessLow, 1e-3);
            Close(Rate * Rate * squaredLoss * m * m * spread, row.PredictedDiffusion, 2e-3);
            Close(Rate * Rate * valleys.Average(v => Math.Pow(v.LossAtOrigin * v.Curvature * v.Minimum, 2)), row.CorrelatedDiffusion, 2e-3);
            Close(Rate * Rate * losses.Average(l => l * l) * m * m * spread, row.MeanFieldDiffusion, 2e-3);
            Assert.Equal(Rate * ensemble.Origin.Average() * m * minimum, row.PredictedDrift!.Value, 1e-3 * Rate * ensemble.Origin.Average() * m * scale);
            Assert.Equal(Plain.Pearson(losses, curvatures), row.LossCurvature!.Value, 2e-3);
            Assert.Equal(Plain.Pearson(losses, minima), row.LossMinimum!.Value, 2e-3);
            Assert.Equal(Plain.Pearson(curvatures, minima), row.CurvatureMinimum!.Value, 2e-3);
            Assert.Equal(Plain.CentralMoment(minima, 3) / Math.Pow(spread, 1.5), row.MinimumSkewness!.Value, 5e-3);
            Assert.Equal(Plain.CentralMoment(minima, 4) / (spread * spread) - 3, row.MinimumKurtosis!.Value, 2e-2);
            Assert.Equal(Plain.CentralMoment(curvatures, 3) / Math.Pow(mVariance, 1.5), row.CurvatureSkewness!.Value, 5e-3);
            Assert.Equal(Plain.CentralMoment(curvatures, 4) / (mVariance * mVariance) - 3, row.CurvatureKurtosis!.Value, 2e-2);
        }

        Assert.True(found >= 3, $"only {found} modes have three valleys");
    }

    [Fact]
    public void The_shown_valleys_and_profiles_are_the_minibatches_own()
    {
        var (_, directions) = Plain.Modes(measured.Window(1));
        double[] p = Plain.Oriented(directions[11]);           // the thirtieth is the last here
        var ensemble = new PlainEnsemble(measured, 17, p);
        var valleys = RowTable.Read<ValleyRow>(measured.File("minibatch-valleys.parquet"));
        Assert.Equal(Enumerable.Range(0, PerEpoch), valleys.Select(row => row.Minibatch));
        foreach (var (row, i) in valleys.Select((row, i) => (row, i)))
        {
            Close(ensemble.Origin[i], row.LossAtOrigin, Precision);
            Close(ensemble.Valleys[i]?.Curvature, row.Curvature, 1e-3);
            Close(ensemble.Valleys[i]?.Minimum, row.Minimum, 2e-3);
        }

        var profiles = RowTable.Read<ProfileRow>(measured.File("minibatch-profiles.parquet"));
        double[] points = LinearSpaced(41, 2 * ensemble.Left!.Value, 2 * ensemble.Right!.Value);
        Assert.Equal(Enumerable.Range(-1, 13).SelectMany(minibatch => Enumerable.Repeat(minibatch, 41)), profiles.Select(row => row.Minibatch));
        double[][] losses = [.. points.Select(t => measured.NetworkAt(17).Along(Layer, p, t).Losses)];
        for (int i = 0; i < profiles.Count; i++)
        {
            Close(points[i % 41], profiles[i].Displacement, 1e-6, 1e-12);
            int minibatch = profiles[i].Minibatch;
            Close(minibatch < 0 ? losses[i % 41].Average() : measured.Sets[minibatch].Average(k => losses[i % 41][k]), profiles[i].Loss, Precision);
        }
    }

    [Fact]
    public void Temperatures_are_half_the_rate_times_the_variance_of_the_minibatches_slopes()
    {
        var (_, directions) = Plain.Modes(measured.Window(1));
        var origin = RowTable.Read<TemperatureRow>(measured.File("temperatures.parquet"));
        Assert.Equal(Enumerable.Range(1, 12), origin.Select(row => row.Rank));
        Assert.All(origin, row => Temperature(17, Plain.Oriented(directions[row.Rank - 1]), 0, row));
        Assert.All(origin, row => Assert.Equal((17 * PerEpoch, null), ((int)row.Iteration, row.Epoch)));

        var profiles = RowTable.Read<TemperatureRow>(measured.File("temperature-profiles.parquet"));
        Assert.Equal(Followed, profiles.Select(row => row.Rank).Distinct());
        foreach (var profile in profiles.GroupBy(row => row.Rank))
        {
            double[] p = Plain.Oriented(directions[profile.Key - 1]);
            var ensemble = new PlainEnsemble(measured, 17, p);
            foreach (var (row, point) in profile.Zip(LinearSpaced(21, 2 * ensemble.Left!.Value, 2 * ensemble.Right!.Value)))
            {
                Assert.Equal(17 * PerEpoch, row.Iteration);
                Temperature(17, p, point, row);
            }

            Assert.Equal(21, profile.Count());
        }
    }

    [Fact]
    public void Temperatures_over_training_are_taken_at_times_over_ln_update_and_over_epochs()
    {
        var (_, directions) = Plain.Modes(measured.Window(1));
        double reach = RowTable.Read<MotionRow>(measured.File(ModesMeasurement.MotionFile(1)))[9].Flatness!.Value / 2;
        var rows = RowTable.Read<TemperatureRow>(measured.File("temperatures-over-training.parquet"));
        (int Update, int? Epoch)[] times = [(0, null), (1, null), (3, null), (12, null), (42, null), (144, null), (500, null), (100, 4), (200, 8), (300, 12), (400, 16), (500, 20)];
        Assert.Equal(times.Length * 3 * 21, rows.Count);
        int next = 0;
        foreach (var (update, epoch) in times)
        {
            var network = epoch is { } e ? measured.NetworkAt(e) : measured.NetworkAfter(update);
            foreach (int rank in Followed)
            {
                foreach (double point in LinearSpaced(21, -reach, reach))
                {
                    var row = rows[next++];
                    Assert.Equal((update, epoch, rank), ((int)row.Iteration, (int?)row.Epoch, row.Rank));
                    Temperature(network, Plain.Oriented(directions[rank - 1]), point, row);
                }
            }
        }
    }

    [Fact]
    public void Nulls_are_drawn_from_the_middle_window_by_the_cells_seed_and_measured_on_the_real_landscape()
    {
        var middle = new Window([.. measured.Window(1).SelectMany(row => row)], Rows, 56);
        var table = RowTable.Read<SurrogateRow>(measured.File("nulls.parquet"));
        (string Name, Func<RandomStream, Window> Draw)[] surrogates =
        [
            ("isotropic walk", random => NullSurrogates.IsotropicWalk(middle, random)),
            ("epoch-balanced walk", random => NullSurrogates.EpochBalancedWalk(middle, PerEpoch, random)),
            ("shuffled steps", random => NullSurrogates.ShuffledSteps(middle, PerEpoch, random)),
        ];
        Assert.Equal(surrogates.SelectMany(surrogate => Few.Select(rank => (surrogate.Name, rank))), table.Select(row => (row.Surrogate, row.Rank)));
        foreach (var (name, draw) in surrogates)
        {
            var drawn = draw(new RandomStream(5, $"null surrogates/{name}"));
            float[][] rows = [.. Enumerable.Range(0, Rows).Select(t => drawn.Row(t).ToArray())];
            var (_, directions) = Plain.Modes(rows);
            foreach (var row in table.Where(row => row.Surrogate == name))
            {
                double[] theta = Plain.Projections(rows, directions[row.Rank - 1]);
                double velocity = Plain.CentralMoment(Steps(theta));
                Close(velocity, row.VelocityVariance, 1e-5);
                Close(Plain.CentralMoment(theta) / velocity, row.CorrelationTime, 1e-5);
                Close(measured.NetworkAt(17).Flatness(Layer, directions[row.Rank - 1]), row.Flatness, 5e-4);
            }
        }
    }

    [Fact]
    public void The_theorys_rows_say_how_flat_the_modes_are_and_how_fast_they_moved()
    {
        TheoryMeasurement.Run(measured.Trained);
        float[][] window = measured.Window(1);
        var (_, directions) = Plain.Modes(window);
        var rows = RowTable.Read<TheoryRow>(measured.File(TheoryMeasurement.FileName));
        Assert.Equal(((int[])[2, 5, 10, 12]).SelectMany(modes => Enumerable.Range(1, modes).Select(rank => (modes, rank))), rows.Select(row => (row.Modes, row.Rank)));
        foreach (var row in rows.Where(row => row.Modes == 12 || row.ExactDiffusion is not null))
        {
            double[] p = directions[row.Rank - 1];
            Close(Steps(Plain.Projections(window, p)).Average(v => v * v), row.MeanSquareVelocity, 1e-6);
            if (row.Modes == 12)
                Close(measured.NetworkAt(17).Flatness(Layer, p), row.Flatness, 5e-4);
            if (row.ExactDiffusion is not { } diffusion)
                continue;
            double[] slopes = measured.NetworkAt(17).Along(Layer, p, 0).Slopes;
            Close(Rate * Rate * measured.Sets.Average(set => Math.Pow(set.Average(k => slopes[k]), 2)), diffusion, 1e-3);
        }
    }

    [Fact]
    public void Signals_are_mean_magnitudes_of_every_layers_gradient_at_every_time()
    {
        var rows = RowTable.Read<SignalRow>(measured.LayersFile(LayersMeasurement.FileName));
        int[] updates = [0, 1, 4, 14, 50, 53, 100, 150, 200];
        Assert.Equal(updates.SelectMany(update => Enumerable.Range(1, 3).Select(layer => (update, layer))), rows.Select(row => ((int)row.Iteration, row.Layer)));
        foreach (var at in rows.GroupBy(row => row.Iteration))
        {
            var gradients = measured.EveryGradient((int)at.Key);
            foreach (var row in at)
            {
                double[] signals = [.. measured.LayerSets.Select(set => Enumerable.Range(0, gradients[0].Gradient[row.Layer - 1].Length).Average(n => Math.Abs(set.Average(k => gradients[k].Gradient[row.Layer - 1][n]))))];
                Close(gradients.Average(one => one.Loss), row.Loss, Precision);
                Close(signals.Average(), row.Signal, Precision);
                Close(Math.Sqrt(Plain.CentralMoment(signals)), row.Deviation, 1e-3);
            }
        }
    }

    private void Temperature(int epoch, double[] p, double at, TemperatureRow row) => Temperature(measured.NetworkAt(epoch), p, at, row);

    private void Temperature(PlainNetwork network, double[] p, double at, TemperatureRow row)
    {
        var (losses, slopes) = network.Along(Layer, p, at);
        double[] each = [.. measured.Sets.Select(set => set.Average(k => slopes[k]))];
        double second = Plain.CentralMoment(each), fourth = Plain.CentralMoment(each, 4);
        Close(at, row.Displacement, 1e-6, 1e-9);
        Close(losses.Average(), row.Loss, Precision);
        Close(Rate / 2 * second, row.Temperature, 2e-3);       // a sample at a kink may fall on either side
        Close(Rate / 2 * Math.Sqrt((fourth - second * second) / PerEpoch), row.StandardError, 5e-3);
    }

    private static double[] Steps(double[] theta) => [.. theta.Skip(1).Zip(theta, (after, before) => after - before)];

    /// <summary>The jackknife's standard error, one of the two complete epochs left out at a time: the first row of the window is the end of a step that is not known.</summary>
    private static double Error(double[] theta, Func<double, double, double> of)
    {
        double[] left = [.. Enumerable.Range(1, 2).Select(epoch =>
        {
            bool IsKept(int t) => t / PerEpoch != epoch;
            double[] positions = [.. theta.Where((_, t) => IsKept(t))];
            double[] velocities = [.. Enumerable.Range(1, theta.Length - 1).Where(IsKept).Select(t => theta[t] - theta[t - 1])];
            return of(Plain.CentralMoment(positions), Plain.CentralMoment(velocities));
        })];
        return Math.Sqrt(0.5 * left.Sum(x => Math.Pow(x - left.Average(), 2)));
    }

    private sealed record PlainValley(double Minimum, double Curvature, double LossAtOrigin, double RSquared);

    /// <summary>Every minibatch's parabola of ln L along one direction, on a grid over twice the valley of the mean loss.</summary>
    private sealed class PlainEnsemble
    {
        public PlainEnsemble(MeasuredCell measured, int epoch, double[] p)
        {
            var valley = measured.ValleyAt(epoch, p);
            (Left, Right, Flatness) = (valley.Left, valley.Right, valley.Value);
            var network = measured.NetworkAt(epoch);
            double[] origin = network.Along(Layer, p, 0).Losses;
            Origin = [.. measured.Sets.Select(set => set.Average(k => origin[k]))];
            if (Flatness is null)
            {
                Valleys = new PlainValley?[PerEpoch];
                Unbounded = PerEpoch;
                return;
            }

            double[] grid = [.. Enumerable.Range(0, 41).Select(i => 2 * Left!.Value + i / 40.0 * 2 * Flatness.Value)];
            double[][] losses = [.. grid.Select(t => network.Along(Layer, p, t).Losses)];
            Valleys = [.. measured.Sets.Select((set, i) => Fit(grid, [.. losses.Select(all => set.Average(k => all[k]))], Origin[i]))];
        }

        public double? Left { get; }

        public double? Right { get; }

        public double? Flatness { get; }

        public double[] Origin { get; }

        public PlainValley?[] Valleys { get; }

        public int TooSteep { get; private set; }

        public int Unbounded { get; private set; }

        private PlainValley? Fit(double[] grid, double[] losses, double origin)
        {
            int[] inside = [.. Enumerable.Range(0, 41).Where(i => losses[i] <= Math.E * losses.Min())];
            if (inside.Length < 7)
            {
                TooSteep++;
                return null;
            }

            var (c, rSquared) = Naive.Polynomial([.. inside.Select(i => grid[i])], [.. inside.Select(i => Math.Log(losses[i]))], 2);
            double minimum = -c[1] / (2 * c[2]);
            if (c[2] > 0 && minimum >= grid[0] && minimum <= grid[40])
                return new(minimum, 2 * c[2], origin, rSquared);
            Unbounded++;
            return null;
        }
    }

    /// <summary>Two cells, trained and measured in a moment.</summary>
    public sealed class MeasuredCell : IDisposable
    {
        private const int Count = 300;

        private static readonly NoiseCell Cell = Samples.Cell(NoisePart.Modes, seed: 5) with
        {
            Network = "fc:6-8-7-3",
            BatchSize = Count / PerEpoch,
            LearningRate = Rate,
            WindowEpochs = 3,
            MaxEpochs = 20,
            Modes = 12,
            FewModes = 4,
            Times = 6,
        };

        private readonly TemporaryFolder _folder = new();
        private readonly TrainingData _data = new(Clouds.Of(3, Count), Clouds.Of(4, 100));
        private readonly TrainedCell _layers;

        public MeasuredCell()
        {
            TorchThreads.One();
            Trained = Train("modes", Cell);
            new ModesMeasurement(Trained).Run();
            _layers = Train("layers", Cell with { Part = NoisePart.Layers, Layer = 0, BatchSize = 12, Seed = 6, MaxEpochs = 8, WindowEpochs = 0, Windows = 0, Modes = 0, FewModes = 0, Times = 5 });
            LayersMeasurement.Run(_layers);
        }

        internal TrainedCell Trained { get; }

        /// <summary>The samples of every minibatch: one epoch, shuffled by the cell's seed.</summary>
        internal IReadOnlyList<int[]> Sets { get; } = [.. new RandomStream(5, "noise/minibatches").Permutation(Count).Chunk(Count / PerEpoch)];

        internal IReadOnlyList<int[]> LayerSets { get; } = [.. new RandomStream(6, "noise/minibatches").Permutation(Count).Chunk(12)];

        public void Dispose() => _folder.Dispose();

        internal string File(string name) => _folder.File($"modes/{name}");

        internal string LayersFile(string name) => _folder.File($"layers/{name}");

        /// <summary>The rows of one window: of the trajectory's 225 the first, second or third 75.</summary>
        internal float[][] Window(int window)
        {
            using var trajectory = Trajectory.Open(Trained.Run.TrajectoryPath!);
            Assert.Equal(3 * Rows, trajectory.Iterations);
            var rows = trajectory.Slice(0, 3 * Rows);
            return [.. Enumerable.Range(window * Rows, Rows).Select(t => rows.Row(t).ToArray())];
        }

        internal PlainNetwork NetworkAt(int epoch) => new(Snapshots.Load(_folder.File("modes"), epoch, Trained.Network), _data.Train);

        internal PlainNetwork NetworkAfter(int update) => new(Snapshots.LoadIteration(_folder.File("modes"), update, Trained.Network), _data.Train);

        /// <summary>Of a cell whose weights are kept after single updates, or where an epoch ends.</summary>
        internal IReadOnlyList<(double Loss, double[][] Gradient)> EveryGradient(int update)
        {
            bool isEpoch = update is 50 or 100 or 150;
            var weights = isEpoch ? Snapshots.Load(_folder.File("layers"), update / 25, _layers.Network) : Snapshots.LoadIteration(_folder.File("layers"), update, _layers.Network);
            var network = new PlainNetwork(weights, _data.Train);
            return [.. Enumerable.Range(0, Count).Select(network.Gradient)];
        }

        /// <summary>The sides of the valley, as the library finds them: the grid of the ensemble hangs on their last digits.</summary>
        internal Flatness ValleyAt(int epoch, double[] p)
        {
            using var landscape = Landscape.Of(Snapshots.Load(_folder.File("modes"), epoch, Trained.Network), _data.Train, WeightSpace.Of(Trained.Network, Layer), threads: 1);
            return Flatness.Measure(landscape, p);
        }

        private TrainedCell Train(string name, NoiseCell cell)
        {
            Directory.CreateDirectory(_folder.File(name));
            return TrainedCell.Train(cell, new() { Folder = _folder.File(name), Threads = 1, Progress = new Silent(), Cancellation = CancellationToken.None }, _data);
        }
    }
}
