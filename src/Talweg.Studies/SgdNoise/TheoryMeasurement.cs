using System.Text.Json;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Statistics;
using Talweg.Storage;
using Talweg.Studies.Running;
using Talweg.Trajectories;

namespace Talweg.Studies.SgdNoise;

/// <summary>Every term of the random-landscape theory in one cell, from minibatch Hessians along the modes of a small network's middle window.</summary>
internal static class TheoryMeasurement
{
    public const string FileName = "theory.parquet";

    public static void Run(TrainedCell trained)
    {
        using var trajectory = Trajectory.Open(trained.Run.TrajectoryPath!);
        var window = MotionWindow.Find(trajectory, trained.Run, trained.Cell, trained.Cell.Windows / 2);
        var weights = window.Weights(trained);
        var samples = trained.Data.Train;
        var space = WeightSpace.Of(trained.Network, trained.Cell.Layer);
        var directions = window.Directions(Enumerable.Range(1, window.Count));
        var sets = MinibatchSets.Shuffled(samples.Count, trained.Cell.BatchSize, new RandomStream(trained.Cell.Seed, "noise/minibatches"));
        var theory = FullRandomLandscape.Of(MinibatchHessians.Of(weights, samples, space, directions, sets, trained.Work).Losses, trained.Cell.LearningRate);
        using var landscape = Landscape.Of(weights, samples, space, threads: trained.Context.Threads);
        var flatness = Flatness.Along(landscape, directions, FlatnessOptions.Default, trained.Work);
        RowTable.Write(trained.Context.File(FileName), [.. Enumerable.Range(0, window.Count).Select(i => Row(i, theory.Modes.ElementAtOrDefault(i), flatness[i], window.Drift[i]))]);
        new TheoryResult(theory.Minibatches, theory.WithoutMinimum).Write(trained.Context.File(TheoryResult.FileName));
    }

    private static TheoryRow Row(int mode, RandomLandscapeMode? theory, Flatness flatness, ModeDrift drift) => new()
    {
        Rank = mode + 1,
        Flatness = flatness.Value,
        PredictedFlatness = theory?.Flatness,
        ExactFlatness = theory is { MeasuredCurvature: > 0 } ? Math.Sqrt(8 / theory.MeasuredCurvature) : null,
        MeanSquareVelocity = drift.VelocityVariance + drift.MeanVelocity * drift.MeanVelocity,
        PredictedDiffusion = theory?.DiffusionConstant,
        Curvature = theory?.MeanCurvature,
        MinimumVariance = theory?.MinimumVariance,
        OffDiagonal = theory?.OffDiagonal,
    };
}

/// <summary>How many minibatches have a minimum in the span of the modes.</summary>
/// <param name="Minibatches">In all.</param>
/// <param name="WithoutMinimum">Those whose Hessian of ln L is not positive definite; they enter no term.</param>
public sealed record TheoryResult(int Minibatches, int WithoutMinimum)
{
    internal const string FileName = "theory.json";

    internal void Write(string path) => AtomicFile.WriteAllText(path, JsonSerializer.Serialize(this));

    internal static TheoryResult Read(string path) =>
        JsonSerializer.Deserialize<TheoryResult>(File.ReadAllBytes(path)) ?? throw new InputException(path, "result", "null", "a cell's result");
}
