using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Studies.EinsteinRelation;
using Talweg.Studies.Running;
using Talweg.Studies.Tests.SgdNoise;
using Talweg.Training;
using static Talweg.Studies.Tests.Near;

namespace Talweg.Studies.Tests.EinsteinRelation;

/// <summary>Every number of a small control, from its solution by plain loops: SGD's modes, the Hessian there, and the whole thermal motion made again.</summary>
public sealed class ControlMeasurementTests(ControlMeasurementTests.Measured measured) : IClassFixture<ControlMeasurementTests.Measured>
{
    private const int Layer = 2;
    private const int Weights = 56;
    private const int Directions = 12;
    private const int Steps = 600;

    /// <summary>Losses and gradients in single precision err by some 1e-8 of themselves.</summary>
    private const double Single = 1e-6;

    /// <summary>Rounded gradients push two motions apart, and the valley draws them together: after 900 steps their losses differ by 5e-8.</summary>
    private const double Again = 1e-5;

    [Fact]
    public void SGDs_modes_are_those_of_the_last_epochs_and_their_flatness_that_around_the_solution()
    {
        var table = MotionTable.Read(measured.File(MotionTable.SgdFile));
        float[][] rows = measured.Rows;
        var (variances, directions) = Plain.Modes(rows);
        Assert.Equal((75, variances.Count(v => v > Weights * 2.2e-16 * variances[0])), (rows.Length, table.Count));
        Assert.Equal(75, measured.Result.SgdIterations);
        Assert.All(table.Relaxations, Assert.Null);
        var network = new PlainNetwork(measured.Solution, measured.Data.Train);
        for (int mode = 0; mode < 30; mode++)                  // beyond these variances lie near the roundoff of recorded weights
        {
            Assert.Equal(1, table.Variance[mode] / variances[mode], 1e-6);
            double? width = network.Flatness(Layer, directions[mode]);
            Assert.Equal(width is null, table.Flatness[mode] is null);
            if (width is { } f)
                Assert.Equal(1, table.Flatness[mode]!.Value / f, 5e-4);      // each side is found to 1e-4
        }

        Assert.True(table.Flatness.Count(f => f is not null) > 20);
    }

    [Fact]
    public void Step_and_temperature_follow_from_the_gradient_and_the_Hessian_at_the_solution()
    {
        var result = measured.Result;
        var (loss, gradient) = PlainHessian.Gradient(measured.Solution, measured.Data.Train, Layer);
        var (values, vectors) = PlainHessian.Eigenpairs(measured.Solution, measured.Data.Train, Layer);
        Close(loss, result.SolutionLoss, Single);
        Assert.Equal(Directions, result.Curvatures.Count);
        for (int k = 0; k < Directions; k++)
            Assert.Equal(values[k], result.Curvatures[k], 1e-7 * values[0]);      // differences of the gradient
        double inSpan = vectors.Take(Directions).Sum(p => Math.Pow(Naive.Dot(p, gradient), 2));
        Close(gradient.Sum(g => g * g), result.SquaredGradient, Single);
        Close(inSpan, result.SquaredGradientInSpan, Single);
        Assert.True(inSpan < 0.99 * gradient.Sum(g => g * g), "the span holds all of the gradient, and the two are not told apart");
        Close(0.1 / values[0], result.StepSize, 1e-7);                        // as the curvatures
        Close(inSpan / values.Take(Directions).Sum(), result.Temperature, Single);
        Assert.Equal((Steps, 1), (result.Steps, result.Stride));
    }

    [Fact]
    public void The_training_error_is_first_zero_where_the_weights_make_no_mistake()
    {
        int? zero = Enumerable.Range(1, 12).Cast<int?>().FirstOrDefault(epoch => new PlainNetwork(measured.AfterEpoch(epoch!.Value), measured.Data.Train).Error().High == 0);
        Assert.Equal(zero, measured.Result.ZeroErrorEpoch);
    }

    [Fact]
    public void Losses_are_those_of_the_thermal_motion_made_again()
    {
        var (losses, _) = measured.Motion();
        Assert.Equal((300, Steps), (measured.Result.BurnInLosses.Count, measured.Result.Losses.Count));
        for (int t = 0; t < 300; t++)
            Close(losses[t], measured.Result.BurnInLosses[t], Again);
        for (int t = 0; t < Steps; t++)
            Close(losses[300 + t], measured.Result.Losses[t], Again);
    }

