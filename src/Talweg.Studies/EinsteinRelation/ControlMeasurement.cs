using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Studies.Running;
using Talweg.Thermodynamics;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Studies.EinsteinRelation;

/// <summary>FT-20: SGD to a solution and a window beyond, then thermal motion on the same landscape from that solution.</summary>
/// <remarks>
/// Thermal motion takes place in the span of the Hessian's K top eigenvectors at the solution; all other directions are held fixed. Step size
/// α = 0.1/λ_max; temperature T = ‖∇L‖²/Σλₖ in that span, at which noise heats as fast as the drift cools:
/// d⟨L⟩/dt = α(−‖∇L‖² + T tr H). Both are stated before the window is looked at.
/// </remarks>
internal sealed class ControlMeasurement(EinsteinCell cell, CellContext context, TrainingData data)
{
    /// <summary>Modes of SGD that are measured and fitted, as in the study of the inverse relation.</summary>
    private const int SgdModes = 200;

    private readonly FullyConnected _network = FullyConnected.Parse(cell.Network);

    private WorkOptions Work => new(context.Threads, context.Progress, context.Cancellation);

    public CellEnding Run()
    {
        var space = WeightSpace.Of(_network, cell.Layer);
        var run = Trainer.Run(Plan(), data, context.Folder, Work);
        if (run.Ending == Ending.Diverged || run.OnlyGuesses)
            return CellEnding.Failed(run.Verdict);
        int iterations = MeasureSgd(run, space);
        return MeasureThermal(run, space, iterations);
    }

    private TrainingPlan Plan() => new()
    {
        Network = _network,
        BatchSize = cell.BatchSize,
        LearningRate = cell.LearningRate,
        Seed = cell.Seed,
        MaxEpochs = cell.MaxEpochs,
        ExtraEpochs = cell.WindowEpochs,
        Recording = Recording.Exploration,
        RecordedLayers = [cell.Layer],
    };

    private int MeasureSgd(TrainingRun run, WeightSpace space)
    {
        using var trajectory = Trajectory.Open(run.TrajectoryPath!);
        var window = trajectory.Last((long)cell.WindowEpochs * run.IterationsPerEpoch);
        var modes = PrincipalModes.Of(window, Math.Min(SgdModes, Math.Min(window.Iterations, window.Dimension)));
        using var landscape = Landscape.Of((DenseWeights)run.Weights, data.Train, space, threads: context.Threads);
        var flatness = Flatness.Along(landscape, Directions.Of(modes.Directions, space.Dimension), FlatnessOptions.Default, Work);
        Tabulate(modes.Variances[..modes.Count], flatness, _ => null).Write(context.File(MotionTable.SgdFile));
        return window.Iterations;
    }

