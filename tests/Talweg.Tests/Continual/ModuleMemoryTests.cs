using Talweg.Continual;
using Talweg.Data;
using Talweg.Native;
using Talweg.Networks;
using Talweg.Tests.Networks;
using Talweg.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Tests.Continual;

/// <summary>Constraints in a loop that somebody wrote in TorchSharp.</summary>
public sealed class ModuleMemoryTests
{
    private static readonly TaskSequence Tasks = SmallTasks.Of(2);

    static ModuleMemoryTests() => set_num_threads(1);

    [Theory]
    [InlineData("ldc:lambda=0.1,modes=9")]
    [InlineData("ewc:lambda=30")]
    [InlineData("online-ewc:lambda=30")]
    [InlineData("l2:lambda=0.2")]
    public void The_gradient_that_is_added_is_the_memorys(string method)
    {
        using var loop = new Loop();
        using var network = ModuleNetwork.Of(loop.Module, [6], 6, "mine");
        using var memory = new ModuleMemory(network, ContinualMethods.Parse(method), batchSize: 10);
        Assert.Equal((0.0, null), (memory.AddGradient(), memory.Memory));
        loop.Train(Tasks.Tasks[0].Train, 60, memory, record: true);
        memory.Remember(Tasks.Tasks[0].Train, new(1));
        loop.Train(Tasks.Tasks[1].Train, 5, memory);
        var all = WeightSpace.All(network);
        float[] weights = all.Flatten(network.Weights()), expected = new float[all.Dimension];
        double value = memory.Memory!.AddGradient(1, weights, expected);
        Assert.True(value > 0);
        loop.Gradient(Tasks.Tasks[1].Train, [0, 1, 2]);
        float[] before = loop.Gradients();
        Assert.Equal(value, memory.AddGradient());
        float[] added = [.. loop.Gradients().Zip(before, (after, own) => after - own)];
        double scale = before.Max(Math.Abs) + expected.Max(Math.Abs);
        for (int k = 0; k < added.Length; k++)
            Close.Assert(expected[k], added[k], 3e-7, scale, $"component {k}");          // a sum and a difference of single precision
        loop.Module.zero_grad();
        foreach (var parameter in loop.Module.parameters())
            parameter.grad = null;
        memory.AddGradient();                                                          // where there is no gradient yet, this becomes it
        Assert.Equal(expected, loop.Gradients());
        Assert.All(loop.Module.parameters(), parameter => Assert.Equal(parameter.shape, parameter.grad!.shape));
    }

    /// <summary>R at the end of the second task, of the same memory followed and not: springs of up to αs = 0.1 · 5/F² pull 200 steps long.</summary>
    [Fact]
    public void Springs_along_modes_that_are_followed_are_stretched_less()
    {
        (double Energy, double Loss) After(bool followed)
        {
            using var loop = new Loop();
            using var network = ModuleNetwork.Of(loop.Module, [6], 6, "mine");
            using var memory = new ModuleMemory(network, ContinualMethods.Parse("ldc:lambda=5,modes=40"));
            loop.Train(Tasks.Tasks[0].Train, 200, memory, record: true);
            memory.Remember(Tasks.Tasks[0].Train, new(1));
            loop.Train(Tasks.Tasks[1].Train, 200, followed ? memory : null);
            return (memory.AddGradient(), Performance.OnTest(network.Weights(), new(Tasks.Tasks[0].Train, Tasks.Tasks[0].Train)).Loss);
        }

        var (free, bound) = (After(false), After(true));
        Assert.True(bound.Energy < 0.5 * free.Energy, $"followed {bound}, not {free}");
        Assert.True(bound.Loss < free.Loss, $"followed {bound}, not {free}");
    }

    [Fact]
    public void Of_a_weight_space_and_of_frozen_parameters_others_stay_without_gradients()
    {
        using var loop = new Loop();
        using var network = ModuleNetwork.Of(loop.Module, [6], 6, "mine");
        var frozen = loop.Module.parameters().First();
        frozen.requires_grad = false;
        var space = WeightSpace.Of(network, [1, 2], withBiases: false);
        using var memory = new ModuleMemory(network, ContinualMethods.Parse("l2:lambda=0.5"), space);
        memory.Remember(Tasks.Tasks[0].Train);
        using (no_grad())
        {
            foreach (var parameter in loop.Module.parameters())
                parameter.add_(ones_like(parameter), HeldScalar.One);
        }

        // Each of the space's weights is 1 from its centre: λ a weight.
        Assert.Equal(0.5 * space.Dimension, memory.AddGradient(), 1e-4 * space.Dimension);
        var parameters = loop.Module.parameters().ToArray();
        Assert.Null(frozen.grad);
        Assert.Null(parameters[1].grad);                                               // a bias
        Assert.All(parameters[2].grad!.data<float>().ToArray(), slope => Assert.Equal(1, slope, 1e-5));
    }