    [Fact]
    public void The_drift_is_the_slope_of_ten_block_means_with_Students_interval()
    {
        double[] means = [.. measured.Result.Losses.Chunk(60).Select(block => block.Average())];
        double[] times = [.. Enumerable.Range(0, 10).Select(i => (i + 0.5) / 10)];
        double slope = Plain.Slope(times, means), intercept = means.Average() - slope * times.Average();
        double residuals = times.Zip(means, (t, l) => Math.Pow(l - intercept - slope * t, 2)).Sum();
        double error = Math.Sqrt(residuals / 8 / times.Sum(t => Math.Pow(t - 0.5, 2)));
        const double student = 2.306004135;                    // 97.5% with eight degrees of freedom, to 1e-10
        var result = measured.Result;
        Assert.Equal(slope / means.Average(), result.LossDrift, 1e-9);
        Assert.Equal(result.LossDrift - student * error / means.Average(), result.LossDriftLow, 1e-8);
        Assert.Equal(result.LossDrift + student * error / means.Average(), result.LossDriftHigh, 1e-8);
        Assert.Equal("10 blocks of 60 steps", result.LossDriftOver);
    }

    [Fact]
    public void Thermal_modes_and_fixed_directions_have_their_variance_flatness_and_relaxation_times()
    {
        var (_, coordinates) = measured.Motion();
        float[][] window = [.. coordinates.Skip(300).Select(c => c.Select(x => (float)x).ToArray())];
        double[] last = measured.Lift(coordinates[^1]);
        var end = measured.Space.With(measured.Solution, [.. measured.Solution.Matrices[Layer - 1].Select((w, n) => (float)(w + last[n]))]);
        var network = new PlainNetwork(end, measured.Data.Train);
        double loss = network.Loss(Layer, last, 0);

        var (variances, modes) = Plain.Modes(window);
        Along(MotionTable.ThermalFile, variances, k => measured.Lift(modes[k]));
        Along(MotionTable.DirectionsFile, [.. Enumerable.Range(0, Directions).Select(k => Plain.CentralMoment([.. window.Select(row => (double)row[k])]))], measured.Direction);

        void Along(string file, double[] variance, Func<int, double[]> direction)
        {
            var table = MotionTable.Read(measured.File(file));
            Assert.Equal(Directions, table.Count);
            for (int k = 0; k < Directions; k++)
            {
                Close(variance[k], table.Variance[k], Again);
                double? width = network.Flatness(Layer, direction(k));
                Assert.Equal(width is null, table.Flatness[k] is null);
                Assert.Equal(width is null, table.Relaxations[k] is null);
                if (width is not { } f)
                    continue;
                Close(f, table.Flatness[k]!.Value, 5e-4);              // each side is found to 1e-4
                Close(Steps * 8 * measured.Result.StepSize * loss / (f * f), table.Relaxations[k]!.Value, 1e-3);     // twice that of F, which is squared
            }
        }
    }

    [Fact]
    public void A_long_window_keeps_every_second_step()
    {
        using var folder = new TemporaryFolder();
        var cell = Measured.Cell with { Steps = 8001, Directions = 3 };
        var ending = new ControlMeasurement(cell, Measured.Context(folder.Path), measured.Data).Run();
        Assert.True(ending.Completed, ending.Verdict);
        var result = ControlResult.Read(folder.File(ControlResult.FileName));
        Assert.Equal((2, 4001, 2000), (result.Stride, result.Losses.Count, result.BurnInLosses.Count));
        Assert.Equal("10 blocks of 800 steps", result.LossDriftOver);
        var table = MotionTable.Read(folder.File(MotionTable.ThermalFile));
        Assert.Equal(3, table.Count);
        double times = table.Relaxations.Zip(table.Flatness, (relaxations, f) => relaxations * f * f).OfType<double>().First();
        Assert.Equal(1, times / (8001 * 8 * result.StepSize * result.Losses[^1]), Single);         // of all steps, kept or not
    }

    /// <summary>A control, and its SGD trained again beside it, every weight kept.</summary>
    public sealed class Measured : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly List<NetworkWeights> _seen = [];
        private readonly Eigenpairs _top;
        private (double[] Losses, double[][] Coordinates)? _motion;

