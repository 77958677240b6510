using Talweg.Data;
using Talweg.Networks;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Tests.Training;

/// <summary>Samples of which each has an input of its own, so that the weights after each iteration tell which samples its minibatches held: the steps of a sample move its own two weights alone.</summary>
/// <remarks>
/// One layer without biases: logits of sample i are column i of W [2, M], of which a minibatch that holds it c times takes α c/B (p − y). Read from the recorded weights alone: what drew the
/// minibatches is never asked.
/// </remarks>
internal sealed class OneHotSamples(int count)
{
    public LabelledSamples Samples { get; } = Make(count);

    public TrainingPlan Plan(int batchSize, int epochs, Drawing drawing = Drawing.WithoutReplacement, long seed = 1) => new()
    {
        Network = FullyConnected.Of(count, 2),
        BatchSize = batchSize,
        LearningRate = 0.5,
        Seed = seed,
        Drawing = drawing,
        MaxEpochs = epochs,
        ExtraEpochs = null,
        Recording = Recording.All,
        RecordedLayers = [1],
        EvaluateEvery = epochs,
    };

    /// <summary>All weights before the first and after every iteration, [iterations + 1][2 M].</summary>
    public double[][] Train(TrainingPlan plan, string folder)
    {
        var run = Trainer.Run(plan, new(Samples, Samples), folder);
        using var trajectory = Trajectory.Open(run.TrajectoryPath!);
        float[] start = [.. NetworkWeights.Draw(plan.Network, plan.Initialisation, plan.Seed).Tensors[0]];
        var rows = trajectory.Slice(0, trajectory.Iterations);
        return [.. Enumerable.Range(-1, rows.Iterations + 1).Select(t => Array.ConvertAll(t < 0 ? start : rows.Row(t).ToArray(), w => (double)w))];
    }

    /// <summary>How often each sample was in the minibatch between two rows of weights of plain SGD, [M].</summary>
    public int[] Times(double[] before, double[] after, TrainingPlan plan) => [.. Enumerable.Range(0, count).Select(sample =>
    {
        double times = (Logit(after, sample) - Logit(before, sample)) / (2 * plan.LearningRate / plan.BatchSize * Wrong(Logit(before, sample)));
        int whole = (int)Math.Round(times);
        Assert.True(Math.Abs(times - whole) < 0.05, $"sample {sample} was taken {times} times");              // a step of 1e-3 or more in single precision
        return whole;
    })];

    /// <summary>The difference of a sample's two logits, in favour of its own label.</summary>
    public double Logit(double[] weights, int sample) => (weights[sample] - weights[count + sample]) * (sample % 2 == 0 ? 1 : -1);

    /// <summary>1 − p of the label.</summary>
    public static double Wrong(double logit) => 1 / (1 + Math.Exp(logit));

    private static LabelledSamples Make(int count)
    {
        float[] inputs = new float[count * count];
        for (int sample = 0; sample < count; sample++)
            inputs[sample * count + sample] = 1;
        return new(inputs, [.. Enumerable.Range(0, count).Select(sample => sample % 2)], count, 2);
    }
}
