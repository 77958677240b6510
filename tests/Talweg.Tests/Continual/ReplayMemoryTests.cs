using Talweg.Continual;
using Talweg.Conventions;
using Talweg.Data;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Continual;

/// <summary>Minibatches of earlier samples as a term of the loss.</summary>
public sealed class ReplayMemoryTests
{
    private const int BatchSize = 7;
    private const double Lambda = 0.7;
    private const long Seed = 4;

    private static readonly FullyConnected Dense = FullyConnected.Parse("fc:6-8-6,bias,tanh");
    private static readonly LabelledSamples Samples = SmallTasks.Of(1).Tasks[0].Train;

    /// <summary>Loss and gradient of the very minibatch that the iteration draws, by autograd in double precision.</summary>
    [Fact]
    public void The_term_is_the_loss_of_the_iterations_own_minibatch()
    {
        var weights = DenseWeights.Draw(Dense, Initialisation.He, 2);
        foreach (var space in (WeightSpace[])[WeightSpace.All(Dense), WeightSpace.Of(Dense, 2), WeightSpace.Of(Dense, [1], withBiases: true)])
        {
            var memory = Memory(weights, space);
            foreach (long iteration in (long[])[1, 2, 1000])
            {
                float[] at = space.Flatten(DenseWeights.Draw(Dense, Initialisation.He, 3)), before = PlainSprings.Draw(space.Dimension, 5), gradient = [.. before];
                double value = memory.AddGradient(iteration, at, gradient);
                var random = new RandomStream(Seed, $"replay/{iteration}");
                long[] batch = [.. Enumerable.Range(0, BatchSize).Select(_ => (long)random.Next(Samples.Count))];
                // Other weights than the space's are those of the task's end.
                using var reference = new TorchReference(space.With(weights, at), Samples);
                Close.Assert(Lambda * reference.Loss(batch), value, 2e-6);
                double[] expected = reference.Gradient(space, batch);
                for (int k = 0; k < expected.Length; k++)
                    Close.Assert(Lambda * expected[k], (double)gradient[k] - before[k], 1e-5, 1, $"component {k}");
            }
        }
    }

    /// <summary>
    /// Five points a slope, whose error is O(h⁴): h = 1/16 leaves 1.5e-5 times the fifth derivative over 30, and divides the loss's rounding of 1e-7 by 0.05.
    /// </summary>
    [Fact]
    public void The_gradient_is_the_slope_of_the_value()
    {
        var space = WeightSpace.All(Dense);
        var memory = Memory(DenseWeights.Draw(Dense, Initialisation.He, 2), space);
        float[] at = space.Flatten(DenseWeights.Draw(Dense, Initialisation.PyTorch, 3)), gradient = new float[space.Dimension], unused = new float[space.Dimension];
        memory.AddGradient(3, at, gradient);
        for (int k = 0; k < space.Dimension; k += 5)
        {
            double At(double step)
            {
                float[] moved = [.. at];
                moved[k] += (float)step;
                return memory.AddGradient(3, moved, unused);
            }

            const double h = 1.0 / 16;
            Close.Assert((8 * (At(h) - At(-h)) - (At(2 * h) - At(-2 * h))) / (12 * h), gradient[k], 2e-5, 1, $"slope {k}");
        }
    }

    [Fact]
    public void The_same_iteration_draws_the_same_and_another_another()
    {
        var space = WeightSpace.All(Dense);
        var weights = DenseWeights.Draw(Dense, Initialisation.He, 2);
        var memory = Memory(weights, space);
        float[] at = space.Flatten(weights);
        float[] Gradient(ReplayMemory of, long iteration)
        {
            float[] gradient = new float[space.Dimension];
            of.AddGradient(iteration, at, gradient);
            return gradient;
        }

        float[][] alone = [.. Enumerable.Range(1, 8).Select(i => Gradient(memory, i))];
        Assert.Equal(8, alone.Select(gradient => string.Join(' ', gradient)).Distinct().Count());
        Parallel.For(0, 32, i => Assert.Equal(alone[i % 8], Gradient(memory, i % 8 + 1)));      // several runs at once
        Assert.Equal(alone[0], Gradient(Memory(weights, space), 1));
    }

