using Talweg.Conventions;
using Talweg.Data;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Tests.Networks;
using Talweg.Tests.Storage;
using Talweg.Training;
using Talweg.Trajectories;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Tests.Training;

/// <summary>Networks that are not fully connected, in training.</summary>
[Collection(Alone.Name)]
public sealed class TorchTrainingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Single precision against double: normalisations divide by deviations that are themselves rounded.</summary>
    [Theory, MemberData(nameof(LayeredNetworks.Names), MemberType = typeof(LayeredNetworks))]
    public void Gradients_and_running_statistics_are_those_of_TorchSharps_own_modules(string text)
    {
        var (_, network, weights, samples) = LayeredNetworks.Get(text);
        var all = WeightSpace.All(network);
        using var loop = new ModuleLoop(weights);
        using var model = new TorchTraining(weights, new(samples, samples));
        double[] w = [.. all.Flatten(weights).Select(x => (double)x)];
        float[] found = new float[all.Dimension];
        var random = new RandomStream(1, "batches");
        foreach (int size in new[] { 3, 20 })
        {
            int[] batch = [.. Enumerable.Range(0, size).Select(_ => random.Next(samples.Count))];
            var (loss, expected) = loop.Gradient(w, samples, batch);
            Close.Assert(loss, model.Gradient(batch, 0, found), 2e-6);
            double scale = expected.Max(Math.Abs);
            for (int i = 0; i < expected.Length; i++)
                Close.Assert(expected[i], found[i], 1e-5, scale, $"component {i} at {size} samples");
        }

        var after = model.Weights();
        Assert.Equal(all.Flatten(weights), all.Flatten(after));
        var statistics = network.Tensors.Zip(after.Tensors).Where(pair => !pair.First.IsTrained).Select(pair => pair.Second);
        foreach (var (expected, moved) in loop.Statistics().Zip(statistics))
        {
            for (int i = 0; i < moved.Length; i++)
                Close.Assert(expected[i], moved[i], 2e-6, 1, $"statistic {i}");
        }

        var (testLoss, testError, _) = model.Evaluate(test: true);
        var reference = loop.Evaluate(w, samples);
        Close.Assert(reference.Loss, testLoss, 3e-6);
        Assert.Equal(reference.Error, testError, 12);
    }

    /// <summary>Three epochs of momentum, iteration by iteration.</summary>
    [Theory]
    [InlineData("net:1x6x6/conv3k3p1/tanh/pool2/dense4")]                                    // as LeNet: convolution, pooling, dense
    [InlineData("net:1x6x6/conv4k3p1/bn/tanh/res(conv4k3p1/bn)/tanh/avg/dense4b")]
    public void Every_iteration_is_a_step_of_a_hand_written_module_loop(string text)
    {
        var data = new TrainingData(SmallNetworks.Clouds(60, 36, 4, 1), SmallNetworks.Clouds(40, 36, 4, 2));
        var network = Network.Parse(text);
        var plan = Plan(network) with { MaxEpochs = 3, Optimizer = Optimizer.Parse("sgd:lr=0.05,momentum=0.9"), Schedule = Schedule.Parse("step:every=2,factor=0.5") };
        var run = Trainer.Run(plan, data, _folder["run"]);
        var all = WeightSpace.All(network);
        var drawn = NetworkWeights.Draw(network, plan.Initialisation, plan.Seed);
        using var loop = new ModuleLoop(drawn);
        var textbook = new TextbookSteps(plan.Optimizer, [.. all.Flatten(drawn).Select(w => (double)w)], plan.Seed);
        var minibatches = new Minibatches(60, plan.BatchSize, plan.Drawing, plan.Seed);
        var recorded = WeightSpace.Of(network, [.. plan.RecordedLayers]);
        using var trajectory = Trajectory.Open(run.TrajectoryPath!);
        for (int t = 0; t < 3 * run.IterationsPerEpoch; t++)
        {
            int epoch = 1 + t / run.IterationsPerEpoch;
            int[] batch = minibatches.Epoch(epoch).AsSpan(t % run.IterationsPerEpoch * plan.BatchSize, plan.BatchSize).ToArray();
            textbook.Step((_, w) => loop.Gradient(w, data.Train, batch).Gradient, (_, _) => 0, t + 1, epoch == 3 ? 0.025 : 0.05);
            float[] expected = recorded.Flatten(all.With(drawn, [.. textbook.Weights.Select(w => (float)w)]));
            float[] found = trajectory.Slice(t, 1).Weights.ToArray();
            for (int i = 0; i < expected.Length; i++)
                Close.Assert(expected[i], found[i], 1e-5, 1, $"weight {i} after iteration {t + 1}");     // 18 steps in single precision
            if ((t + 1) % run.IterationsPerEpoch == 0)
            {
                Close.Assert(loop.Evaluate(textbook.Weights, data.Train).Loss, run.Epochs[epoch - 1].TrainLoss, 2e-5);
                Close.Assert(loop.Evaluate(textbook.Weights, data.Test).Loss, run.Epochs[epoch - 1].TestLoss, 2e-5);
            }
        }

        Assert.Equal(recorded.Flatten(run.Weights), trajectory.Last(1).Weights);
    }

    [Fact]
    public void A_convolutional_network_learns_to_zero_error_and_keeps_snapshots()
    {
        var data = new TrainingData(SmallNetworks.Clouds(60, 36, 4, 1), SmallNetworks.Clouds(40, 36, 4, 2));
        var plan = Plan(Network.Parse("net:1x6x6/conv4k3p1/bn/relu/pool2/dense4b")) with
        {
            MaxEpochs = 200,
            ExtraEpochs = 2,
            Recording = Recording.Exploration,
            Optimizer = Optimizer.Parse("adam:lr=0.01"),
            SnapshotEvery = 1,
            SnapshotIterations = [0],
        };
        var run = Trainer.Run(plan, data, _folder["run"]);
        Assert.Equal(Ending.ZeroError, run.Ending);
        Assert.False(run.OnlyGuesses);
        Assert.Equal(NetworkWeights.Draw(plan.Network, plan.Initialisation, plan.Seed).Tensors, Snapshots.LoadIteration(_folder["run"], 0, plan.Network).Tensors);
        Assert.Equal(run.Weights.Tensors, Snapshots.Load(_folder["run"], run.CompletedEpochs, plan.Network).Tensors);
        var first = Snapshots.Load(_folder["run"], 1, plan.Network);
        int mean = plan.Network.Tensors.ToList().FindIndex(tensor => tensor.Role == TensorRole.RunningMean);
        Assert.All(first.Tensors[mean], value => Assert.NotEqual(0, value));
    }

    [Fact]
    public void Noise_is_added_to_all_that_gradients_train()
    {
        var plan = Plan(Network.Parse("net:1x2x3/conv3k3p1/bn/relu/dense3b")) with { MaxEpochs = 4, RecordedLayers = [1, 2] };
        var quiet = Trainer.Run(plan, TrainerTests.Data, _folder["quiet"]);
        var noise = new NormNoise(2);
        var noisy = Trainer.Run(plan, TrainerTests.Data, _folder["noisy"], interventions: new() { Noise = noise });
        Assert.Equal(2, noise.Refreshes.Count);
        Assert.Equal(NetworkWeights.Draw(plan.Network, plan.Initialisation, plan.Seed).Tensors, noise.Refreshes[0].Tensors);
        Assert.All(quiet.Weights.Tensors.Zip(noisy.Weights.Tensors), pair => Assert.NotEqual(pair.First, pair.Second));
    }

    /// <summary>2,300 samples pass in three chunks; the chunked mean is the mean.</summary>
    [Theory]
    [InlineData("fc:12-9-4,bias")]
    [InlineData("net:1x3x4/conv3k3p1b/relu/dense4b")]
    public void Gradient_descent_takes_all_samples_in_chunks(string text)
    {
        var data = new TrainingData(SmallNetworks.Clouds(2300, 12, 4, 1), SmallNetworks.Clouds(40, 12, 4, 2));
        var network = Network.Parse(text);
        var plan = Plan(network) with { BatchSize = 2300, MaxEpochs = 5, Optimizer = Optimizer.Parse("gd:lr=0.5"), RecordedLayers = [1] };
        var run = Trainer.Run(plan, data, _folder["run"]);
        Assert.Equal(1, run.IterationsPerEpoch);
        var layered = network is FullyConnected dense ? LayeredNetwork.Of(dense) : (LayeredNetwork)network;
        var drawn = NetworkWeights.Of(layered, NetworkWeights.Draw(network, plan.Initialisation, plan.Seed).Tensors);
        var all = WeightSpace.All(layered);
        using var loop = new ModuleLoop(drawn);
        var textbook = new TextbookSteps(plan.Optimizer, [.. all.Flatten(drawn).Select(w => (double)w)], plan.Seed);
        for (int t = 1; t <= 5; t++)
            textbook.Step((_, w) => loop.Gradient(w, data.Train, [.. Enumerable.Range(0, 2300)]).Gradient, (_, _) => 0, t, 0.5);
        float[] found = WeightSpace.All(network).Flatten(run.Weights);
        for (int i = 0; i < found.Length; i++)
            Close.Assert(textbook.Weights[i], found[i], 5e-6, 1, $"weight {i}");
        Assert.Contains("batch size: found 50, expected 2300, all training samples, since gradient descent takes them all",
            Assert.Throws<InputException>(() => Trainer.Run(plan with { BatchSize = 50 }, data, _folder["run"])).Message);
    }

    /// <summary>Dropout draws from torch's own generator, which every iteration sets by the run's seed.</summary>
    [Fact]
    public void A_module_with_dropout_resumes_bit_for_bit_and_is_given_back()
    {
        using var module = nn.Sequential(nn.Linear(6, 12), nn.ReLU(), nn.Dropout(0.3), nn.Linear(12, 3)).Fixed();
        using var network = ModuleNetwork.Of(module, [6], 3, "own");
        var before = network.Weights();
        var plan = Plan(network) with { MaxEpochs = 4, RecordedLayers = [2], Optimizer = Optimizer.Parse("adam:lr=0.01") };
        var whole = Trainer.Run(plan, TrainerTests.Data, _folder["whole"]);
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Trainer.Run(plan, TrainerTests.Data, _folder["cancelled"], new(1, new CancelAtOnce(source), source.Token)));
        rand(100).Dispose();                                   // elsewhere, someone draws
        var resumed = Trainer.Run(plan, TrainerTests.Data, _folder["cancelled"]);
        Assert.Equal(whole.Weights.Tensors, resumed.Weights.Tensors);
        Assert.Equal(whole.Epochs, resumed.Epochs);
        Assert.Equal(before.Tensors, network.Weights().Tensors);
    }

    /// <summary>Behind dropout a weight moves only where its input passed: which did, the recorded weights tell.</summary>
    [Fact]
    public void Dropout_is_drawn_anew_in_every_iteration()
    {
        using var module = nn.Sequential(nn.Dropout(0.5), nn.Linear(30, 2)).Fixed();
        using var network = ModuleNetwork.Of(module, [30], 2, "dropout alone");
        var ones = new LabelledSamples([.. Enumerable.Repeat(1f, 60)], [0, 0], 30, 2);
        var run = Trainer.Run(Plan(network) with { BatchSize = 1, MaxEpochs = 4, RecordedLayers = [1] }, new(ones, ones), _folder["run"]);
        using var trajectory = Trajectory.Open(run.TrajectoryPath!);
        string Moved(int t) => string.Concat(trajectory.Slice(t, 1).Weights.Zip(trajectory.Slice(t - 1, 1).Weights, (after, before) => after == before ? '0' : '1').Take(30));
        string[] masks = [.. Enumerable.Range(1, 7).Select(Moved)];
        Assert.Equal(7, masks.Distinct().Count());
        Assert.All(masks, mask => Assert.InRange(mask.Count(passed => passed == '1'), 15 - 11, 15 + 11));       // four deviations of √7.5
    }

    [Fact]
    public void What_an_owner_has_in_grad_neither_trains_nor_is_lost()
    {
        using var module = nn.Sequential(("first", nn.Linear(6, 4)), ("last", nn.Linear(4, 3))).Fixed();
        using var network = ModuleNetwork.Of(module, [6], 3, "own");
        var plan = Plan(network) with { MaxEpochs = 1 };
        var clean = Trainer.Run(plan, TrainerTests.Data, _folder["clean"]);
        using var scope = NewDisposeScope();
        foreach (var parameter in module.parameters())
            parameter.grad = ones_like(parameter);
        var run = Trainer.Run(plan, TrainerTests.Data, _folder["after"]);
        Assert.Equal(clean.Weights.Tensors, run.Weights.Tensors);
        Assert.All(module.parameters(), parameter => Assert.All(parameter.grad!.data<float>().ToArray(), part => Assert.Equal(1, part)));
    }

    /// <summary>Weight decay and noise would move what has no gradient.</summary>
    [Fact]
    public void Frozen_parameters_start_and_stay_where_their_owner_has_them()
    {
        using var module = nn.Sequential(("first", nn.Linear(6, 4)), ("act", nn.Tanh()), ("last", nn.Linear(4, 3))).Fixed();
        module.get_parameter("first.weight")!.requires_grad_(false);
        using var network = ModuleNetwork.Of(module, [6], 3, "own");
        float[][] before = [.. network.Weights().Tensors];
        var plan = Plan(network) with { MaxEpochs = 2, Optimizer = Optimizer.Parse("sgd:lr=0.05,momentum=0.9,weight-decay=0.1") };
        var run = Trainer.Run(plan, TrainerTests.Data, _folder["run"], interventions: new() { Noise = new NormNoise(2) });
        Assert.Equal(before[0], run.Weights.Tensors[0]);
        Assert.All(run.Weights.Tensors.Zip(before).Skip(1), pair => Assert.NotEqual(pair.Second, pair.First));
        Assert.Equal(before, network.Weights().Tensors);
        Assert.False(module.get_parameter("first.weight")!.requires_grad);
    }

    [Fact]
    public void Torchs_generator_and_thread_count_are_given_back()
    {
        using var module = nn.Sequential(nn.Linear(6, 12), nn.ReLU(), nn.Dropout(0.3), nn.Linear(12, 3)).Fixed();
        using var network = ModuleNetwork.Of(module, [6], 3, "own");
        using var scope = NewDisposeScope();
        int threads = get_num_threads();
        set_num_threads(2);
        manual_seed(5);
        float[] expected = rand(8).data<float>().ToArray();
        manual_seed(5);
        Trainer.Run(Plan(network) with { MaxEpochs = 1 }, TrainerTests.Data, _folder["run"]);
        Assert.Equal(expected, rand(8).data<float>().ToArray());
        var weights = network.Weights();
        ((float[][])weights.Tensors)[0] = new float[2];
        Assert.ThrowsAny<Exception>(() => new TorchTraining(weights, TrainerTests.Data));
        Assert.Equal(2, get_num_threads());
        set_num_threads(threads);
    }

    [Fact]
    public void Training_leaves_no_tensor_alive()
    {
        var (_, network, weights, samples) = LayeredNetworks.Get("net:2x6x6/conv4k3p1/bn/relu/res(conv6k3s2p1/bn/relu/conv6k3p1/bn|conv6k1s2/bn)/relu/avg/dense4");
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var model = new TorchTraining(weights, new(samples, samples)))
        {
            long during = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            float[] gradient = new float[WeightSpace.All(network).Dimension];
            for (int i = 0; i < 3; i++)
                model.Gradient([0, 1, 2], 0, gradient);
            model.Evaluate(test: true);
            model.Load(WeightSpace.All(network), gradient);
            model.Read(WeightSpace.All(network), gradient);
            Assert.Equal(during, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void The_learning_rate_is_the_optimizers()
    {
        var plan = Plan(FullyConnected.Of(6, 3)) with { Optimizer = Optimizer.Parse("adam:lr=0.02") };
        Assert.Equal(0.02, plan.LearningRate);
        Assert.Equal("training plan: learning rate: found 0.1, expected none beside the optimizer adam:lr=0.02, or the same",
            Assert.Throws<InputException>(() => Trainer.Run(plan with { LearningRate = 0.1 }, TrainerTests.Data, _folder["run"])).Message);
        Assert.Contains("learning rate: found 0, expected a positive number",
            Assert.Throws<InputException>(() => Trainer.Run(plan with { Optimizer = null }, TrainerTests.Data, _folder["run"])).Message);
        Assert.Contains("beta1: found 1, expected a number from 0 to below 1",
            Assert.Throws<InputException>(() => Trainer.Run(plan with { Optimizer = new Adam { Beta1 = 1 } }, TrainerTests.Data, _folder["run"])).Message);
    }

    /// <summary>Checkpoints of earlier versions know their plan by its text: without optimizer and schedule it is the text of then.</summary>
    [Fact]
    public void A_plan_of_plain_SGD_is_known_by_the_text_of_old() => Assert.Equal(
        """{"Network":"fc:6-8-3","BatchSize":7,"LearningRate":0.1,"Data":"","Seed":1,"Initialisation":"PyTorch","Drawing":"WithoutReplacement","MaxEpochs":300,"ExtraEpochs":3,"Recording":"Exploration","RecordedLayers":[2],"SnapshotEvery":null}""",
        TrainerTests.Plan.Fingerprint);

    /// <summary>The general path, driven as plain SGD, stands where the one in place does, but for rounding.</summary>
    [Fact]
    public void A_schedule_of_ones_changes_no_bit_and_momentum_of_nearly_zero_hardly_any()
    {
        var plan = TrainerTests.Plan with { MaxEpochs = 5, ExtraEpochs = null };
        var plain = Trainer.Run(plan, TrainerTests.Data, _folder["plain"]);
        var scheduled = Trainer.Run(plan with { Schedule = Schedule.Parse("step:every=100"), Optimizer = Optimizer.Parse("sgd:lr=0.1") }, TrainerTests.Data, _folder["scheduled"]);
        Assert.Equal(plain.Weights.Tensors, scheduled.Weights.Tensors);
        var general = Trainer.Run(plan with { LearningRate = 0, Optimizer = Optimizer.Parse("sgd:lr=0.1,momentum=1e-9") }, TrainerTests.Data, _folder["general"]);
        foreach (var (expected, found) in plain.Weights.Tensors.Zip(general.Weights.Tensors))
        {
            for (int i = 0; i < found.Length; i++)
                Close.Assert(expected[i], found[i], 5e-6, 1);
        }
    }

    private static TrainingPlan Plan(Network network) => new()
    {
        Network = network,
        BatchSize = 10,
        LearningRate = 0,
        Optimizer = Optimizer.Parse("sgd:lr=0.05"),
        Seed = 1,
        MaxEpochs = 5,
        ExtraEpochs = null,
        Recording = Recording.All,
        RecordedLayers = [1, 2],
    };

    private sealed class CancelAtOnce(CancellationTokenSource source) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => source.Cancel();
    }
}
