using Talweg.Continual;
using Talweg.Networks;
using Talweg.Tests.Continual;
using Talweg.Tests.Networks;
using Talweg.Tests.Storage;
using Talweg.Training;

namespace Talweg.Tests.Training;

/// <summary>Terms added to the loss, and observers of the steps, against loops in double precision.</summary>
public sealed class PenaltyTests : IDisposable
{
    private const double Rate = 0.1;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Plain SGD in place, the same rule over a flat vector (which an observer asks for), and momentum 0 written out.</summary>
    [Theory]
    [InlineData("all", null, PenaltyStep.Explicit, false)]
    [InlineData("all", null, PenaltyStep.Explicit, true)]
    [InlineData("2", null, PenaltyStep.Explicit, false)]
    [InlineData("2", null, PenaltyStep.Explicit, true)]
    [InlineData("2", new[] { 2, 3 }, PenaltyStep.Explicit, false)]
    [InlineData("2", new[] { 2, 3 }, PenaltyStep.Explicit, true)]
    [InlineData("all", null, PenaltyStep.Implicit, false)]
    [InlineData("all", null, PenaltyStep.Implicit, true)]
    [InlineData("2", new[] { 2, 3 }, PenaltyStep.Implicit, false)]
    [InlineData("2", new[] { 2, 3 }, PenaltyStep.Implicit, true)]
    public void Plain_SGD_under_springs_is_the_loop_in_double_precision(string layers, int[]? trained, PenaltyStep step, bool observed)
    {
        var network = FullyConnected.Parse("fc:6-8-7-3,bias,tanh");
        var space = layers == "all" ? WeightSpace.All(network) : WeightSpace.Parse(network, layers, withBiases: true);
        var (memory, springs) = Springs(space);
        var plan = Plan(network) with { TrainedLayers = trained };
        var start = DenseWeights.Draw(network, Initialisation.He, 9);
        var log = new StepLog(space);
        var run = Trainer.Run(plan, TrainerTests.Data, _folder["run"], interventions: new() { Start = start, Penalty = memory, PenaltyStep = step, Observer = observed ? log : null });
        using var reference = new TorchReference(start, TrainerTests.Data.Train);
        var moved = plan.Trained;
        var minibatches = new Minibatches(TrainerTests.Data.Train.Count, plan.BatchSize, plan.Drawing, plan.Seed);
        for (int t = 0; t < 3 * minibatches.PerEpoch; t++)
        {
            int[] order = minibatches.Epoch(1 + t / minibatches.PerEpoch);
            double[] w = Flat(reference, space);
            double[] gradient = reference.Gradient(moved, [.. order.Skip(t % minibatches.PerEpoch * plan.BatchSize).Take(plan.BatchSize).Select(i => (long)i)]);
            reference.Move(moved, gradient, -Rate);
            if (step == PenaltyStep.Explicit)
                reference.Move(space, springs.Gradient(w), -Rate);
            else
                reference.Move(space, [.. springs.Relaxed(Rate, Flat(reference, space)).Zip(Flat(reference, space), (to, from) => to - from)], 1);
        }

        double[] expected = Flat(reference, WeightSpace.All(network));
        float[] found = WeightSpace.All(network).Flatten(run.Weights);
        for (int k = 0; k < expected.Length; k++)
            Close.Assert(expected[k], found[k], 1e-5, 1, $"weight {k}");       // 42 steps of single precision at weights of order 1
        Assert.Equal(observed ? 3 * minibatches.PerEpoch : 0, log.Steps);
        Close.Assert(reference.Loss(), run.Epochs[^1].TrainLoss, 3e-5);       // the data's alone
    }

