using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Statistics;
using Talweg.Studies.Running;
using Talweg.Trajectories;

namespace Talweg.Studies.SgdNoise;

/// <summary>Every term of the random-landscape theory in one cell, from minibatch Hessians along the modes of a small network's middle window.</summary>
internal static class TheoryMeasurement
{
    public const string FileName = "theory.parquet";

    /// <summary>Numbers of leading modes whose span the theory is taken on, besides all: the more modes, the fewer minibatches have a minimum.</summary>
    private static readonly int[] Spans = [2, 5, 10];

    public static void Run(TrainedCell trained)
    {
        using var trajectory = Trajectory.Open(trained.Run.TrajectoryPath!);
        var window = MotionWindow.Find(trajectory, trained.Run, trained.Cell, trained.Cell.Windows / 2);
        var weights = window.Weights(trained);
        var samples = trained.Data.Train;
        var space = WeightSpace.Of(trained.Network, trained.Cell.Layer);
        var directions = window.Directions(Enumerable.Range(1, window.Count));
        var sets = MinibatchSets.Shuffled(samples.Count, trained.Cell.BatchSize, new RandomStream(trained.Cell.Seed, "noise/minibatches"));
        var losses = MinibatchHessians.Of(weights, samples, space, directions, sets, trained.Work).Losses;
        using var landscape = Landscape.Of(weights, samples, space, threads: trained.Context.Threads);
        var flatness = Flatness.Along(landscape, directions, FlatnessOptions.Default, trained.Work);
        RowTable.Write(trained.Context.File(FileName), [.. Spans.Where(modes => modes < window.Count).Append(window.Count).SelectMany(modes =>
        {
            var theory = FullRandomLandscape.Of([.. losses.Select(loss => OnLeading(loss, modes))], trained.Cell.LearningRate);
            return Enumerable.Range(0, modes).Select(i => Row(i, modes, theory, flatness[i], window.Drift[i]));
        })]);
    }

    /// <summary>The same minibatch on the span of its leading modes alone.</summary>
    private static InverseGaussianLoss OnLeading(InverseGaussianLoss loss, int modes)
    {
        double[] curvature = new double[modes * modes];
        for (int i = 0; i < modes; i++)
            loss.Curvature.Slice(i * loss.Modes, modes).CopyTo(curvature.AsSpan(i * modes));
        return InverseGaussianLoss.Of(loss.LossAtOrigin, loss.Slope[..modes], curvature);
    }

    private static TheoryRow Row(int mode, int modes, FullRandomLandscape landscape, Flatness flatness, ModeDrift drift)
    {
        var theory = landscape.Modes.ElementAtOrDefault(mode);        // none where no minibatch has a minimum
        return new()
        {
            Modes = modes,
            Minibatches = landscape.Minibatches,
            WithoutMinimum = landscape.WithoutMinimum,
            Rank = mode + 1,
            Flatness = flatness.Value,
            PredictedFlatness = theory?.Flatness,
            ExactFlatness = theory is { MeasuredCurvature: > 0 } ? Math.Sqrt(8 / theory.MeasuredCurvature) : null,
            MeanSquareVelocity = drift.VelocityVariance + drift.MeanVelocity * drift.MeanVelocity,
            PredictedDiffusion = theory?.DiffusionConstant,
            ExactDiffusion = theory?.MeasuredSquaredVelocity,
            Curvature = theory?.MeanCurvature,
            MinimumVariance = theory?.MinimumVariance,
            OffDiagonal = theory?.OffDiagonal,
        };
    }
}