        public Measured()
        {
            TorchThreads.One();
            Directory.CreateDirectory(_folder.File("control"));
            var ending = new ControlMeasurement(Cell, Context(_folder.File("control")), Data).Run();
            Assert.True(ending.Completed, ending.Verdict);
            Result = ControlResult.Read(File(ControlResult.FileName));
            var plan = new TrainingPlan
            {
                Network = FullyConnected.Parse("fc:6-8-7-3"),
                BatchSize = 12,
                LearningRate = 0.08,
                Seed = 7,
                MaxEpochs = 12,
                ExtraEpochs = 3,
                Recording = Recording.Exploration,
                RecordedLayers = [Layer],
            };
            var run = Trainer.Run(plan, Data, _folder.File("again"), interventions: new() { Watcher = new Watcher<NetworkWeights>(_seen) });
            Solution = (DenseWeights)run.Weights;
            Space = WeightSpace.Of(plan.Network, Layer);
            using var hessian = HessianOperator.Of(Solution, Data.Train, Space, 1);
            _top = Lanczos.Top(hessian, Directions, LanczosOptions.Default);
        }

        internal static EinsteinCell Cell { get; } = new()
        {
            Task = EinsteinTask.Control,
            Data = "synthetic",
            Network = "fc:6-8-7-3",
            Layer = Layer,
            Samples = 300,
            BatchSize = 12,
            LearningRate = 0.08,
            Seed = 7,
            MaxEpochs = 12,
            WindowEpochs = 3,
            Directions = Directions,
            Steps = Steps,
        };

        internal TrainingData Data { get; } = new(Clouds.Of(5, 300), Clouds.Of(6, 100));

        internal ControlResult Result { get; }

        internal DenseWeights Solution { get; }

        internal WeightSpace Space { get; }

        /// <summary>The studied matrix after every iteration of the last three epochs.</summary>
        internal float[][] Rows => [.. _seen.TakeLast(75).Select(weights => ((DenseWeights)weights).Matrices[Layer - 1])];

        public void Dispose() => _folder.Dispose();

        internal static CellContext Context(string folder) => new() { Folder = folder, Threads = 1, Progress = new Silent(), Cancellation = CancellationToken.None };

        internal string File(string name) => _folder.File($"control/{name}");

        internal DenseWeights AfterEpoch(int epoch) => (DenseWeights)_seen[25 * epoch];

        /// <summary>The k-th eigenvector, with the sign that the search for it gave: the noise along it depends on that.</summary>
        internal double[] Direction(int k) => _top.Vector(k).ToArray();

        /// <summary>Σ c_k p_k.</summary>
        internal double[] Lift(double[] coordinates)
        {
            var lifted = new double[Weights];
            for (int k = 0; k < Directions; k++)
            {
                double[] p = Direction(k);
                for (int n = 0; n < Weights; n++)
                    lifted[n] += coordinates[k] * p[n];
            }

            return lifted;
        }

        /// <summary>c ← c − α ∇L·p + √(2αT) ξ for 300 steps and 600 more: the loss before each step, and c there.</summary>
        internal (double[] Losses, double[][] Coordinates) Motion() => _motion ??= Move();

        private (double[] Losses, double[][] Coordinates) Move()
        {
            var random = new RandomStream(7, "thermal motion");
            double kick = Math.Sqrt(2 * Result.StepSize * Result.Temperature);
            double[][] p = [.. Enumerable.Range(0, Directions).Select(Direction)];
            double[] origin = [.. Solution.Matrices[Layer - 1].Select(w => (double)w)];
            double[] c = new double[Directions];
            List<double> losses = [];
            List<double[]> coordinates = [];
            for (int t = 0; t < 900; t++)
            {
                double[] lifted = Lift(c);
                var (loss, gradient) = PlainHessian.Gradient(Solution, Data.Train, Layer, [.. origin.Zip(lifted, (w, moved) => w + moved)]);
                losses.Add(loss);
                coordinates.Add([.. c]);
                for (int k = 0; k < Directions; k++)
                    c[k] += kick * random.NextNormal() - Result.StepSize * Naive.Dot(p[k], gradient);
            }

            return ([.. losses], [.. coordinates]);
        }
    }
}