    /// <summary>w⁺ = w − α (g + ∂R/∂w), with g the data's own: what an observer sees fits together, step by step.</summary>
    [Theory]
    [InlineData("fc:6-8-7-3,bias,tanh", PenaltyStep.Explicit)]
    [InlineData("fc:6-8-7-3,bias,tanh", PenaltyStep.Implicit)]
    [InlineData("net:1x2x3/conv4k2b/tanh/dense5b/tanh/dense3b", PenaltyStep.Explicit)]
    [InlineData("net:1x2x3/conv4k2b/tanh/dense5b/tanh/dense3b", PenaltyStep.Implicit)]
    public void An_observer_sees_weights_and_the_datas_gradient_of_every_step(string text, PenaltyStep step)
    {
        var network = Network.Parse(text);
        var space = WeightSpace.Of(network, [2], withBiases: true);
        var (memory, springs) = Springs(WeightSpace.All(network));
        var all = new StepLog(WeightSpace.All(network), keep: true);
        Trainer.Run(Plan(network), TrainerTests.Data, _folder["all"], interventions: new() { Penalty = memory, PenaltyStep = step, Observer = all });
        for (int t = 0; t < all.Steps; t++)
        {
            double[] before = PlainSprings.Wide(all.Before[t]), gradient = PlainSprings.Wide(all.Gradient[t]);
            double[] expected = step == PenaltyStep.Explicit
                ? [.. before.Zip(gradient.Zip(springs.Gradient(before), (g, r) => g + r), (w, g) => w - Rate * g)]
                : springs.Relaxed(Rate, [.. before.Zip(gradient, (w, g) => w - Rate * g)]);
            for (int k = 0; k < expected.Length; k++)
                Close.Assert(expected[k], all.After[t][k], 2e-6, 1, $"weight {k} after step {t}");
            if (t > 0)
                Assert.Equal(all.After[t - 1], all.Before[t]);
        }

        // One layer's observer sees its part of the same run.
        var some = new StepLog(space, keep: true);
        Trainer.Run(Plan(network), TrainerTests.Data, _folder["some"], interventions: new() { Penalty = memory, PenaltyStep = step, Observer = some });
        var drawn = NetworkWeights.Draw(network, Initialisation.PyTorch, 1);
        for (int t = 0; t < all.Steps; t++)
        {
            Assert.Equal(space.Flatten(WeightSpace.All(network).With(drawn, all.Gradient[t])), some.Gradient[t]);
            Assert.Equal(space.Flatten(WeightSpace.All(network).With(drawn, all.After[t])), some.After[t]);
        }
    }

    [Fact]
    public void With_momentum_the_springs_pull_enters_the_gradient()
    {
        var network = FullyConnected.Parse("fc:6-8-3,tanh");
        var (memory, springs) = Springs(WeightSpace.All(network));
        var plan = Plan(network) with { LearningRate = 0, Optimizer = Optimizer.Parse("sgd:lr=0.05,momentum=0.9") };
        var run = Trainer.Run(plan, TrainerTests.Data, _folder["run"], interventions: new() { Penalty = memory });
        var start = DenseWeights.Draw(network, plan.Initialisation, plan.Seed);
        var all = WeightSpace.All(network);
        using var reference = new TorchReference(start, TrainerTests.Data.Train);
        var textbook = new TextbookSteps(plan.Optimizer, [.. all.Flatten(start).Select(w => (double)w)], plan.Seed);
        var minibatches = new Minibatches(TrainerTests.Data.Train.Count, plan.BatchSize, plan.Drawing, plan.Seed);
        for (int t = 0; t < 3 * minibatches.PerEpoch; t++)
        {
            long[] batch = [.. minibatches.Epoch(1 + t / minibatches.PerEpoch).Skip(t % minibatches.PerEpoch * plan.BatchSize).Take(plan.BatchSize).Select(i => (long)i)];
            textbook.Step((_, w) =>
            {
                reference.Move(all, [.. w.Zip(Flat(reference, all), (to, from) => to - from)], 1);
                return [.. reference.Gradient(all, batch).Zip(springs.Gradient(w), (g, r) => g + r)];
            }, (_, _) => 0, t + 1, 0.05);
        }

        float[] found = all.Flatten(run.Weights);
        for (int k = 0; k < found.Length; k++)
            Close.Assert(textbook.Weights[k], found[k], 2e-5, 1, $"weight {k}");       // momentum adds up ten steps' roundings
    }

    [Fact]
    public void A_run_starts_from_the_weights_given()
    {
        foreach (string text in (string[])["fc:6-8-3", "net:1x2x3/conv4k2b/bn/tanh/dense3b"])
        {
            var network = Network.Parse(text);
            var start = NetworkWeights.Draw(network, Initialisation.He, 77);
            var plan = Plan(network) with { SnapshotIterations = [0], MaxEpochs = 1 };
            Trainer.Run(plan, TrainerTests.Data, _folder[network.GetType().Name], interventions: new() { Start = start });
            Assert.Equal(start.Tensors, Snapshots.LoadIteration(_folder[network.GetType().Name], 0, network).Tensors);
        }
    }

