using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Studies.Running;
using Talweg.Thermodynamics;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Studies.FlatnessAndHessian;

/// <summary>Trains a cell, takes its principal modes and its Hessian, and looks along all of their directions.</summary>
/// <remarks>Memory: the samples, the window, its modes, and the Hessian with its eigenvectors: 40·N² bytes or so at once.</remarks>
internal sealed class CellMeasurement(HessianCell cell, CellContext context, TrainingData data)
{
    private readonly FullyConnected _network = FullyConnected.Parse(cell.Network);

    private WorkOptions Work => new(context.Threads, context.Progress, context.Cancellation);

    public CellEnding Run()
    {
        var run = Trainer.Run(Plan(), data, context.Folder, Work);
        if (run.Ending == Ending.Diverged || run.OnlyGuesses)
            return CellEnding.Failed(run.Verdict);
        Measure(run);
        return CellEnding.Measured(run.Verdict);
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

    private void Measure(TrainingRun run)
    {
        var space = WeightSpace.Of(_network, cell.Layer);
        var weights = (DenseWeights)run.Weights;
        using var landscape = Landscape.Of(weights, data.Train, space, threads: context.Threads);
        var (modes, iterations) = Modes(run, space.Dimension);
        var matrix = HessianMatrix.Of(weights, data.Train, space, Work);
        var spectrum = matrix.Diagonalise();
        using var hessian = HessianOperator.Of(weights, data.Train, space, context.Threads);
        int pairs = Math.Min(cell.Eigenpairs, space.Dimension);
        var top = Lanczos.Top(hessian, pairs, work: Work);
        int shared = Math.Min(pairs, modes.Count);
        double[] random = RandomDirections.In(space.Dimension, Math.Min(Math.Max(cell.RandomDirections, pairs), space.Dimension), new RandomStream(cell.Seed, "random directions"));
        var result = new CellResult
        {
            ZeroErrorEpoch = run.ZeroErrorEpoch,
            Iterations = iterations,
            Loss = landscape.LossAtOrigin,
            Norm = landscape.Norm,
            Spectrum = spectrum.Values,
            LanczosValues = top.Values,
            LanczosResiduals = top.Residuals,
            LanczosProducts = top.Products,
            LanczosEnding = $"{top.Ending}",
            Overlap = RandomDirections.Overlap(modes.Directions.AsSpan(0, shared * space.Dimension), top.Vectors.AsSpan(0, shared * space.Dimension), space.Dimension),
            RandomOverlap = RandomDirections.Overlap(random.AsSpan(0, shared * space.Dimension), top.Vectors.AsSpan(0, shared * space.Dimension), space.Dimension),
        };
        double[] gradient = Gradient(weights, space);
        IReadOnlyList<DirectionRow> Look(string kind, ReadOnlySpan<double> vectors, IReadOnlyList<double>? variances = null) =>
            vectors.IsEmpty ? [] : Along(kind, Directions.Of(vectors, space.Dimension), landscape, matrix, gradient, variances);
        RowTable.Write(context.File(CellResult.DirectionsFile), (IReadOnlyList<DirectionRow>)
        [
            .. Look(DirectionRow.Mode, modes.Directions, modes.Variances),
            .. Look(DirectionRow.Top, top.Vectors),
            .. Look(DirectionRow.Bottom, SpectralDirections.Bottom(spectrum, pairs)),
            .. Look(DirectionRow.Random, random.AsSpan(0, Math.Min(cell.RandomDirections, space.Dimension) * space.Dimension)),
            .. Look(DirectionRow.Flat, SpectralDirections.Vanishing(spectrum, result.Vanishing, cell.RandomDirections, new RandomStream(cell.Seed, "flat directions"))),
        ]);
        result.Write(context.File(CellResult.FileName));
    }

    private (PrincipalModes, int) Modes(TrainingRun run, int dimension)
    {
        using var trajectory = Trajectory.Open(run.TrajectoryPath!);
        var window = trajectory.Last((long)cell.WindowEpochs * run.IterationsPerEpoch);
        int all = Math.Min(window.Iterations, dimension);
        return (PrincipalModes.Of(window, cell.Modes == 0 ? all : Math.Min(cell.Modes, all)), window.Iterations);
    }

    private double[] Gradient(DenseWeights weights, WeightSpace space)
    {
        using var potential = LayerPotential.Of(weights, data.Train, space);
        double[] gradient = new double[space.Dimension];
        potential.Gradient([.. space.Flatten(weights).Select(w => (double)w)], gradient);
        return gradient;
    }

    private IReadOnlyList<DirectionRow> Along(string kind, Directions directions, Landscape landscape, HessianMatrix matrix, double[] gradient, IReadOnlyList<double>? variances)
    {
        double[] curvatures = matrix.CurvatureAlong(directions);
        var flatness = Flatness.Along(landscape, directions, FlatnessOptions.Default, Work);
        return [.. Enumerable.Range(0, directions.Count).Select(i => new DirectionRow
        {
            Kind = kind,
            Rank = i + 1,
            Variance = variances?[i],
            Curvature = curvatures[i],
            Slope = RandomDirections.Dot(directions[i], gradient),
            Left = flatness[i].Left,
            Right = flatness[i].Right,
            FitRSquared = flatness[i].FitRSquared,
        })];
    }
}
