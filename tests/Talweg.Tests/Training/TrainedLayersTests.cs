using Talweg.Networks;
using Talweg.Tests.Networks;
using Talweg.Tests.Storage;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Tests.Training;

/// <summary>Runs in which some layers stay as they are, and what is recorded of a run.</summary>
public sealed class TrainedLayersTests : IDisposable
{
    private const string Layered = "net:1x2x3/conv4k2b/tanh/dense5b/tanh/dense3b";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Plain SGD in place, against autograd in double precision by some of the layers alone.</summary>
    [Theory]
    [InlineData("fc:6-8-7-3", new[] { 2 })]
    [InlineData("fc:6-8-7-3,bias,tanh", new[] { 2 })]
    [InlineData("fc:6-8-7-3,bias,tanh", new[] { 1 })]
    [InlineData("fc:6-8-7-3,bias,tanh", new[] { 3, 1 })]
    [InlineData("fc:6-8-7-3,bias,tanh", new[] { 1, 2, 3 })]
    public void Plain_SGD_moves_the_trained_layers_alone(string text, int[] layers)
    {
        var plan = Plan(text, layers);
        var start = (DenseWeights)NetworkWeights.Draw(plan.Network, plan.Initialisation, plan.Seed);
        var space = WeightSpace.Of(plan.Network, layers, plan.Network.HasBiases);
        using var reference = new TorchReference(start, TrainerTests.Data.Train);
        Follow(plan, batch => reference.Move(space, reference.Gradient(space, [.. batch.Select(i => (long)i)]), -plan.LearningRate));
        var run = Trainer.Run(plan, TrainerTests.Data, _folder["run"]);
        float[] expected = [.. space.Segments.SelectMany(segment => (segment.IsBias ? reference.Biases : reference.Matrices)[segment.Layer].data<double>().ToArray()).Select(w => (float)w)];
        // 42 steps of single precision at weights of order 1.
        AssertClose(expected, space.Flatten(run.Weights), 5e-6);
        AssertFrozen(start, run.Weights, layers);
    }

    /// <summary>Other rules, and networks of layers, against a textbook's rule on the gradients of TorchSharp's own modules.</summary>
    [Theory]
    [InlineData("fc:6-8-7-3,bias,tanh", "adam:lr=0.01", new[] { 2 })]
    [InlineData("fc:6-8-7-3,tanh", "sgd:lr=0.1,momentum=0.9,weight-decay=0.01", new[] { 1, 3 })]
    [InlineData(Layered, "sgd:lr=0.1", new[] { 2 })]
    [InlineData(Layered, "adam:lr=0.01", new[] { 1, 3 })]
    public void Other_rules_move_the_trained_layers_alone(string text, string rule, int[] layers)
    {
        var plan = Plan(text, layers) with { LearningRate = 0, Optimizer = Optimizer.Parse(rule) };
        var start = NetworkWeights.Draw(plan.Network, plan.Initialisation, plan.Seed);
        var layered = plan.Network as LayeredNetwork ?? LayeredNetwork.Of((FullyConnected)plan.Network);
        var space = WeightSpace.Of(plan.Network, layers, plan.Network.HasBiases);
        using var loop = new ModuleLoop(NetworkWeights.Of(layered, start.Tensors));
        var textbook = new TextbookSteps(plan.Optimizer, [.. space.Flatten(start).Select(w => (double)w)], plan.Seed);
        int t = 0;
        Follow(plan, batch => textbook.Step((_, w) => Some(loop.Gradient(All(w), TrainerTests.Data.Train, batch).Gradient), (_, _) => 0, ++t, plan.Optimizer.LearningRate));
        var run = Trainer.Run(plan, TrainerTests.Data, _folder["run"]);
        // 42 steps of single precision at weights of order 1; Adam divides small gradients by their own size, which roundings of 1e-7 change by some 1e-5.
        AssertClose([.. textbook.Weights.Select(w => (float)w)], space.Flatten(run.Weights), rule.StartsWith("adam", StringComparison.Ordinal) ? 1e-4 : 1e-5);
        AssertFrozen(start, run.Weights, layers);

        double[] All(double[] some)
        {
            double[] all = [.. WeightSpace.All(plan.Network).Flatten(start).Select(w => (double)w)];
            foreach (var (segment, place) in Places())
                some.AsSpan(segment.Start, segment.Length).CopyTo(all.AsSpan(place));
            return all;
        }

        double[] Some(double[] all)
        {
            double[] some = new double[space.Dimension];
            foreach (var (segment, place) in Places())
                all.AsSpan(place, segment.Length).CopyTo(some.AsSpan(segment.Start));
            return some;
        }

        IEnumerable<(WeightSpace.Segment Segment, int Place)> Places() =>
            space.Segments.Select(segment => (segment, WeightSpace.All(plan.Network).Segments.Single(other => other.Tensor == segment.Tensor).Start));
    }

    [Fact]
    public void Layers_that_cannot_be_trained_alone_are_refused()
    {
        Refused(Plan("fc:6-8-3", []), "training plan: trained layers: found none, expected at least one layer, or null for all");
        foreach (int layer in (int[])[0, 3])
            Refused(Plan("fc:6-8-3", [1, layer]), $"training plan: trained layers: found {layer}, expected layers 1 to 2 of fc:6-8-3");
        Refused(Plan("net:1x2x3/conv4k2b/bn/tanh/dense3b", [2]),
            "training plan: trained layers: found 2, expected none named, so that all are trained: net:1x2x3/conv4k2b/bn/tanh/dense3b normalises batches, which moves with every step");
    }