    /// <summary>Cancelled after every epoch or two: the penalty by the iteration's number, the observer's sums from the checkpoint.</summary>
    [Theory]
    [InlineData("fc:6-8-3,bias", "sgd:lr=0.1", PenaltyStep.Implicit)]
    [InlineData("fc:6-8-3,bias", "adam:lr=0.01", PenaltyStep.Explicit)]
    [InlineData("net:1x2x3/conv4k2b/bn/tanh/dense3b", "sgd:lr=0.1,momentum=0.5", PenaltyStep.Explicit)]
    public void A_resumed_run_ends_with_the_same_bits(string text, string rule, PenaltyStep step)
    {
        var network = Network.Parse(text);
        var all = WeightSpace.All(network);
        var plan = Plan(network) with { LearningRate = 0, Optimizer = Optimizer.Parse(rule), MaxEpochs = 6 };
        var samples = TrainerTests.Data.Train.First(30);
        IPenalty penalty = step == PenaltyStep.Implicit ? Springs(all).Memory : ReplayMemory.Of(null, samples, NetworkWeights.Draw(network, Initialisation.PyTorch, 1), all, 7, 0.5, 3);
        var whole = new PathIntegral(all);
        var once = Trainer.Run(plan, TrainerTests.Data, _folder["whole"], interventions: new() { Penalty = penalty, PenaltyStep = step, Observer = whole });
        PathIntegral? path = null;
        var (resumed, cancelled) = Interrupted.Run(work =>
        {
            path = new(all);                                                   // knows nothing of the calls before
            return Trainer.Run(plan, TrainerTests.Data, _folder["cancelled"], work, new() { Penalty = penalty, PenaltyStep = step, Observer = path });
        });
        Assert.True(cancelled >= 2, $"cancelled {cancelled} times");
        Assert.Equal(once.Weights.Tensors, resumed.Weights.Tensors);
        Assert.Equal(once.Epochs, resumed.Epochs);
        Assert.Equal(whole.Work, path!.Work);
        Assert.Contains(whole.Work, work => work != 0);
        var again = new PathIntegral(all);                                     // a finished run's observer is filled too
        Trainer.Run(plan, TrainerTests.Data, _folder["whole"], interventions: new() { Penalty = penalty, PenaltyStep = step, Observer = again });
        Assert.Equal(whole.Work, again.Work);
    }