    private CellEnding MeasureThermal(TrainingRun run, WeightSpace space, int sgdIterations)
    {
        using var hessian = HessianOperator.Of((DenseWeights)run.Weights, data.Train, space, context.Threads);
        var top = TopEigenpairs.Find(hessian, Math.Min(cell.Directions, space.Dimension), LanczosOptions.Default, Work);
        if (TopEigenpairs.NoTemperature(top) is { } reason)
            return CellEnding.Failed(reason);
        using var potential = LayerPotential.Of((DenseWeights)run.Weights, data.Train, space);
        double[] solution = [.. space.Flatten(run.Weights).Select(w => (double)w)];
        double[] gradient = new double[space.Dimension];
        double loss = potential.Gradient(solution, gradient);
        var plane = new SubspacePotential(potential, solution, Directions.Of(top.Vectors, space.Dimension));
        double[] inPlane = new double[plane.Dimension];
        plane.Gradient(new double[plane.Dimension], inPlane);

        double stepSize = Rules.StepTimesCurvature / top.Values[0];
        double temperature = SquaredNorm(inPlane) / top.Values.Sum();
        int burnIn = (int)(Rules.BurnIn * cell.Steps);
        int stride = (cell.Steps - 1) / Rules.Rows + 1;
        var motion = LangevinDynamics.Run(plane, new double[plane.Dimension], stepSize, temperature, cell.Steps, burnIn, stride, new RandomStream(cell.Seed, "thermal motion"), Work);
        if (motion.Ending == LangevinEnding.Diverged)
            return CellEnding.Failed("thermal motion diverged");
        MeasureModes(motion.Window!, plane, (DenseWeights)run.Weights, space, solution, stepSize);
        var drift = motion.RelativeLossDrift;
        new ControlResult
        {
            ZeroErrorEpoch = run.ZeroErrorEpoch,
            SgdIterations = sgdIterations,
            SolutionLoss = loss,
            Curvatures = top.Values,
            SquaredGradient = SquaredNorm(gradient),
            SquaredGradientInSpan = SquaredNorm(inPlane),
            StepSize = stepSize,
            Temperature = temperature,
            Steps = cell.Steps,
            Stride = stride,
            BurnInLosses = motion.BurnInLosses,
            Losses = motion.Losses,
            LossDrift = drift.Value,
            LossDriftLow = drift.Interval!.Value.Low,
            LossDriftHigh = drift.Interval.Value.High,
            LossDriftOver = drift.Over,
        }.Write(context.File(ControlResult.FileName));
        return CellEnding.Measured(run.Verdict);
    }

    /// <summary>Modes of the plane's coordinates, lifted into weight space, and the whole loss along them from the window's last weights; and along the coordinates.</summary>
    private void MeasureModes(Window window, SubspacePotential plane, DenseWeights weights, WeightSpace space, double[] solution, double stepSize)
    {
        double[] last = plane.Lift([.. window.Row(window.Iterations - 1).ToArray().Select(c => (double)c)]);
        using var landscape = Landscape.Of(space.With(weights, [.. solution.Zip(last, (w, moved) => (float)(w + moved))]), data.Train, space, threads: context.Threads);
        MotionTable Along(double[] variances, Func<int, double[]> direction)
        {
            var directions = Directions.Of([.. Enumerable.Range(0, variances.Length).SelectMany(direction)], space.Dimension);
            return Tabulate(variances, Flatness.Along(landscape, directions, FlatnessOptions.Default, Work), Relaxations);
        }

        // On a parabola the exact time is 1/(αλ) = F²/(8(e − 1)αL₀); without the factor e − 1 it asks for more time than needed.
        double? Relaxations(double? flatness) => flatness is { } f ? cell.Steps * 8 * stepSize * landscape.LossAtOrigin / (f * f) : null;

        var modes = PrincipalModes.Of(window);
        Along(modes.Variances[..modes.Count], mode => plane.Lift(modes.Direction(mode))).Write(context.File(MotionTable.ThermalFile));
        Along([.. Enumerable.Range(0, plane.Dimension).Select(k => Variance(window, k))], k => plane.Lift(Unit(plane.Dimension, k))).Write(context.File(MotionTable.DirectionsFile));
    }

    private static MotionTable Tabulate(double[] variances, IReadOnlyList<Flatness> flatness, Func<double?, double?> relaxations) => new()
    {
        Variance = variances,
        Flatness = [.. flatness.Select(f => f.Value)],
        Relaxations = [.. flatness.Select(f => relaxations(f.Value))],
    };

    /// <summary>Population variance of one coordinate over the window.</summary>
    private static double Variance(Window window, int coordinate)
    {
        double mean = 0, square = 0;
        for (int t = 0; t < window.Iterations; t++)
            mean += window.Row(t)[coordinate] / (double)window.Iterations;
        for (int t = 0; t < window.Iterations; t++)
            square += Math.Pow(window.Row(t)[coordinate] - mean, 2);
        return square / window.Iterations;
    }

    private static double[] Unit(int dimension, int index)
    {
        double[] unit = new double[dimension];
        unit[index] = 1;
        return unit;
    }

    private static double SquaredNorm(double[] vector) => vector.Sum(x => x * x);
}
