using Talweg.Networks;
using Talweg.Tests.Storage;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Tests.Training;

/// <summary>Every schedule's factors, epoch by epoch and past its end, against arithmetic by hand.</summary>
public sealed class ScheduleTests
{
    private const int PerEpoch = 10;

    /// <summary>√½, of which cos(π/4) is made.</summary>
    private const double Root = 0.70710678118654752;

    public static TheoryData<string, double[]> EpochByEpoch => new()
    {
        { "step:every=1,factor=0.5", [1, 0.5, 0.25, 0.125, 0.0625] },
        { "step:every=2,factor=0.5", [1, 1, 0.5, 0.5, 0.25, 0.25, 0.125] },
        { "step:every=3,factor=0.1", [1, 1, 1, 0.1, 0.1, 0.1, 0.01] },
        { "exponential:factor=0.5", [1, 0.5, 0.25, 0.125, 0.0625] },
        { "exponential:factor=2", [1, 2, 4, 8] },
        { "cosine:epochs=1", [1, 0, 0] },
        { "cosine:epochs=2", [1, 0.5, 0, 0] },
        { "cosine:epochs=3", [1, 0.75, 0.25, 0, 0] },
        { "cosine:epochs=4", [1, (1 + Root) / 2, 0.5, (1 - Root) / 2, 0, 0] },                                // the floor is reached after four epochs, not in the fourth
        { "cosine:epochs=4,floor=0.2", [1, 0.2 + 0.4 * (1 + Root), 0.6, 0.2 + 0.4 * (1 - Root), 0.2, 0.2, 0.2] },
        { "cosine:epochs=2,floor=1", [1, 1, 1, 1] },
        { "step:every=2,factor=0.5+exponential:factor=0.1", [1, 0.1, 0.005, 0.0005] },
    };

    /// <summary>A product of a few factors: some units of the last place of 1.</summary>
    [Theory, MemberData(nameof(EpochByEpoch))]
    public void A_schedule_of_epochs_is_alike_in_all_iterations_of_an_epoch(string text, double[] factors)
    {
        var schedule = Schedule.Parse(text);
        for (int epoch = 1; epoch <= factors.Length; epoch++)
        {
            for (long iteration = (epoch - 1) * PerEpoch + 1; iteration <= epoch * PerEpoch; iteration++)
                Assert.Equal(factors[epoch - 1], schedule.At(epoch, iteration, PerEpoch), 1e-15);
        }
    }

    [Fact]
    public void Warmup_grows_in_every_iteration_and_ends_with_its_last_epoch()
    {
        var schedule = Schedule.Parse("warmup:epochs=3");
        for (long iteration = 1; iteration <= 40; iteration++)
            Assert.Equal(iteration <= 30 ? iteration / 30.0 : 1, schedule.At(1 + (int)((iteration - 1) / PerEpoch), iteration, PerEpoch), 1e-15);
    }

    /// <summary>
    /// Of one sample with input 1 and two outputs the step along w₁ − w₂ is 2 α f p₂, p₂ = 1/(1 + e^{w₁ − w₂}): what the training multiplied α by in each of its iterations.
    /// </summary>
    [Fact]
    public void A_training_takes_each_iterations_own_factor()
    {
        using var folder = new TemporaryFolder();
        var one = new Talweg.Data.LabelledSamples([1, 1], [0, 0], 1, 2);                                      // twice the same, so that an epoch has two iterations
        var plan = new TrainingPlan
        {
            Network = FullyConnected.Of(1, 2),
            BatchSize = 1,
            LearningRate = 0.5,
            Seed = 3,
            MaxEpochs = 4,
            ExtraEpochs = null,
            Recording = Recording.All,
            RecordedLayers = [1],
            Schedule = Schedule.Parse("warmup:epochs=2+step:every=1,factor=0.5"),
        };
        var run = Trainer.Run(plan, new(one, one), folder["run"]);
        using var trajectory = Trajectory.Open(run.TrajectoryPath!);
        double[] margins = [Margin(NetworkWeights.Draw(plan.Network, plan.Initialisation, plan.Seed).Tensors[0]), .. Enumerable.Range(0, 8).Select(t => Margin(trajectory.Slice(t, 1).Weights))];
        double[] factors = [0.25, 0.5, 0.375, 0.5, 0.25, 0.25, 0.125, 0.125];
        for (int t = 0; t < 8; t++)
            Assert.Equal(factors[t], (margins[t + 1] - margins[t]) * (1 + Math.Exp(margins[t])) / (2 * 0.5), 2e-6);   // differences of single-precision weights of about 1
    }

    private static double Margin(float[] weights) => (double)weights[0] - weights[1];
}