    [Fact]
    public void Runs_under_another_penalty_or_from_elsewhere_are_refused()
    {
        var network = FullyConnected.Of(6, 8, 3);
        var all = WeightSpace.All(network);
        var plan = Plan(network) with { MaxEpochs = 1 };
        var start = DenseWeights.Draw(network, Initialisation.He, 5);
        var penalty = Springs(all).Memory;
        var known = new Interventions { Start = start, Penalty = penalty, Observer = new PathIntegral(all) };
        Trainer.Run(plan, TrainerTests.Data, _folder["run"], interventions: known);
        Trainer.Run(plan, TrainerTests.Data, _folder["run"], interventions: known with { Observer = new PathIntegral(all), Start = start.Copy() });
        (Interventions? Other, string Difference)[] others =
        [
            (null, "with penalty "), (known with { Start = null }, "from "), (known with { Start = DenseWeights.Draw(network, Initialisation.He, 6) }, "from "), (known with { Penalty = null }, "with penalty "),
            (known with { Observer = null }, "seen by path integral there, none here"), (known with { PenaltyStep = PenaltyStep.Implicit }, "with penalty "),
            (known with { Penalty = DiagonalMemory.Of("other", all, new double[all.Dimension], new float[all.Dimension]) }, "with penalty "),
        ];
        foreach (var (other, difference) in others)
        {
            string message = Assert.Throws<InputException>(() => Trainer.Run(plan, TrainerTests.Data, _folder["run"], interventions: other)).Message;
            Assert.StartsWith($"{_folder["run"]}: holds a training that differs: {difference}", message, StringComparison.Ordinal);
            Assert.EndsWith(" here. Choose another folder, or give --overwrite to start afresh.", message, StringComparison.Ordinal);
        }

        Trainer.Run(plan, TrainerTests.Data, _folder["plain"]);
        Assert.Contains(": with implicit penalty none there, ",
            Assert.Throws<InputException>(() => Trainer.Run(plan, TrainerTests.Data, _folder["plain"], interventions: new() { Penalty = penalty, PenaltyStep = PenaltyStep.Implicit })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Interventions_that_do_not_fit_are_refused()
    {
        var network = FullyConnected.Of(6, 8, 3);
        var plan = Plan(network);
        var all = WeightSpace.All(network);
        var springs = Springs(all).Memory;
        var replay = ReplayMemory.Of(null, TrainerTests.Data.Train, DenseWeights.Draw(network, Initialisation.He, 1), all, 5, 1, 1);
        Refused(plan, new() { Noise = new NormNoise(0) }, "Noise must refresh every epoch or more, but it says every 0.");
        Refused(plan with { TrainedLayers = [1] }, new() { Noise = new NormNoise(1) }, "Noise moves all weights, but only some layers are trained. Train all of them, or add no noise.");
        Refused(plan, new() { Start = DenseWeights.Draw(FullyConnected.Of(6, 9, 3), Initialisation.He, 1) }, "The weights to start from are of fc:6-9-3, but the plan trains fc:6-8-3.");
        Refused(plan, new() { Penalty = replay, PenaltyStep = PenaltyStep.Implicit },
            $"Only a penalty that knows its minimum near a point can be followed implicitly, but {replay.Description} does not. Follow it explicitly.");
        foreach (string rule in (string[])["adam:lr=0.1", "sgd:lr=0.1,momentum=0.9", "sgd:lr=0.1,weight-decay=0.1"])
        {
            Refused(plan with { LearningRate = 0, Optimizer = Optimizer.Parse(rule) }, new() { Penalty = springs, PenaltyStep = PenaltyStep.Implicit },
                $"A penalty is followed implicitly by plain SGD alone, but the optimizer is {Optimizer.Parse(rule)}. Follow it explicitly.");
        }

        var entropy = Optimizer.Parse("entropy-sgd:lr=1,steps=3,gamma=0.0001,noise=0.0001");
        Refused(plan with { LearningRate = 0, Optimizer = entropy }, new() { Observer = new PathIntegral(all) }, $"An observer sees one gradient a step, but {entropy} takes {entropy.Passes}.");
        var other = WeightSpace.All(FullyConnected.Of(6, 9, 3));
        Refused(plan, new() { Observer = new PathIntegral(other) }, "A penalty or observer of the weights of fc:6-9-3 cannot be used on fc:6-8-3.");
        Refused(plan, new() { Penalty = Springs(other).Memory }, "A penalty or observer of the weights of fc:6-9-3 cannot be used on fc:6-8-3.");
        foreach (var step in Enum.GetValues<PenaltyStep>())
        {
            foreach (var observer in (PathIntegral?[])[null, new(WeightSpace.Of(network, 1))])
            {
                Refused(plan with { TrainedLayers = [1] }, new() { Penalty = springs, PenaltyStep = step, Observer = observer },
                    "'2.weight' of fc:6-8-3 is not among the weights that are trained.");
            }
        }

        Refused(plan with { TrainedLayers = [1] }, new() { Observer = new PathIntegral(all) }, "'2.weight' of fc:6-8-3 is not among the weights that are trained.");
    }

    private void Refused(TrainingPlan plan, Interventions interventions, string message) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => Trainer.Run(plan, TrainerTests.Data, _folder["refused"], interventions: interventions)).Message, StringComparison.Ordinal);

    private static TrainingPlan Plan(Network network) => TrainerTests.Plan with { Network = network, LearningRate = Rate, MaxEpochs = 3, ExtraEpochs = null, Recording = Recording.None, RecordedLayers = [] };

    /// <summary>Springs of 0.2 to 1.2 about weights of another draw.</summary>
    private static (DiagonalMemory Memory, PlainSprings Springs) Springs(WeightSpace space)
    {
        double[] strengths = [.. Enumerable.Range(0, space.Dimension).Select(k => 0.2 + k % 11 * 0.1)];
        float[] centre = space.Flatten(NetworkWeights.Draw(space.Network, Initialisation.He, 21));
        var springs = new PlainSprings(space.Dimension);
        springs.Add(strengths, centre);
        return (DiagonalMemory.Of("springs", space, strengths, centre), springs);
    }

    private static double[] Flat(TorchReference reference, WeightSpace space) =>
        [.. space.Segments.SelectMany(segment => (segment.IsBias ? reference.Biases : reference.Matrices)[segment.Layer].data<double>().ToArray())];

    /// <summary>Counts the steps, and keeps them if asked.</summary>
    private sealed class StepLog(WeightSpace space, bool keep = false) : IStepObserver
    {
        public string Description => "step log";

        public WeightSpace Space => space;

        public IReadOnlyList<(string Name, float[] Values)> State => [];

        public int Steps { get; private set; }

        public List<float[]> Before { get; } = [];

        public List<float[]> Gradient { get; } = [];

        public List<float[]> After { get; } = [];

        public void Observe(ReadOnlySpan<float> before, ReadOnlySpan<float> gradient, ReadOnlySpan<float> after)
        {
            Steps++;
            if (!keep)
                return;
            Before.Add(before.ToArray());
            Gradient.Add(gradient.ToArray());
            After.Add(after.ToArray());
        }
    }
}
