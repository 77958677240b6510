using Talweg.Continual;
using Talweg.Conventions;
using Talweg.Data;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Tests.Networks;
using Talweg.Tests.Storage;
using Talweg.Training;
using static TorchSharp.torch;

namespace Talweg.Tests.Continual;

/// <summary>A network cut in front of the layers that are trained: the rest on the computed features is the whole.</summary>
public sealed class FrozenFeaturesTests : IDisposable
{
    private const string Lenet = "net:1x8x8/conv4k3p1b/relu/pool2/conv5k3/bn/relu/pool2/dense9b/relu/dense8b/relu/dense3b";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, int[]?, string, int[]> Cuts => new()
    {
        { "fc:6-8-7-3", null, "fc:8-7-3", [1] },
        { "fc:6-8-7-3,bias,tanh", null, "fc:8-7-3,bias,tanh", [1] },
        { "fc:6-8-7-5-3", null, "fc:8-7-5-3", [1, 2] },
        { "fc:6-8-7-5-3,bias", [4, 3], "fc:7-5-3,bias", [1, 2] },
        { "fc:6-8-7-3,bias", [1], "fc:6-8-7-3,bias", [1] },
        { "fc:6-8-7-3,tanh", [3], "fc:7-3", [1] },
        { Lenet, null, "fc:5-9-8-3,bias", [1, 2] },
        { Lenet, [4], "fc:9-8-3,bias", [1] },
        { "net:1x5x5/dense7/bn/tanh/dense4/relu/dense3", null, "fc:7-4-3", [1] },
        { "net:3x6x6/conv4k3p1b/relu/res(conv4k3p1b/relu/conv4k3p1b)/relu/avg/dense5b/tanh/dense3b", null, "fc:4-5-3,bias,tanh", [1] },
    };

    /// <summary>Logits in double precision of the whole on the samples and of the head on single-precision features: as close as those are rounded.</summary>
    [Theory, MemberData(nameof(Cuts))]
    public void The_head_on_the_features_is_the_network_on_the_samples(string text, int[]? trained, string head, int[] trainedOfHead)
    {
        var weights = Drawn(text);
        var samples = SmallNetworks.Clouds(1203, weights.Network.Inputs, 3, 1);                  // more than pass at once
        var features = FrozenFeatures.Of(weights, trained);
        Assert.Equal(head, $"{features.Head.Network}");
        Assert.Equal(trainedOfHead, features.TrainedLayers);
        var seen = features.Of(samples);
        Assert.Equal((1203, features.Head.Network.Inputs, 3), (seen.Count, seen.Width, seen.Classes));
        Assert.Equal(samples.Labels, seen.Labels);
        double[] expected = Logits(weights, samples), found = Logits(features.Head, seen);
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Close.Assert(expected[i], found[i], 3e-6, scale, $"logit {i}");                      // up to four layers of sums in single precision
        var (one, other) = (Performance.OnTest(weights, new(samples, samples)), Performance.OnTest(features.Head, new(seen, seen)));
        Close.Assert(one.Loss, other.Loss, 1e-5);
    }

    [Theory, MemberData(nameof(Cuts))]
    public void The_heads_weights_go_back_to_their_places(string text, int[]? trained, string head, int[] trainedOfHead)
    {
        var weights = Drawn(text);
        var features = FrozenFeatures.Of(weights, trained);
        Assert.Equal(weights.Tensors, features.Whole(features.Head).Tensors);
        var other = NetworkWeights.Draw(features.Head.Network, Initialisation.He, 9);
        var whole = features.Whole(other);
        Assert.Equal(weights.Network, whole.Network);
        Assert.Equal(other.Tensors, whole.Tensors.TakeLast(other.Tensors.Count));
        Assert.Equal(weights.Tensors.SkipLast(other.Tensors.Count), whole.Tensors.SkipLast(other.Tensors.Count));
        Assert.Equal((head, trainedOfHead.Length), ($"{other.Network}", features.TrainedLayers.Count));
    }

