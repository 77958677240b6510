using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Studies.Running;
using Talweg.Thermodynamics;
using Talweg.Training;

namespace Talweg.Studies.EinsteinRelation;

/// <summary>FT-21: one variant from the initial weights of its seed, a fixed number of updates, and the flatness where it ends.</summary>
internal sealed class VariantMeasurement(EinsteinCell cell, CellContext context, TrainingData data)
{
    /// <summary>Random directions, and eigenvectors, along which flatness is taken.</summary>
    private const int Directions = 20;

    private readonly FullyConnected _network = FullyConnected.Parse(cell.Network);

    private WorkOptions Work => new(context.Threads, context.Progress, context.Cancellation);

    public CellEnding Run()
    {
        var run = Trainer.Run(Plan(), data, context.Folder, Work, new() { Noise = Noise() });
        if (run.Ending == Ending.Diverged || run.OnlyGuesses)
            return CellEnding.Failed(run.Verdict);
        var space = WeightSpace.Of(_network, cell.Layer);
        var top = Top((DenseWeights)run.Weights, space);
        if (TopEigenpairs.NotConverged(top) is { } reason)
            return CellEnding.Failed(reason);
        using var landscape = Landscape.Of((DenseWeights)run.Weights, data.Train, space, threads: context.Threads);
        var random = FlatnessAlong(landscape, RandomDirections(space.Dimension));
        var sharp = FlatnessAlong(landscape, Landscapes.Directions.Of(top.Vectors, space.Dimension));
        new VariantResult
        {
            UpdatesPerEpoch = run.IterationsPerEpoch,
            Curve = run.Epochs,
            ZeroErrorUpdate = (long?)run.ZeroErrorEpoch * run.IterationsPerEpoch,
            RandomFlatness = GeometricMean(random),
            SharpFlatness = GeometricMean(sharp),
            OpenDirections = random.Concat(sharp).Count(f => f.Value is null),
        }.Write(context.File(VariantResult.FileName));
        return CellEnding.Measured(run.Verdict);
    }

    /// <summary>Full batches are evaluated as often as SGD: after every M/B updates.</summary>
    private TrainingPlan Plan()
    {
        int perEpoch = cell.Samples / cell.BatchSize;
        bool sgd = cell.Task == EinsteinTask.Sgd;
        return new()
        {
            Network = _network,
            BatchSize = sgd ? cell.BatchSize : cell.Samples,
            LearningRate = cell.LearningRate,
            Seed = cell.Seed,
            MaxEpochs = sgd ? cell.Updates / perEpoch : cell.Updates,
            ExtraEpochs = null,
            Recording = Recording.None,
            EvaluateEvery = sgd ? null : perEpoch,
        };
    }

    private IUpdateNoise? Noise()
    {
        var sgd = new SgdStrength(data.Train, cell.BatchSize, cell.LearningRate, context.Threads);
        return cell.Task switch
        {
            EinsteinTask.ConstantNoise => IsotropicNoise.Constant(sgd.TotalVariance(DenseWeights.Draw(_network, Initialisation.PyTorch, cell.Seed)), cell.Seed),
            EinsteinTask.FollowingNoise => IsotropicNoise.Following(sgd, cell.RefreshEvery, cell.Seed),
            EinsteinTask.FlatnessNoise => new FlatnessNoise(sgd, cell.NoiseDirections, cell.RefreshEvery, cell.Seed),
            _ => null,
        };
    }

    private IReadOnlyList<Flatness> FlatnessAlong(Landscape landscape, Directions directions) =>
        Flatness.Along(landscape, directions, new() { Fit = false }, Work);

    /// <summary>The same for all variants and seeds.</summary>
    private static Directions RandomDirections(int dimension)
    {
        var random = new RandomStream(0, "directions of flatness");
        var values = new double[Directions * dimension];
        for (int i = 0; i < values.Length; i++)
            values[i] = random.NextNormal();
        for (int k = 0; k < Directions; k++)
        {
            var direction = values.AsSpan(k * dimension, dimension);
            double square = 0;
            foreach (double x in direction)
                square += x * x;
            foreach (ref double x in direction)
                x /= Math.Sqrt(square);
        }

        return Landscapes.Directions.Of(values, dimension);
    }

    private Eigenpairs Top(DenseWeights weights, WeightSpace space)
    {
        using var hessian = HessianOperator.Of(weights, data.Train, space, context.Threads);
        return TopEigenpairs.Find(hessian, Math.Min(Directions, space.Dimension), new() { Tolerance = 1e-4 }, Work);
    }

    private static double GeometricMean(IReadOnlyList<Flatness> flatness)
    {
        double[] logs = [.. flatness.Select(f => f.Value).OfType<double>().Select(value => Math.Log(value))];
        return logs.Length == 0 ? double.NaN : Math.Exp(logs.Average());
    }
}