    [Fact]
    public void Convolutions_are_replayed_too()
    {
        var network = Network.Parse("net:1x2x3/conv4k2b/tanh/dense6b");
        var weights = NetworkWeights.Draw(network, Initialisation.He, 2);
        var space = WeightSpace.All(network);
        var memory = ReplayMemory.Of(null, Samples, weights, space, BatchSize, Lambda, Seed);
        float[] at = space.Flatten(NetworkWeights.Draw(network, Initialisation.He, 3)), gradient = new float[space.Dimension];
        memory.AddGradient(6, at, gradient);
        var random = new RandomStream(Seed, "replay/6");
        using var reference = new ModuleReference((LayeredNetwork)network, space.With(weights, at), Samples);
        double[] expected = reference.Gradient(space, [.. Enumerable.Range(0, BatchSize).Select(_ => random.Next(Samples.Count))]);
        for (int k = 0; k < expected.Length; k++)
            Close.Assert(Lambda * expected[k], gradient[k], 1e-5, 1, $"component {k}");
    }

    /// <summary>So many of each task, its own at random, all of them where it has fewer; labels go with inputs.</summary>
    [Fact]
    public void A_task_leaves_so_many_samples_and_the_next_adds_its_own()
    {
        var tasks = SmallTasks.Of(2);
        var method = new Replay { Samples = 10, Lambda = Lambda };
        var first = (ReplayMemory)method.Remember(null, Learned(tasks.Tasks[0].Train, 1), WorkOptions.Default)!;
        Assert.Equal((10, 10L * (6 * 4 + 4)), (first.Samples.Count, first.Bytes));
        Assert.Equal(first.Description, method.Remember(null, Learned(tasks.Tasks[0].Train, 1), WorkOptions.Default)!.Description);
        Assert.NotEqual(first.Description, method.Remember(null, Learned(tasks.Tasks[0].Train, 2), WorkOptions.Default)!.Description);
        var known = tasks.Tasks[0].Train.Rows().Zip(tasks.Tasks[0].Train.Labels).ToDictionary(pair => string.Join(' ', pair.First), pair => pair.Second);
        Assert.Equal(10, first.Samples.Rows().Select(row => string.Join(' ', row)).Distinct().Count());
        Assert.All(first.Samples.Rows().Zip(first.Samples.Labels), pair => Assert.Equal(known[string.Join(' ', pair.First)], pair.Second));
        var both = (ReplayMemory)method.Remember(first, Learned(tasks.Tasks[1].Train, 2), WorkOptions.Default)!;
        Assert.Equal(20, both.Samples.Count);
        Assert.Equal(first.Samples.Inputs, both.Samples.Inputs.AsSpan(0, 60).ToArray());
        Assert.All(both.Samples.Labels.Skip(10), label => Assert.InRange(label, 2, 3));
        Assert.StartsWith("replay of 20 samples ", both.Description, StringComparison.Ordinal);
        Assert.EndsWith($", B = {BatchSize}, λ = 0.7, seed 2", both.Description, StringComparison.Ordinal);
        var all = (ReplayMemory)(method with { Samples = 100_000 }).Remember(null, Learned(tasks.Tasks[0].Train, 1), WorkOptions.Default)!;
        Assert.Equal(tasks.Tasks[0].Train.Count, all.Samples.Count);
    }

    [Fact]
    public void A_module_cannot_be_replayed()
    {
        using var module = TorchSharp.torch.nn.Sequential(("only", TorchSharp.torch.nn.Linear(6, 6))).Fixed();
        using var network = ModuleNetwork.Of(module, [6], 6, "mine");
        Assert.Equal("--method: replay: found module:mine, expected a network whose layers Talweg knows: a module can learn one minibatch at a time only",
            Assert.Throws<InputException>(() => new Replay().Remember(null, Learned(Samples, 1) with { Weights = network.Weights() }, WorkOptions.Default)).Message);
    }

    private static ReplayMemory Memory(DenseWeights weights, WeightSpace space) => ReplayMemory.Of(null, Samples, weights, space, BatchSize, Lambda, Seed);

    private static LearnedTask Learned(LabelledSamples samples, long seed)
    {
        var weights = DenseWeights.Draw(Dense, Initialisation.He, 2);
        return new() { Samples = samples, Weights = weights, Start = weights, Space = WeightSpace.All(Dense), BatchSize = BatchSize, Seed = seed };
    }
}