    [Theory]
    [InlineData("fc:6-3", null, "no hidden dense layer", "a network with a dense layer between its first and its last layer")]
    [InlineData("fc:6-8-3", null, "no hidden dense layer", "a network with a dense layer between its first and its last layer")]
    [InlineData("fc:6-8-7-3", new int[0], "no hidden dense layer", "a network with a dense layer between its first and its last layer")]
    [InlineData("fc:6-8-7-3", new[] { 2, 4 }, "layer 4", "layers 1 to 3")]
    [InlineData("fc:6-8-7-3", new[] { 0 }, "layer 0", "layers 1 to 3")]
    [InlineData("fc:6-8-7-3", new[] { -1, 2 }, "layer -1", "layers 1 to 3")]
    [InlineData("net:1x6x6/conv3k3p1/relu/pool2/dense4", null, "no hidden dense layer", "a network with a dense layer between its first and its last layer")]
    [InlineData("net:1x6x6/conv3k3p1/relu/dense4/relu/dense3", new[] { 1 }, "layer 1, from which on not all layers are dense with one activation and all with or all without biases", "later layers, by naming the layers that are to be trained")]
    [InlineData("net:1x5x5/dense7/tanh/dense5/bn/tanh/dense3", null, "layer 2, from which on not all layers are dense with one activation and all with or all without biases", "later layers, by naming the layers that are to be trained")]
    [InlineData("net:1x5x5/dense7/tanh/dense5/relu/dense4/tanh/dense3", null, "layer 2, from which on not all layers are dense with one activation and all with or all without biases", "later layers, by naming the layers that are to be trained")]
    [InlineData("net:1x5x5/dense7/tanh/dense5b/tanh/dense3", null, "layer 2, from which on not all layers are dense with one activation and all with or all without biases", "later layers, by naming the layers that are to be trained")]
    public void Networks_that_cannot_be_cut_there_are_refused(string text, int[]? trained, string found, string expected)
    {
        var weights = NetworkWeights.Draw(Network.Parse(text), Initialisation.He, 1);
        Assert.Equal($"trained layers: of {weights.Network}: found {found}, expected {expected}", Assert.Throws<InputException>(() => FrozenFeatures.Of(weights, trained)).Message);
    }

    [Fact]
    public void A_module_is_refused()
    {
        using var module = nn.Sequential(("first", nn.Linear(6, 5)), ("second", nn.Linear(5, 4)), ("last", nn.Linear(4, 3))).Fixed();
        using var network = ModuleNetwork.Of(module, [6], 3, "mine");
        Assert.Equal("trained layers: of module:mine: found a module, whose layers are not known, expected a network whose layers Talweg knows; or train everything from scratch",
            Assert.Throws<InputException>(() => FrozenFeatures.Of(network.Weights())).Message);
    }

    /// <summary>The papers' protocol: what was learned on everything stays but for the hidden layers, which are drawn anew.</summary>
    [Theory]
    [InlineData("fc:6-12-10-6,bias", null)]
    [InlineData("fc:6-12-10-6", null)]
    [InlineData("net:1x2x3/conv8k2b/relu/dense10b/relu/dense6b", null)]
    [InlineData("fc:6-12-10-8-6", new[] { 3 })]
    public void A_stage_draws_the_trained_layers_anew_and_keeps_the_others(string text, int[]? trained)
    {
        var plan = new ContinualPlan
        {
            Network = Network.Parse(text),
            Method = new NoMethod(),
            BatchSize = 10,
            Protocol = TrainingProtocol.HiddenLayers,
            TrainedLayers = trained,
            PretrainingEpochs = 15,
        };
        var tasks = SmallTasks.Of(2);
        var stage = ContinualStage.Prepare(plan, tasks, _folder["all"]);
        var run = ContinualStageReference.Pretrained(plan, tasks, _folder["again"]);
        var features = FrozenFeatures.Of(run, trained);
        Assert.Equal(features.TrainedLayers, stage.TrainedLayers);
        Assert.Equal(WeightSpace.Of(features.Head.Network, [.. features.TrainedLayers], features.Head.Network.HasBiases).Dimension, stage.Space.Dimension);
        for (int i = 0; i < stage.Start.Tensors.Count; i++)
        {
            if (stage.Space.Layers.Contains(stage.Start.Network.Tensors[i].Layer))
                Assert.NotEqual(features.Head.Tensors[i], stage.Start.Tensors[i]);
            else
                Assert.Equal(features.Head.Tensors[i], stage.Start.Tensors[i]);
        }

        var drawn = NetworkWeights.Draw(features.Head.Network, Initialisation.PyTorch, (long)(new RandomStream(1, "hidden layers anew").NextBits() >> 1));
        Assert.Equal(stage.Space.Flatten(drawn), stage.Space.Flatten(stage.Start));
        Assert.Equal(features.Whole(stage.Start).Tensors, stage.Whole(stage.Start).Tensors);
        foreach (var (seen, task) in stage.Tasks.Tasks.Zip(tasks.Tasks))
        {
            Assert.Equal(task.Name, seen.Name);
            Assert.Equal(features.Of(task.Train).Inputs, seen.Train.Inputs);
            Assert.Equal(features.Of(task.Test).Inputs, seen.Test.Inputs);
            Assert.Equal(task.Train.Labels, seen.Train.Labels);
        }
    }