    [Fact]
    public void Parameters_of_double_precision_take_gradients_of_theirs()
    {
        using var loop = new Loop();
        using var network = ModuleNetwork.Of(loop.Module, [6], 6, "mine");
        using var memory = new ModuleMemory(network, ContinualMethods.Parse("l2:lambda=0.5"));
        memory.Remember(Tasks.Tasks[0].Train);
        loop.Module.to(ScalarType.Float64);
        memory.AddGradient();
        Assert.All(loop.Module.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.grad!.dtype));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using var loop = new Loop();
        using var other = new Loop();
        using var network = ModuleNetwork.Of(loop.Module, [6], 6, "mine");
        using var another = ModuleNetwork.Of(other.Module, [6], 6, "other");
        Assert.StartsWith("The weight space is of module:other, but the module is module:mine.",
            Assert.Throws<ArgumentException>(() => new ModuleMemory(network, new NoMethod(), WeightSpace.All(another))).Message, StringComparison.Ordinal);
        Assert.StartsWith("'si:lambda=1' watches every step of the training, which a loop of one's own does not show. Take ldc, ewc, online-ewc or l2.",
            Assert.Throws<ArgumentException>(() => new ModuleMemory(network, ContinualMethods.Parse("si:lambda=1"))).Message, StringComparison.Ordinal);
        using var memory = new ModuleMemory(network, ContinualMethods.Parse("ldc:lambda=1"));
        const string needs = "'ldc:lambda=1' needs the weights of a task's last steps: call Record after each of them, and then Remember.";
        Assert.Equal(needs, Assert.Throws<InvalidOperationException>(() => memory.Remember(Tasks.Tasks[0].Train)).Message);
        memory.Record();
        Assert.Equal(needs, Assert.Throws<InvalidOperationException>(() => memory.Remember(Tasks.Tasks[0].Train)).Message);     // one step has no modes
        Assert.Null(memory.Memory);
        loop.Train(Tasks.Tasks[0].Train, 20, memory, record: true);
        memory.Remember(Tasks.Tasks[0].Train, new(1));                                 // and the loop goes on
        Assert.NotNull(memory.Memory);
    }

    [Fact]
    public void What_was_recorded_is_deleted()
    {
        HashSet<string> Folders() => [.. Directory.EnumerateDirectories(Path.GetTempPath(), "talweg-*").Where(folder => File.Exists(Path.Combine(folder, "trajectory.safetensors")))];
        using var loop = new Loop();
        using var network = ModuleNetwork.Of(loop.Module, [6], 6, "mine");
        var memory = new ModuleMemory(network, ContinualMethods.Parse("ldc:lambda=1"));
        memory.Record();
        string[] during = [.. Folders()];
        memory.Dispose();
        memory.Dispose();
        Assert.Single(during.Except(Folders()).Take(1));
    }

    /// <summary>A module, and plain SGD on it.</summary>
    internal sealed class Loop : IDisposable
    {
        public Loop()
        {
            Module = nn.Sequential(("first", nn.Linear(6, 8)), ("act", nn.Tanh()), ("last", nn.Linear(8, 6)));
            using var noGradient = no_grad();
            using var scope = NewDisposeScope();
            int seed = 0;
            foreach (var parameter in Module.parameters())
                parameter.copy_(tensor(PlainSprings.Draw((int)parameter.numel(), ++seed, 0.3)).reshape(parameter.shape));
        }

        public nn.Module<Tensor, Tensor> Module { get; }

        public void Train(LabelledSamples samples, int steps, ModuleMemory? memory, bool record = false)
        {
            using var rate = 0.1.ToScalar();
            for (int step = 0; step < steps; step++)
            {
                Gradient(samples, [.. Enumerable.Range(0, 10).Select(i => (10 * step + i) % samples.Count)]);
                memory?.AddGradient();
                using (no_grad())
                {
                    using var scope = NewDisposeScope();
                    foreach (var parameter in Module.parameters())
                        parameter.sub_(parameter.grad!.mul(rate));
                }

                if (record)
                    memory?.Record();
            }
        }

        public void Gradient(LabelledSamples samples, int[] batch)
        {
            using var scope = NewDisposeScope();
            Module.zero_grad();
            float[] inputs = new float[6 * batch.Length];
            samples.Read(batch, inputs);
            nn.functional.cross_entropy(Module.call(tensor(inputs).reshape(batch.Length, 6)), tensor(batch.Select(sample => (long)samples.Labels[sample]).ToArray())).backward();
        }

        public float[] Gradients() => [.. Module.parameters().SelectMany(parameter => parameter.grad!.data<float>().ToArray())];

        public void Dispose() => Module.Dispose();
    }
}
