using System.Globalization;
using Talweg.Continual;
using Talweg.Conventions;
using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Native;
using Talweg.Networks;
using Talweg.Tests.Networks;
using Talweg.Training;
using Talweg.Trajectories;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Tests.Continual;

/// <summary>Constraints in a loop that somebody wrote in TorchSharp.</summary>
public sealed class ModuleMemoryTests
{
    private static readonly TaskSequence Tasks = SmallTasks.Of(2);

    [Theory]
    [InlineData("ldc:lambda=0.1,modes=9")]
    [InlineData("ewc:lambda=30")]
    [InlineData("online-ewc:lambda=30")]
    [InlineData("l2:lambda=0.2")]
    public void The_gradient_that_is_added_is_the_memorys(string method)
    {
        using var loop = new Loop();
        using var network = ModuleNetwork.Of(loop.Module, [6], 6, "mine");
        using var memory = new ModuleMemory(network, ContinualMethods.Parse(method), 0.01, batchSize: 10);
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

    /// <summary>R at the end of the second task, of the same memory followed and not: springs of up to αs = 0.1 · λ/F² pull 200 steps long. Implicit steps bear ten thousand times as strong ones.</summary>
    [Theory]
    [InlineData("ldc:lambda=5,modes=40", false, 0.5)]
    [InlineData("ldc:lambda=5,modes=40", true, 0.5)]
    [InlineData("ldc:lambda=50000,modes=40", true, 1e-6)]
    public void Springs_along_modes_that_are_followed_are_stretched_less(string method, bool relaxed, double share)
    {
        (double Energy, double Loss) After(bool followed)
        {
            using var loop = new Loop();
            using var network = ModuleNetwork.Of(loop.Module, [6], 6, "mine");
            using var memory = new ModuleMemory(network, ContinualMethods.Parse(method), 0.1);
            loop.Train(Tasks.Tasks[0].Train, 200, memory, record: true);
            memory.Remember(Tasks.Tasks[0].Train, new(1));
            loop.Train(Tasks.Tasks[1].Train, 200, followed ? memory : null, relaxed: relaxed);
            var weights = network.Weights();
            return (memory.Memory!.AddGradient(1, WeightSpace.All(network).Flatten(weights), new float[memory.Memory.Space.Dimension]), Performance.OnTest(weights, new(Tasks.Tasks[0].Train, Tasks.Tasks[0].Train)).Loss);
        }

        var (free, bound) = (After(false), After(true));
        Assert.True(bound.Energy < share * free.Energy, $"followed {bound}, not {free}");
        Assert.True(bound.Loss < free.Loss, $"followed {bound}, not {free}");
    }

    /// <summary>Steps along R's own gradient, in a plain loop: just below the limit R falls, just above it grows, and there the loop is refused.</summary>
    [Theory]
    [InlineData("ldc:lambda={0},modes=9")]
    [InlineData("ldc:lambda={0},modes=9,flatness=variance")]
    [InlineData("ewc:lambda={0}")]
    [InlineData("online-ewc:lambda={0},decay=0.5")]
    [InlineData("l2:lambda={0}")]
    public void The_largest_lambda_is_where_explicit_steps_begin_to_diverge(string method)
    {
        const double rate = 0.1;
        var open = new List<IDisposable>();
        (ModuleMemory Memory, double Growth) Steps(double lambda, int tasks)
        {
            var loop = new Loop();
            var network = ModuleNetwork.Of(loop.Module, [6], 6, "mine");
            var memory = new ModuleMemory(network, ContinualMethods.Parse(string.Format(CultureInfo.InvariantCulture, method, lambda)), rate);
            open.AddRange([memory, network, loop]);
            for (int task = 0; task < tasks; task++)
            {
                loop.Train(Tasks.Tasks[task].Train, 60, null);
                for (int step = 0; step < 40; step++)
                {
                    loop.Train(Tasks.Tasks[task].Train, 1, null);
                    memory.Record();
                }

                memory.Remember(Tasks.Tasks[task].Train, new(1));
            }

            float[] weights = PlainSprings.Draw(memory.Memory!.Space.Dimension, 7, 0.1);
            double Step()
            {
                float[] gradient = new float[weights.Length];
                double value = memory.Memory.AddGradient(1, weights, gradient);
                for (int k = 0; k < weights.Length; k++)
                    weights[k] -= (float)(rate * gradient[k]);
                return value;
            }

            double[] values = [.. Enumerable.Range(0, 400).Select(_ => Step())];
            if (lambda == 1 || values[^1] < values[200])
                return (memory, values[^1] / values[200]);
            string message = Assert.Throws<InputException>(() => memory.AddGradient()).Message;
            Assert.StartsWith($"constraints: lambda: found '{ContinualMethods.Parse(string.Format(CultureInfo.InvariantCulture, method, lambda))}', expected below ", message, StringComparison.Ordinal);
            Assert.Contains("at learning rate 0.1 steps along the gradient of a spring of strength 10.", message, StringComparison.Ordinal);
            Assert.EndsWith("Call Relax() after optimizer.step() instead of AddGradient() before it, which bears any lambda", message, StringComparison.Ordinal);
            memory.Relax();
            return (memory, values[^1] / values[200]);
        }

        foreach (int tasks in (int[])[1, 2])
        {
            double largest = Steps(1, tasks).Memory.LargestExplicitLambda!.Value;
            var below = Steps(0.98 * largest, tasks);
            Assert.True(below.Growth <= 1, $"{below.Growth} below {largest}");
            Assert.True(double.IsFinite(below.Memory.AddGradient()));
            Assert.InRange(Steps(1.02 * largest, tasks).Growth, 1.5, double.PositiveInfinity);     // ((1 − 2.04)² a step)²⁰⁰, if nothing else were there
            below.Memory.LearningRate = 2 * rate;
            Assert.Equal(0.5 * largest, below.Memory.LargestExplicitLambda!.Value, 1e-4 * largest);
            Assert.Throws<InputException>(() => below.Memory.AddGradient());
            Assert.Throws<ArgumentOutOfRangeException>(() => below.Memory.LearningRate = 0);
        }

        open.ForEach(one => one.Dispose());
    }

    /// <summary>Of one task's modes the limit is F²/α for the least F, from the landscape itself.</summary>
    [Fact]
    public void The_largest_lambda_is_the_least_flatness_squared_over_the_learning_rate()
    {
        using var loop = new Loop();
        using var network = ModuleNetwork.Of(loop.Module, [6], 6, "mine");
        using var memory = new ModuleMemory(network, ContinualMethods.Parse("ldc:lambda=3,modes=9"), 0.05);
        Assert.Equal("ldc:lambda=3,modes=9: nothing remembered yet", $"{memory}");
        Assert.Equal((0, null), (memory.Springs, memory.LargestExplicitLambda));
        var window = new List<float[]>();
        var space = WeightSpace.All(network);
        for (int step = 0; step < 60; step++)
        {
            loop.Train(Tasks.Tasks[0].Train, 1, memory, record: true);
            window.Add(space.Flatten(network.Weights()));
        }

        memory.Remember(Tasks.Tasks[0].Train, new(1));
        var modes = PrincipalModes.Of(new Window([.. window.SelectMany(row => row)], window.Count, space.Dimension), 9);
        using var landscape = Landscape.Of(network.Weights(), Tasks.Tasks[0].Train, space);
        double?[] flatness = [.. Flatness.Along(landscape, Directions.Of(modes.Directions, modes.Dimension)).Select(found => found.Value)];
        double expected = flatness.Min()!.Value * flatness.Min()!.Value / 0.05;
        Assert.Equal(flatness.Count(f => f is not null), memory.Springs);
        Assert.Equal(expected, memory.LargestExplicitLambda!.Value, 1e-3 * expected);
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"ldc:lambda=3,modes=9: holds {memory.Springs} directions of {space.Dimension}; at learning rate 0.05 AddGradient bears lambda below {memory.LargestExplicitLambda:G3}, Relax any"), $"{memory}");
    }

    /// <summary>w ← c + (w − c)/(1 + 2αλ), and what is frozen or not of the space stays, bit for bit.</summary>
    [Fact]
    public void The_implicit_step_is_the_closed_form()
    {
        using var loop = new Loop();
        using var network = ModuleNetwork.Of(loop.Module, [6], 6, "mine");
        loop.Module.to(ScalarType.Float64);
        var parameters = loop.Module.parameters().ToArray();
        parameters[0].requires_grad = false;
        using var memory = new ModuleMemory(network, ContinualMethods.Parse("l2:lambda=300"), 0.1, WeightSpace.Of(network, [1, 2], withBiases: false));
        memory.Relax();                                                                // before the first task nothing
        double[][] centre = [.. parameters.Select(parameter => parameter.data<double>().ToArray())];
        memory.Remember(Tasks.Tasks[0].Train);
        Assert.Equal(6 * 8 + 8 * 6, memory.Springs);
        using (no_grad())
        {
            foreach (var parameter in parameters)
                parameter.add_(ones_like(parameter), HeldScalar.One);
        }

        memory.Relax();
        double[][] found = [.. parameters.Select(parameter => parameter.data<double>().ToArray())];
        foreach (int stays in (int[])[0, 1, 3])
            Assert.Equal(centre[stays].Select(w => w + 1), found[stays]);
        Assert.All(found[2].Zip(centre[2]), pair => Assert.Equal(1 / (1 + 2 * 0.1 * 300), pair.First - pair.Second, 1e-6));   // weights of order 1 in single precision
    }

    /// <summary>No sample has an input, so that the loss does not depend on the first matrix: its valley is open on both sides, and its gradients are 0.</summary>
    [Theory]
    [InlineData("ldc:lambda=1,modes=5", "constraints: modes that 'ldc:lambda=1,modes=5' holds: found none: 20 recorded steps have 5 modes, of which 5 have an open side, where the loss never reaches e times its value at the task's solution, expected at least one; record more steps, train the task further, or take flatness=variance, which measures nothing")]
    [InlineData("ewc:lambda=1", "constraints: weights that 'ewc:lambda=1' holds: found none of 48: every strength is 0, expected at least one; the gradients at the task's solution may all have vanished: take l2, or stop the task earlier")]
    public void A_memory_that_would_hold_nothing_is_refused(string method, string message)
    {
        using var loop = new Loop();
        using var network = ModuleNetwork.Of(loop.Module, [6], 6, "mine");
        using var memory = new ModuleMemory(network, ContinualMethods.Parse(method), 0.1, WeightSpace.Of(network, 1));
        var first = loop.Module.parameters().First();
        for (int step = 0; step < 20; step++)
        {
            using (no_grad())
            {
                using var moved = tensor(PlainSprings.Draw(48, step, 0.01)).reshape(first.shape);
                first.add_(moved, HeldScalar.One);
            }

            memory.Record();
        }

        Assert.Equal(message, Assert.Throws<InputException>(() => memory.Remember(new LabelledSamples(new float[6 * 30], [.. Enumerable.Range(0, 30).Select(i => i % 2)], 6, 6), new(1))).Message);
        Assert.Null(memory.Memory);
    }

    [Fact]
    public void Of_a_weight_space_and_of_frozen_parameters_others_stay_without_gradients()
    {
        using var loop = new Loop();
        using var network = ModuleNetwork.Of(loop.Module, [6], 6, "mine");
        var frozen = loop.Module.parameters().First();
        frozen.requires_grad = false;
        var space = WeightSpace.Of(network, [1, 2], withBiases: false);
        using var memory = new ModuleMemory(network, ContinualMethods.Parse("l2:lambda=0.5"), 0.1, space);
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
        using var memory = new ModuleMemory(network, ContinualMethods.Parse("l2:lambda=0.5"), 0.1);
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
            Assert.Throws<ArgumentException>(() => new ModuleMemory(network, new NoMethod(), 0.1, WeightSpace.All(another))).Message, StringComparison.Ordinal);
        Assert.StartsWith("'si:lambda=1' watches every step of the training, which a loop of one's own does not show. Take ldc, ewc, online-ewc or l2.",
            Assert.Throws<ArgumentException>(() => new ModuleMemory(network, ContinualMethods.Parse("si:lambda=1"), 0.1)).Message, StringComparison.Ordinal);
        using var memory = new ModuleMemory(network, ContinualMethods.Parse("ldc:lambda=1"), 0.1);
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
        var memory = new ModuleMemory(network, ContinualMethods.Parse("ldc:lambda=1"), 0.1);
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
            Module = nn.Sequential(("first", nn.Linear(6, 8)), ("act", nn.Tanh()), ("last", nn.Linear(8, 6))).Fixed();
            using var noGradient = no_grad();
            using var scope = NewDisposeScope();
            int seed = 0;
            foreach (var parameter in Module.parameters())
                parameter.copy_(tensor(PlainSprings.Draw((int)parameter.numel(), ++seed, 0.3)).reshape(parameter.shape));
        }

        public nn.Module<Tensor, Tensor> Module { get; }

        public void Train(LabelledSamples samples, int steps, ModuleMemory? memory, bool record = false, bool relaxed = false)
        {
            using var rate = 0.1.ToScalar();
            for (int step = 0; step < steps; step++)
            {
                Gradient(samples, [.. Enumerable.Range(0, 10).Select(i => (10 * step + i) % samples.Count)]);
                if (!relaxed)
                    memory?.AddGradient();
                using (no_grad())
                {
                    using var scope = NewDisposeScope();
                    foreach (var parameter in Module.parameters())
                        parameter.sub_(parameter.grad!.mul(rate));
                }

                if (relaxed)
                    memory?.Relax();
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
