using Talweg.Statistics;
using Talweg.Tests.Trajectories;
using Talweg.Trajectories;

namespace Talweg.Tests.Docs;

/// <summary>The examples of docs/trajectories.md, as they stand there.</summary>
public sealed class TrajectoriesExamplesTests : PageTests
{
    /// <summary>The numbers of the first two examples are TrajectoriesPageTests'.</summary>
    [Fact]
    public void Trajectories()
    {
        string path = Temporary("trajectory.safetensors");
        var window = Windows.Noise(400, 600, seed: 1);
        using (var recorder = new TrajectoryRecorder(path, window.Dimension))
        {
            for (int t = 0; t < window.Iterations; t++)
                recorder.Record(window.Row(t));
        }

        var modes = PrincipalModes.Of(window);                                    // 12,000 × 2,500: about 5 s on one thread
        double ratio = modes.Variances[0] / modes.Variances[1];
        int needed = ExplainedVariance.ModesWithoutFirst(modes.Variances, 0.9);   // the published "35 modes" counts so

        ModeDrift first = ModeDrift.OfModes(modes, window, iterationsPerEpoch: 100, count: 1)[0];
        WeightAlignment alignment = WeightAlignment.Of(modes.Direction(0), window.Row(window.Iterations - 1));

        Window walk = NullSurrogates.IsotropicWalk(window, new RandomStream(7, "null"));
        double nullRatio = PrincipalModes.Of(walk).Variances[0] / PrincipalModes.Of(walk).Variances[1];

        ModeDrift second = ModeDrift.Of(modes.Projections(window, 1), iterationsPerEpoch: 100);
        Console.WriteLine($"Δ_v = {second.VelocityVariance:F2} ± {second.VelocityVarianceError:F2}");
        Console.WriteLine($"τ = {second.CorrelationTime:F1} ± {second.CorrelationTimeError:F1}");

        using var trajectory = Trajectory.Open(path);
        RecordedWindow wide = trajectory.View(first: 0, rows: trajectory.Iterations, every: 1);
        PrincipalModes leading = PrincipalModes.Of(wide, 20, new() { Method = PcaMethod.Sketch });
        Console.WriteLine($"{leading.Method}: {leading.Sketch?.Ending} after {leading.Sketch?.Passes} passes, residuals {leading.Sketch?.Residuals[0]}, …");
        Console.WriteLine($"D_L = {LearningDimension.Of(leading, 0.9)} at 90%, {LearningDimension.Of(leading, 0.99)} at 99%");

        SampledModes some = SampledModes.Of(wide, count => [1, 2, 4, 8, 16, count]);

        Assert.True(ratio > 1 && nullRatio > 1 && needed > 1 && first.Straightness < 1 && alignment.Cosine < 1);
        Assert.Equal(modes.Variances[19], leading.Variances[19], 1e-6 * modes.Variances[19]);
        Assert.Equal(modes.Variances[399], some.Variances[399]);
        Assert.Equal(ExplainedVariance.Modes(modes.Variances, 0.9), LearningDimension.Of(leading, 0.9).Modes);
    }
}