    [Fact]
    public void From_scratch_a_stage_is_the_network_as_it_is_drawn()
    {
        var plan = new ContinualPlan { Network = FullyConnected.Parse("fc:6-5-6,bias"), Method = new NoMethod(), Seed = 8 };
        var tasks = SmallTasks.Of(2);
        var stage = ContinualStage.Prepare(plan, tasks, _folder["none"]);
        Assert.Equal(NetworkWeights.Draw(plan.Network, Initialisation.PyTorch, 8).Tensors, stage.Start.Tensors);
        Assert.Same(tasks, stage.Tasks);
        Assert.Null(stage.TrainedLayers);
        Assert.Equal(WeightSpace.All(plan.Network).Dimension, stage.Space.Dimension);
        Assert.Same(stage.Start, stage.Whole(stage.Start));
        Assert.False(Directory.Exists(_folder["none"]));
    }

    /// <summary>A module's vectors may mean anything, and what its owner has frozen is learned already.</summary>
    [Fact]
    public void From_scratch_a_modules_matrices_are_drawn_but_none_that_is_frozen()
    {
        using var module = nn.Sequential(("first", nn.Linear(6, 5)), ("norm", nn.LayerNorm(5)), ("last", nn.Linear(5, 6))).Fixed();
        using (no_grad())
            module.named_parameters().Single(entry => entry.name == "norm.weight").parameter.copy_(linspace(2, 3, 5));
        module.named_parameters().Single(entry => entry.name == "first.weight").parameter.requires_grad = false;
        using var network = ModuleNetwork.Of(module, [6], 6, "mine");
        var own = network.Weights();
        var drawn = NetworkWeights.Draw(network, Initialisation.PyTorch, 1);
        var stage = ContinualStage.Prepare(new() { Network = network, Method = new NoMethod() }, SmallTasks.Of(2), _folder["none"]);
        string[] kept = ["first.weight", "norm.weight", "norm.bias"];
        for (int i = 0; i < network.Tensors.Count; i++)
            Assert.Equal((kept.Contains(network.Tensors[i].Name) ? own : drawn).Tensors[i], stage.Start.Tensors[i]);
    }

    [Fact]
    public void A_training_on_everything_that_fails_is_no_stage()
    {
        var plan = new ContinualPlan { Network = FullyConnected.Of(6, 5, 4, 6), Method = new NoMethod(), BatchSize = 10, LearningRate = 1e30, Protocol = TrainingProtocol.HiddenLayers };
        string message = Assert.Throws<InputException>(() => ContinualStage.Prepare(plan, SmallTasks.Of(2), _folder["all"])).Message;
        Assert.StartsWith("plan of tasks: training on all tasks together: found diverged: ", message, StringComparison.Ordinal);
        Assert.EndsWith(", expected a training that succeeds", message, StringComparison.Ordinal);
    }

    private static NetworkWeights Drawn(string text)
    {
        var network = Network.Parse(text);
        var weights = NetworkWeights.Draw(network, Initialisation.He, 4);
        for (int i = 0; i < network.Tensors.Count; i++)
        {
            for (int k = 0; k < weights.Tensors[i].Length; k++)
            {
                if (network.Tensors[i].Role is TensorRole.Scale or TensorRole.RunningVariance)
                    weights.Tensors[i][k] = 0.7f + 0.1f * (k % 5);
                if (network.Tensors[i].Role is TensorRole.Shift or TensorRole.RunningMean)
                    weights.Tensors[i][k] = 0.05f * (k % 7 - 3);
            }
        }

        return weights;
    }

    private static double[] Logits(NetworkWeights weights, LabelledSamples samples)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var layered = weights.Network as LayeredNetwork ?? LayeredNetwork.Of((FullyConnected)weights.Network);
        using var module = TorchModules.Of(layered, NetworkWeights.Of(layered, weights.Tensors));
        return module.call(layered.Shaped(tensor(samples.Inputs, dtype: ScalarType.Float64).reshape(samples.Count, samples.Width))).data<double>().ToArray();
    }
}

/// <summary>The training on all tasks together, written out.</summary>
internal static class ContinualStageReference
{
    public static NetworkWeights Pretrained(ContinualPlan plan, TaskSequence tasks, string folder)
    {
        var train = tasks.Tasks.Select(task => task.Train).ToArray();
        var all = new LabelledSamples([.. train.SelectMany(samples => samples.Inputs)], [.. train.SelectMany(samples => samples.Labels)], 6, 6);
        return Trainer.Run(new()
        {
            Network = plan.Network,
            BatchSize = plan.BatchSize,
            LearningRate = plan.LearningRate,
            Seed = plan.Seed,
            MaxEpochs = plan.PretrainingEpochs,
            ExtraEpochs = 0,
            Recording = Recording.None,
        }, new(all, all), folder).Weights;
    }
}
