using Talweg.Continual;
using Talweg.Networks;
using Talweg.Tests.Training;

namespace Talweg.Tests.Continual;

/// <summary>Which samples a replayed minibatch held, read from its gradient: of samples with an input of their own each moves two weights alone.</summary>
public sealed class ReplayDrawsTests
{
    private const int Count = 50;
    private const int BatchSize = 5;
    private const int Iterations = 4000;

    [Fact]
    public void Replayed_samples_come_as_often_as_independent_draws_have_it()
    {
        int[][] times = Times(seed: 1);
        double squares = Enumerable.Range(0, Count).Sum(sample => Math.Pow(times.Sum(batch => batch[sample]) - 400, 2) / 400);
        Assert.Equal(49, squares, 4 * Math.Sqrt(2 * 49));                                      // 20,000 draws: χ² of 49 degrees of freedom
        double[] binomial = [Math.Pow(0.98, 5), 5 * 0.02 * Math.Pow(0.98, 4), 10 * 0.0004 * Math.Pow(0.98, 3)];
        // Samples of one minibatch stand in each other's way: the deviations are at most those of independent ones.
        for (int count = 0; count <= 2; count++)
            Assert.Equal(Iterations * Count * binomial[count], times.Sum(batch => batch.Count(c => c == count)), 4 * Math.Sqrt(Iterations * Count * binomial[count] * (1 - binomial[count])));
        // Two minibatches in a row share 5·5/50 samples of chance.
        double shared = Enumerable.Range(1, Iterations - 1).Average(t => Enumerable.Range(0, Count).Sum(sample => times[t][sample] * times[t - 1][sample]));
        Assert.Equal(0.5, shared, 4 * Math.Sqrt(0.5 / Iterations));
    }

    [Fact]
    public void Another_tasks_seed_draws_others() => Assert.InRange(Times(1, 100).Zip(Times(2, 100)).Count(pair => pair.First.SequenceEqual(pair.Second)), 0, 1);

    private static int[][] Times(long seed, int iterations = Iterations)
    {
        const double lambda = 0.7;
        var samples = new OneHotSamples(Count);
        var weights = DenseWeights.Draw(FullyConnected.Of(Count, 2), Initialisation.PyTorch, 1);
        var space = WeightSpace.All(weights.Network);
        var memory = ReplayMemory.Of(null, samples.Samples, weights, space, BatchSize, lambda, seed);
        float[] at = space.Flatten(weights);
        double[] position = Array.ConvertAll(at, w => (double)w);
        return [.. Enumerable.Range(1, iterations).Select(iteration =>
        {
            float[] gradient = new float[space.Dimension];
            memory.AddGradient(iteration, at, gradient);
            int[] times = [.. Enumerable.Range(0, Count).Select(sample =>
                (int)Math.Round(Math.Abs(gradient[sample]) * BatchSize / (lambda * OneHotSamples.Wrong(samples.Logit(position, sample)))))];
            Assert.Equal(BatchSize, times.Sum());
            return times;
        })];
    }
}