    [Fact]
    public void The_plans_text_names_them_only_where_there_are_any()
    {
        Assert.DoesNotContain("TrainedLayers", TrainerTests.Plan.Fingerprint, StringComparison.Ordinal);
        Assert.DoesNotContain("RecordBiases", TrainerTests.Plan.Fingerprint, StringComparison.Ordinal);
        Assert.DoesNotContain("RecordLast", TrainerTests.Plan.Fingerprint, StringComparison.Ordinal);
        Assert.Contains("\"TrainedLayers\":[2]", (TrainerTests.Plan with { TrainedLayers = [2] }).Fingerprint, StringComparison.Ordinal);
        Trainer.Run(Plan("fc:6-8-3", [2]), TrainerTests.Data, _folder["run"]);
        Assert.Throws<InputException>(() => Trainer.Run(Plan("fc:6-8-3", [1]), TrainerTests.Data, _folder["run"]));
        Assert.Throws<InputException>(() => Trainer.Run(Plan("fc:6-8-3", [2]) with { TrainedLayers = null }, TrainerTests.Data, _folder["run"]));
    }

    [Theory]
    [InlineData("fc:6-8-7-3,bias")]
    [InlineData(Layered)]
    public void Biases_are_recorded_beside_their_matrices_if_asked(string text)
    {
        var network = Network.Parse(text);
        var plan = TrainerTests.Plan with { Network = network, MaxEpochs = 2, ExtraEpochs = null, Recording = Recording.All, RecordedLayers = [1, 3], RecordBiases = true };
        var run = Trainer.Run(plan, TrainerTests.Data, _folder["run"]);
        var space = WeightSpace.Of(network, [1, 3], withBiases: true);
        using var trajectory = Trajectory.Open(run.TrajectoryPath!);
        Assert.Equal((2L * run.IterationsPerEpoch, space.Dimension), (trajectory.Iterations, trajectory.Weights));
        Assert.Equal(space.Flatten(run.Weights), trajectory.Last(1).Weights);
        Refused(plan with { Network = FullyConnected.Of(6, 8, 7, 3) }, "training plan: record biases: found fc:6-8-7-3, expected a network that has biases");
    }

    [Fact]
    public void Of_a_run_of_known_length_the_last_epochs_are_recorded_if_asked()
    {
        var plan = TrainerTests.Plan with { MaxEpochs = 5, ExtraEpochs = null, Recording = Recording.All };
        var all = Trainer.Run(plan, TrainerTests.Data, _folder["all"]);
        var last = Trainer.Run(plan with { RecordLast = 2 }, TrainerTests.Data, _folder["last"]);
        using var whole = Trajectory.Open(all.TrajectoryPath!);
        using var part = Trajectory.Open(last.TrajectoryPath!);
        Assert.Equal((1, 4), (all.FirstRecordedEpoch, last.FirstRecordedEpoch));
        Assert.Equal(2L * last.IterationsPerEpoch, part.Iterations);
        Assert.Equal(whole.Last(part.Iterations).Weights, part.Last(part.Iterations).Weights);
        var more = Trainer.Run(plan with { RecordLast = 9 }, TrainerTests.Data, _folder["more"]);
        Assert.Equal(1, more.FirstRecordedEpoch);
        Refused(plan with { RecordLast = 0 }, "training plan: record last: found 0, expected 1 epoch or more");
    }

    private static TrainingPlan Plan(string network, int[] layers) => TrainerTests.Plan with
    {
        Network = Network.Parse(network),
        TrainedLayers = layers,
        MaxEpochs = 3,
        ExtraEpochs = null,
        Recording = Recording.None,
        RecordedLayers = [],
    };

    /// <summary>The minibatches of a run, in their order.</summary>
    private static void Follow(TrainingPlan plan, Action<int[]> step)
    {
        var minibatches = new Minibatches(TrainerTests.Data.Train.Count, plan.BatchSize, plan.Drawing, plan.Seed);
        for (int epoch = 1; epoch <= plan.MaxEpochs; epoch++)
        {
            int[] order = minibatches.Epoch(epoch);
            for (int t = 0; t < minibatches.PerEpoch; t++)
                step(order.AsSpan(t * plan.BatchSize, plan.BatchSize).ToArray());
        }
    }

    private void Refused(TrainingPlan plan, string message) => Assert.Equal(message, Assert.Throws<InputException>(() => Trainer.Run(plan, TrainerTests.Data, _folder["refused"])).Message);

    private static void AssertFrozen(NetworkWeights before, NetworkWeights after, int[] layers)
    {
        for (int i = 0; i < before.Tensors.Count; i++)
        {
            if (layers.Contains(before.Network.Tensors[i].Layer + 1))
                Assert.NotEqual(before.Tensors[i], after.Tensors[i]);
            else
                Assert.Equal(before.Tensors[i], after.Tensors[i]);
        }
    }

    private static void AssertClose(float[] expected, float[] found, double relative)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Close.Assert(expected[i], found[i], relative, 1, $"weight {i}");
    }
}
