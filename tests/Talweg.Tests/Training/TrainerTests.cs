using Talweg.Data;
using Talweg.Networks;
using Talweg.Tests.Networks;
using Talweg.Tests.Storage;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Three clouds that a small network tells apart within a few epochs; 100 samples are 14 minibatches and 2 left over.</summary>
    internal static TrainingData Data { get; } = new(SmallNetworks.Clouds(100, 6, 3, 1, noise: 0.3, zeros: 0.05), SmallNetworks.Clouds(40, 6, 3, 2));

    internal static TrainingPlan Plan { get; } = new()
    {
        Network = FullyConnected.Of(6, 8, 3),
        BatchSize = 7,
        LearningRate = 0.1,
        Seed = 1,
        MaxEpochs = 300,
        ExtraEpochs = 3,
        RecordedLayers = [2],
    };

    public void Dispose() => _folder.Dispose();

    private TrainingRun Run(TrainingPlan plan, TrainingData? data = null) => Trainer.Run(plan, data ?? Data, _folder[$"{Guid.NewGuid()}"]);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void Training_ends_k_epochs_after_zero_error(int extra)
    {
        var run = Run(Plan with { ExtraEpochs = extra });
        Assert.Equal(Ending.ZeroError, run.Ending);
        int zero = run.ZeroErrorEpoch!.Value;
        Assert.Equal(zero, run.Epochs.First(epoch => epoch.TrainError == 0).Epoch);
        Assert.Equal(zero + extra, run.Epochs.Count);
        Assert.Equal($"zero training error at epoch {zero}, and {extra} epochs more", run.Verdict);
        Assert.Equal(14, run.IterationsPerEpoch);
        Assert.Equal(extra > 0 ? zero + 1 : null, run.FirstRecordedEpoch);
        Assert.Equal(extra > 0, run.TrajectoryPath is not null);
        if (extra > 0)
            CheckTrajectory(run, extra);
    }

    [Fact]
    public void Every_kth_iteration_is_recorded_where_the_plan_says_so()
    {
        var plan = Plan with { MaxEpochs = 3, ExtraEpochs = 2, LearningRate = 1e-3 };
        using var all = Trajectory.Open(Run(plan).TrajectoryPath!);
        using var thinned = Trajectory.Open(Run(plan with { RecordEvery = 4 }).TrajectoryPath!);
        // Recorded from epoch 2 on, iterations 15 to 42 of the run: 16, 20, … 40 are divisible by 4.
        Assert.Equal(7, thinned.Iterations);
        for (int row = 0; row < 7; row++)
            Assert.Equal(all.Slice(1 + 4 * row, 1).Weights, thinned.Slice(row, 1).Weights);
        Assert.DoesNotContain("RecordEvery", plan.Fingerprint);
        Assert.Contains("\"RecordEvery\":4", (plan with { RecordEvery = 4 }).Fingerprint);
        Assert.Contains("record every: found 0, expected 1 iteration or more", Assert.Throws<InputException>(() => Run(plan with { RecordEvery = 0 })).Message);
    }

    [Fact]
    public void The_last_epoch_ends_it_at_the_latest()
    {
        var run = Run(Plan with { MaxEpochs = 4, ExtraEpochs = 3, LearningRate = 1e-3 });
        Assert.Equal(Ending.EpochLimit, run.Ending);
        Assert.Null(run.ZeroErrorEpoch);
        Assert.StartsWith("stopped at the limit of 4 epochs with training error ", run.Verdict);
        Assert.Equal(2, run.FirstRecordedEpoch);
        CheckTrajectory(run, 3);
    }

    [Fact]
    public void Without_extra_epochs_only_the_limit_ends_it()
    {
        var run = Run(Plan with { ExtraEpochs = null, MaxEpochs = 60 });
        Assert.Equal((Ending.EpochLimit, 60), (run.Ending, run.Epochs.Count));
        Assert.NotNull(run.ZeroErrorEpoch);
        CheckTrajectory(run, 60);
    }

    [Fact]
    public void Everything_or_nothing_is_recorded_if_asked()
    {
        var all = Run(Plan with { Recording = Recording.All, RecordedLayers = [1, 2], MaxEpochs = 5 });
        CheckTrajectory(all, 5);
        Assert.Null(Run(Plan with { Recording = Recording.None, RecordedLayers = [] }).TrajectoryPath);
    }

    private static void CheckTrajectory(TrainingRun run, int epochs)
    {
        using var trajectory = Trajectory.Open(run.TrajectoryPath!);
        var space = WeightSpace.Of(run.Plan.Network, [.. run.Plan.RecordedLayers]);
        Assert.Equal((epochs * (long)run.IterationsPerEpoch, space.Dimension), (trajectory.Iterations, trajectory.Weights));
        Assert.Equal(run.Epochs.Count, run.FirstRecordedEpoch!.Value + epochs - 1);
        Assert.Equal(space.Flatten(run.Weights), trajectory.Last(1).Weights);
    }

    [Theory]
    [InlineData(Drawing.WithoutReplacement)]
    [InlineData(Drawing.WithReplacement)]
    public void Every_iteration_is_a_step_of_plain_SGD(Drawing drawing)
    {
        var plan = Plan with { Drawing = drawing, Recording = Recording.All, MaxEpochs = 3, RecordedLayers = [1, 2] };
        var run = Run(plan);
        using var trajectory = Trajectory.Open(run.TrajectoryPath!);
        using var reference = new TorchReference((DenseWeights)NetworkWeights.Draw(plan.Network, plan.Initialisation, plan.Seed), Data.Train);
        var minibatches = new Minibatches(Data.Train.Count, plan.BatchSize, drawing, plan.Seed);
        for (int epoch = 1; epoch <= 3; epoch++)
        {
            int[] order = minibatches.Epoch(epoch);
            for (int t = 0; t < run.IterationsPerEpoch; t++)
            {
                reference.Step([.. order.Skip(t * plan.BatchSize).Take(plan.BatchSize).Select(i => (long)i)], plan.LearningRate);
                double[] expected = [.. reference.Matrices.SelectMany(matrix => matrix.data<double>().ToArray())];
                var found = trajectory.Slice((epoch - 1) * run.IterationsPerEpoch + t, 1).Weights;
                for (int i = 0; i < expected.Length; i++)
                    Close.Assert(expected[i], found[i], 5e-6, 1, $"weight {i} after iteration {t} of epoch {epoch}");
            }

            Close.Assert(reference.Loss(), run.Epochs[epoch - 1].TrainLoss, 2e-5);
            Assert.Equal(reference.Error(), run.Epochs[epoch - 1].TrainError, 12);
        }

        using var test = new TorchReference((DenseWeights)run.Weights, Data.Test);
        Close.Assert(test.Loss(), run.Epochs[^1].TestLoss, 1e-6);
        Assert.Equal(test.Error(), run.Epochs[^1].TestError, 12);
    }

    [Fact]
    public void Without_replacement_an_epoch_is_a_partition_and_with_it_is_not()
    {
        var without = new Minibatches(1000, 30, Drawing.WithoutReplacement, 1);
        var with = new Minibatches(1000, 30, Drawing.WithReplacement, 1);
        Assert.Equal((33, 33), (without.PerEpoch, with.PerEpoch));
        Assert.Equal(Enumerable.Range(0, 1000), without.Epoch(1).Order());
        Assert.NotEqual(without.Epoch(1), without.Epoch(2));
        Assert.Equal(without.Epoch(2), new Minibatches(1000, 30, Drawing.WithoutReplacement, 1).Epoch(2));
        Assert.NotEqual(without.Epoch(1), new Minibatches(1000, 30, Drawing.WithoutReplacement, 2).Epoch(1));
        // 990 draws from 1,000 meet 1000·(1 − (1 − 1/1000)⁹⁹⁰) = 628.6 different samples, give or take 15.
        Assert.InRange(with.Epoch(1).Distinct().Count(), 628.6 - 60, 628.6 + 60);
        Assert.All(with.Epoch(1), sample => Assert.InRange(sample, 0, 999));
    }

    [Theory]
    [InlineData("fc:6-8-3", 1e30)]
    [InlineData("fc:6-8-3,bias", 1e20)]
    [InlineData("fc:6-8-8-3,tanh", 1e38)]
    public void A_run_that_diverges_says_when_and_what_to_try(string network, double rate)
    {
        var run = Run(Plan with { Network = FullyConnected.Parse(network), LearningRate = rate, Recording = Recording.All });
        Assert.Equal(Ending.Diverged, run.Ending);
        Assert.Matches(@"^diverged: the loss was (NaN|Infinity) at (iteration \d+|the end) of epoch 1\. Try a learning rate below 1E\+\d+, or inputs of a smaller scale\.$", run.Verdict);
        Assert.Empty(run.Epochs);
    }

    [Fact]
    public void A_run_may_diverge_after_some_epochs()
    {
        var samples = SmallNetworks.Clouds(100, 6, 3, 1);
        var huge = new LabelledSamples([.. samples.Inputs.Select(x => 1e19f * x)], samples.Labels, 6, 3);
        var run = Run(Plan with { LearningRate = 1 }, new(huge, huge));
        Assert.Equal(Ending.Diverged, run.Ending);
        Assert.Contains("diverged: the loss was ", run.Verdict);
    }

    [Fact]
    public void A_test_loss_that_overflows_does_not_end_the_training()
    {
        var test = new LabelledSamples([.. Enumerable.Repeat(3e38f, 12)], [0, 1], 6, 3);
        var data = new TrainingData(Data.Train, test);
        var plan = Plan with { MaxEpochs = 2, LearningRate = 1, ExtraEpochs = 0 };
        var run = Trainer.Run(plan, data, _folder["run"]);
        Assert.False(double.IsFinite(run.Epochs[^1].TestLoss));
        Assert.Equal(run.Epochs, Trainer.Run(plan, data, _folder["run"]).Epochs);
    }

    [Fact]
    public void Plans_that_do_not_fit_are_refused()
    {
        Refused("batch size: found 0, expected 1 to 100, the number of training samples", Plan with { BatchSize = 0 });
        Refused("batch size: found 101, expected 1 to 100", Plan with { BatchSize = 101 });
        Refused("learning rate: found 0, expected a positive number", Plan with { LearningRate = 0 });
        Refused("learning rate: found NaN", Plan with { LearningRate = double.NaN });
        Refused("learning rate: found Infinity", Plan with { LearningRate = double.PositiveInfinity });
        Refused("epochs: found 0, expected at least 1", Plan with { MaxEpochs = 0 });
        Refused("extra epochs: found -1, expected 0 or more", Plan with { ExtraEpochs = -1 });
        Refused("evaluate every: found 0, expected 1 epoch or more", Plan with { EvaluateEvery = 0 });
        Refused("snapshot iterations: found -1, expected 0, the initial weights, or more", Plan with { SnapshotIterations = [3, -1] });
        Refused("recorded layers: found none, expected at least one layer", Plan with { RecordedLayers = [] });
        Refused("recorded layers: found 3, expected layers 1 to 2 of fc:6-8-3", Plan with { RecordedLayers = [1, 3] });
        Refused("network: found fc:7-3, expected 6 inputs and at least 3 outputs, as the data have", Plan with { Network = FullyConnected.Of(7, 3), RecordedLayers = [1] });
        Refused("network: found fc:6-2, expected 6 inputs and at least 3 outputs", Plan with { Network = FullyConnected.Of(6, 2), RecordedLayers = [1] });
        Assert.Contains("Training samples have 6 inputs, but test samples 5.", Assert.Throws<ArgumentException>(() => new TrainingData(Data.Train, SmallNetworks.Clouds(3, 5, 3, 1))).Message);

        void Refused(string message, TrainingPlan plan) => Assert.StartsWith("training plan: " + message, Assert.Throws<InputException>(() => Run(plan)).Message);
    }

    [Fact]
    public void Weights_are_kept_after_the_iterations_asked_for_and_at_the_start()
    {
        var plan = Plan with { Recording = Recording.All, RecordedLayers = [1, 2], MaxEpochs = 2, SnapshotIterations = [0, 1, 14, 15, 20, 1000] };
        var run = Trainer.Run(plan, Data, _folder["run"]);
        using var trajectory = Trajectory.Open(run.TrajectoryPath!);
        var space = WeightSpace.Of(plan.Network, 1, 2);
        Assert.Equal(NetworkWeights.Draw(plan.Network, plan.Initialisation, plan.Seed).Tensors, Snapshots.LoadIteration(_folder["run"], 0, plan.Network).Tensors);
        foreach (long iteration in new long[] { 1, 14, 15, 20 })
            Assert.Equal(trajectory.Slice(iteration - 1, 1).Weights, space.Flatten(Snapshots.LoadIteration(_folder["run"], iteration, plan.Network)));
        Assert.Equal(5, Directory.GetFiles(Path.Combine(_folder["run"], "snapshots")).Length);
        Assert.Contains("iteration-000001000.safetensors", Assert.Throws<InputException>(() => Snapshots.LoadIteration(_folder["run"], 1000, plan.Network)).Message);
    }

    [Fact]
    public void A_full_batch_loses_little_of_its_small_terms()
    {
        // 2,000 samples far into training: each moves the weights by less than a millionth of themselves, added up in single precision.
        var samples = SmallNetworks.Clouds(2000, 12, 4, 1, noise: 0.3);
        var plan = new TrainingPlan { Network = FullyConnected.Of(12, 31, 30, 4), BatchSize = 20, LearningRate = 0.1, Seed = 1, MaxEpochs = 60, ExtraEpochs = null, Recording = Recording.None };
        var trained = Run(plan, new(samples, samples));
        using var model = new DenseModel((DenseWeights)trained.Weights, 2000);
        model.Step(new(samples), [.. Enumerable.Range(0, 2000)], 0.1);
        using var reference = new TorchReference((DenseWeights)trained.Weights, samples);
        reference.Step([.. Enumerable.Range(0, 2000).Select(i => (long)i)], 0.1);
        for (int layer = 0; layer < 3; layer++)
        {
            double error = 0, step = 0;
            double[] expected = reference.Matrices[layer].data<double>().ToArray();
            float[] found = model.Weights().Matrices[layer];
            for (int i = 0; i < expected.Length; i++)
            {
                error += Math.Pow(found[i] - expected[i], 2);
                step += Math.Pow(expected[i] - trained.Weights.Tensors[layer][i], 2);
            }

            Assert.True(Math.Sqrt(error / step) < 1e-2, $"layer {layer + 1} is off by {Math.Sqrt(error / step):G3} of its step; loss {trained.Epochs[^1].TrainLoss:G3}");
        }
    }

    [Theory]
    [InlineData("fc:6-8-3")]
    [InlineData("fc:6-8-7-3,bias,tanh")]
    public void Noise_is_added_after_every_step_and_refreshed_when_it_says(string network)
    {
        var plan = Plan with { Network = FullyConnected.Parse(network), MaxEpochs = 5, ExtraEpochs = null, Recording = Recording.All, RecordedLayers = [1, 2] };
        var noise = new NormNoise(2);
        Trainer.Run(plan with { SnapshotEvery = 1, SnapshotIterations = [1, 15] }, Data, _folder["run"], interventions: new() { Noise = noise });
        Assert.Equal([NetworkWeights.Draw(plan.Network, plan.Initialisation, 1).Tensors, .. new[] { 2, 4 }.Select(epoch => Snapshots.Load(_folder["run"], epoch, plan.Network).Tensors)],
            noise.Refreshes.Select(weights => weights.Tensors));

        var all = WeightSpace.All(plan.Network);
        using var model = new DenseModel((DenseWeights)noise.Refreshes[0], plan.BatchSize);
        var again = new NormNoise(2);
        var minibatches = new Minibatches(Data.Train.Count, plan.BatchSize, plan.Drawing, plan.Seed);
        for (int t = 0; t < 5 * minibatches.PerEpoch; t++)
        {
            if (t % (2 * minibatches.PerEpoch) == 0)
                again.Refresh(model.Weights());
            model.Step(Data.SparseTrain, minibatches.Epoch(1 + t / minibatches.PerEpoch).AsSpan(t % minibatches.PerEpoch * plan.BatchSize, plan.BatchSize), plan.LearningRate);
            float[] flat = all.Flatten(model.Weights());
            again.Add(t + 1, flat);
            model.Load(all, flat);
            if (t + 1 is 1 or 15)
                Assert.Equal(flat, all.Flatten(Snapshots.LoadIteration(_folder["run"], t + 1, plan.Network)));
        }

        var last = Snapshots.Load(_folder["run"], 5, plan.Network);
        Assert.Equal(all.Flatten(last), all.Flatten(model.Weights()));
        Assert.NotEqual(all.Flatten(last), all.Flatten(Run(plan).Weights));
    }

    [Fact]
    public void Noise_must_refresh_at_epochs() =>
        Assert.StartsWith("Noise must refresh every epoch or more, but it says every 0.", Assert.Throws<ArgumentException>(() => Trainer.Run(Plan, Data, _folder["run"], interventions: new() { Noise = new NormNoise(0) })).Message);

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Losses_may_be_taken_less_often_and_nothing_else_changes(int extra)
    {
        var every = Run(Plan with { ExtraEpochs = null, MaxEpochs = 60, Recording = Recording.All });
        var run = Run(Plan with { ExtraEpochs = extra, EvaluateEvery = 7, Recording = Recording.All });
        int zero = every.Epochs.First(epoch => epoch.TrainError == 0 && epoch.Epoch % 7 == 0).Epoch;
        Assert.Equal((Ending.ZeroError, zero, zero + extra), (run.Ending, run.ZeroErrorEpoch, run.CompletedEpochs));
        Assert.Equal([.. Enumerable.Range(1, zero / 7).Select(k => 7 * k).Append(zero + extra).Distinct()], run.Epochs.Select(epoch => epoch.Epoch));
        Assert.Equal(run.Epochs.Select(epoch => every.Epochs[epoch.Epoch - 1]), run.Epochs);
        using var trajectory = Trajectory.Open(run.TrajectoryPath!);
        using var whole = Trajectory.Open(every.TrajectoryPath!);
        Assert.Equal(run.CompletedEpochs * 14, trajectory.Iterations);
        Assert.Equal(whole.Slice(0, trajectory.Iterations).Weights, trajectory.Slice(0, trajectory.Iterations).Weights);
    }

    [Fact]
    public void The_last_epoch_is_evaluated_whatever_its_number()
    {
        var run = Run(Plan with { LearningRate = 1e-3, MaxEpochs = 5, ExtraEpochs = null, EvaluateEvery = 3 });
        Assert.Equal([3, 5], run.Epochs.Select(epoch => epoch.Epoch));
        Assert.Equal(5, run.CompletedEpochs);
    }

    [Fact]
    public void What_an_old_plan_does_not_know_is_no_part_of_its_text()
    {
        // Written by the version before; a checkpoint with this text must go on being resumed.
        const string old = "{\"Network\":\"fc:6-8-3\",\"BatchSize\":7,\"LearningRate\":0.1,\"Data\":\"\",\"Seed\":1,\"Initialisation\":\"PyTorch\",\"Drawing\":\"WithoutReplacement\",\"MaxEpochs\":300,\"ExtraEpochs\":3,\"Recording\":\"Exploration\",\"RecordedLayers\":[2],\"SnapshotEvery\":null}";
        Assert.Equal(old, Plan.Fingerprint);
        Assert.Equal(old[..^1] + ",\"SnapshotIterations\":[3]}", (Plan with { SnapshotIterations = [3] }).Fingerprint);
    }

    [Fact]
    public void The_same_plan_gives_the_same_bits()
    {
        var one = Run(Plan);
        var again = Run(Plan);
        Assert.Equal(one.Epochs, again.Epochs);
        Assert.Equal(one.Weights.Tensors, again.Weights.Tensors);
        Assert.Equal(File.ReadAllBytes(one.TrajectoryPath!), File.ReadAllBytes(again.TrajectoryPath!));
        Assert.NotEqual(one.Epochs, Run(Plan with { Seed = 2 }).Epochs);
    }
}
