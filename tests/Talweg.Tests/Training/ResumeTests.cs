using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Storage;
using Talweg.Tests.Storage;
using Talweg.Training;

namespace Talweg.Tests.Training;

/// <summary>A run that was interrupted, in whatever way, ends with the bits of one that was not.</summary>
public sealed class ResumeTests : IDisposable
{
    private static readonly ConcurrentDictionary<string, Lazy<(TrainingRun Run, byte[] Trajectory)>> Uninterrupted = [];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(KilledTraining.Plain)]
    [InlineData(KilledTraining.Noisy)]
    [InlineData(KilledTraining.Convolutions)]
    public void Killed_runs_go_on_as_if_nothing_had_been(string kind)
    {
        var random = new RandomStream(4, "kills");   // when within an epoch a kill comes, the machine decides
        int kills = 0;
        for (int i = 0; i < 6; i++)
            kills += KillAfter(kind, random.Next(KilledTraining.PlanOf(kind).MaxEpochs / (kind == KilledTraining.Plain ? 3 : 6)), TimeSpan.FromMilliseconds(20 * random.NextDouble())) ? 1 : 0;
        Assert.True(kills >= 2, $"only {kills} of 6 runs could be killed");
        Same(kind, KilledTraining.Run(_folder["killed"], kind));
    }

    [Theory]
    [InlineData(KilledTraining.Plain)]
    [InlineData(KilledTraining.Noisy)]
    [InlineData(KilledTraining.Convolutions)]
    public void Cancelled_runs_go_on_as_if_nothing_had_been(string kind)
    {
        var random = new RandomStream(4, "cancellations");
        int cancelled = 0;
        TrainingRun? run = null;
        while (run is null)
        {
            using var source = new CancellationTokenSource();
            try
            {
                run = KilledTraining.Run(_folder["killed"], kind, new(1, new CancelAfter(1 + random.Next(KilledTraining.PlanOf(kind).MaxEpochs / (kind == KilledTraining.Plain ? 3 : 10)), source), source.Token));
            }
            catch (OperationCanceledException)
            {
                cancelled++;
            }
        }

        Assert.True(cancelled > 3);
        Same(kind, run);
    }

    /// <summary>Cancelled after every other epoch, on a fully connected network and on one with convolutions and normalisation.</summary>
    [Theory, MemberData(nameof(OptimizerTests.All), MemberType = typeof(OptimizerTests))]
    public void With_every_optimizer_a_resumed_run_ends_with_the_same_bits(string text)
    {
        var optimizer = Optimizer.Parse(text);
        foreach (string network in new[] { "fc:6-8-7-3,bias", "net:1x2x3/conv4k3p1b/bn/relu/dense3b" })
        {
            var plan = TrainerTests.Plan with
            {
                Network = Network.Parse(network),
                BatchSize = optimizer is GradientDescent ? TrainerTests.Data.Train.Count : TrainerTests.Plan.BatchSize,
                LearningRate = 0,
                Optimizer = optimizer,
                Schedule = Schedule.Parse("exponential:factor=0.9"),
                MaxEpochs = 6,
                ExtraEpochs = null,
                Recording = Recording.All,
            };
            var whole = Trainer.Run(plan, TrainerTests.Data, _folder[$"whole {network[..3]}"]);
            TrainingRun? resumed = null;
            int cancelled = 0;
            while (resumed is null)
            {
                using var source = new CancellationTokenSource();
                try
                {
                    resumed = Trainer.Run(plan, TrainerTests.Data, _folder[$"cancelled {network[..3]}"], new(1, new CancelAfter(2, source), source.Token));
                }
                catch (OperationCanceledException)
                {
                    cancelled++;
                }
            }

            Assert.Equal(3, cancelled);
            Assert.Equal(Ending.EpochLimit, whole.Ending);
            Assert.Equal(whole.Epochs, resumed.Epochs);
            Assert.Equal(whole.Weights.Tensors, resumed.Weights.Tensors);
            Assert.Equal(File.ReadAllBytes(whole.TrajectoryPath!), File.ReadAllBytes(resumed.TrajectoryPath!));
            Assert.NotEqual(whole.Epochs[0].TrainLoss, whole.Epochs[^1].TrainLoss);
        }
    }

    [Fact]
    public void A_checkpoint_without_the_optimizers_state_is_refused()
    {
        var plan = TrainerTests.Plan with { MaxEpochs = 2, LearningRate = 0, Optimizer = Optimizer.Parse("sgd:lr=0.1,momentum=0.9") };
        var run = Trainer.Run(plan, TrainerTests.Data, _folder["run"]);
        string path = Path.Combine(_folder["run"], "checkpoint.safetensors");
        Dictionary<string, string> metadata;
        using (var file = SafeTensorsFile.Open(path))
            metadata = file.Metadata.Where(entry => entry.Key != "talweg-sha256").ToDictionary();
        Assert.Equal(run.Weights.Tensors, WeightsFile.Load(path, plan.Network).Tensors);     // the state is passed over
        SafeTensorsWriter.Write(path, [.. WeightsFile.Tensors(run.Weights), new("optimizer/velocity", [2], new float[2])], metadata);
        Assert.EndsWith("tensor 'optimizer/velocity': found shape [2], expected [72], as the network has it; give --overwrite to start afresh, or choose another folder",
            Assert.Throws<InputException>(() => Trainer.Run(plan, TrainerTests.Data, _folder["run"])).Message);
        SafeTensorsWriter.Write(path, [.. WeightsFile.Tensors(run.Weights)], metadata);
        Assert.Contains("optimizer/velocity", Assert.Throws<InputException>(() => Trainer.Run(plan, TrainerTests.Data, _folder["run"])).Message);
    }

    [Fact]
    public void A_run_with_other_noise_is_refused_and_so_is_one_without()
    {
        var plan = TrainerTests.Plan with { MaxEpochs = 2 };
        Trainer.Run(plan, TrainerTests.Data, _folder["run"], interventions: new() { Noise = new NormNoise(1) });
        Assert.Equal($"{_folder["run"]}: holds a training that differs: with noise {new NormNoise(1).Description} there, none here. Choose another folder, or give --overwrite to start afresh.",
            Assert.Throws<InputException>(() => Trainer.Run(plan, TrainerTests.Data, _folder["run"])).Message);
        Trainer.Run(plan, TrainerTests.Data, _folder["plain"]);
        Assert.Contains(": with noise none there, a thousandth of the norm", Assert.Throws<InputException>(() => Trainer.Run(plan, TrainerTests.Data, _folder["plain"], interventions: new() { Noise = new NormNoise(1) })).Message);
    }

    [Fact]
    public void A_checkpoint_of_the_version_before_goes_on()
    {
        var plan = TrainerTests.Plan with { MaxEpochs = 4, ExtraEpochs = null };
        var whole = Trainer.Run(plan, TrainerTests.Data, _folder["whole"]);
        var half = Trainer.Run(plan with { MaxEpochs = 2 }, TrainerTests.Data, _folder["half"]);
        string epochs = string.Join(',', half.Epochs.Select(e => JsonSerializer.Serialize(e)));
        Directory.CreateDirectory(_folder["old"]);
        SafeTensorsWriter.Write(Path.Combine(_folder["old"], "checkpoint.safetensors"), [.. WeightsFile.Tensors(half.Weights)], new Dictionary<string, string>
        {
            ["plan"] = plan.Fingerprint,
            ["state"] = $"{{\"Epochs\":[{epochs}],\"RecordedRows\":{2 * half.IterationsPerEpoch},\"FirstRecordedEpoch\":1}}",
        });
        File.Copy(half.TrajectoryPath!, Path.Combine(_folder["old"], "trajectory.safetensors"));
        var resumed = Trainer.Run(plan, TrainerTests.Data, _folder["old"]);
        Assert.Equal(whole.Epochs, resumed.Epochs);
        Assert.Equal(whole.Weights.Tensors, resumed.Weights.Tensors);
        Assert.Equal(File.ReadAllBytes(whole.TrajectoryPath!), File.ReadAllBytes(resumed.TrajectoryPath!));
    }

    [Fact]
    public void A_finished_run_is_read_again_without_training()
    {
        var plan = TrainerTests.Plan;
        var once = Trainer.Run(plan, TrainerTests.Data, _folder["run"]);
        var again = Trainer.Run(plan, TrainerTests.Data, _folder["run"], new(1, new Never()));
        Assert.Equal((once.Ending, once.Verdict, once.FirstRecordedEpoch), (again.Ending, again.Verdict, again.FirstRecordedEpoch));
        Assert.Equal(once.Epochs, again.Epochs);
        Assert.Equal(once.Weights.Tensors, again.Weights.Tensors);
    }

    [Fact]
    public void Another_plan_in_the_same_folder_is_refused()
    {
        var plan = TrainerTests.Plan with { MaxEpochs = 2 };
        Trainer.Run(plan, TrainerTests.Data, _folder["run"]);
        (TrainingPlan Plan, string Difference)[] others =
        [
            (plan with { LearningRate = 0.11 }, "learning rate 0.1 there, 0.11 here"), (plan with { Seed = 2, BatchSize = 8 }, "batch size 7 there, 8 here; seed 1 there, 2 here"),
            (plan with { Network = new FullyConnected([6, 8, 3], bias: true) }, "network fc:6-8-3 there, fc:6-8-3,bias here"), (plan with { Data = "digits" }, "data none there, digits here"),
            (plan with { MaxEpochs = 1 }, "epochs 2 there, 1 here"), (plan with { ExtraEpochs = 2 }, "extra epochs 3 there, 2 here"), (plan with { RecordedLayers = [1, 2] }, "recorded layers 2 there, 1,2 here"),
            (plan with { MaxEpochs = 4, Seed = 2 }, "seed 1 there, 2 here; epochs 2 there, 4 here"), (plan with { Drawing = Drawing.WithReplacement }, "drawing WithoutReplacement there, WithReplacement here"),
            (plan with { LearningRate = 0, Optimizer = Optimizer.Parse("adam:lr=0.1") }, "optimizer none there, adam:lr=0.1 here"),
        ];
        foreach (var (other, difference) in others)
        {
            var error = Assert.Throws<InputException>(() => Trainer.Run(other, TrainerTests.Data, _folder["run"]));
            Assert.Equal($"{_folder["run"]}: holds a training that differs: {difference}. Choose another folder, or give --overwrite to start afresh.", error.Message);
        }

        string start = new('a', 200), long1 = start + "1", long2 = start + "2";
        Trainer.Run(plan with { Data = long1 }, TrainerTests.Data, _folder["long"]);
        Assert.Contains($"data …{new string('a', 20)}1 there, …{new string('a', 20)}2 here", Assert.Throws<InputException>(() => Trainer.Run(plan with { Data = long2 }, TrainerTests.Data, _folder["long"])).Message);
    }

    [Fact]
    public void A_damaged_checkpoint_is_refused_whichever_byte_has_changed()
    {
        var plan = TrainerTests.Plan with { MaxEpochs = 2 };
        Trainer.Run(plan, TrainerTests.Data, _folder["run"]);
        string path = Path.Combine(_folder["run"], "checkpoint.safetensors");
        byte[] good = File.ReadAllBytes(path);
        for (int length = 0; length < good.Length; length += 7)
            Refused(good[..length]);
        for (int i = 0; i < good.Length; i++)
        {
            byte[] damaged = [.. good];
            damaged[i] ^= (byte)(1 << (i % 8));
            Refused(damaged);
        }

        void Refused(byte[] bytes)
        {
            File.WriteAllBytes(path, bytes);
            Assert.StartsWith(path, Assert.Throws<InputException>(() => Trainer.Run(plan, TrainerTests.Data, _folder["run"])).Message);
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"Epochs\":[null],\"RecordedRows\":0}")]
    [InlineData("{\"Epochs\":[],\"RecordedRows\":-1}")]
    [InlineData("{\"Epochs\":[{\"Epoch\":1},{\"Epoch\":2}],\"CompletedEpochs\":1,\"RecordedRows\":0}")]
    [InlineData("{\"Epochs\":[")]
    public void A_checkpoint_with_another_state_is_refused(string state)
    {
        var plan = TrainerTests.Plan;
        Directory.CreateDirectory(_folder["run"]);
        SafeTensorsWriter.Write(Path.Combine(_folder["run"], "checkpoint.safetensors"), [new("0.weight", [1], new float[1])], new Dictionary<string, string> { ["plan"] = plan.Fingerprint, ["state"] = state });
        Assert.EndsWith("checkpoint.safetensors: state: found something else, expected the state that Talweg wrote; give --overwrite to start afresh, or choose another folder",
            Assert.Throws<InputException>(() => Trainer.Run(plan, TrainerTests.Data, _folder["run"])).Message);
    }

    [Fact]
    public void A_trajectory_that_is_gone_or_cut_or_has_changed_is_refused()
    {
        var plan = TrainerTests.Plan with { MaxEpochs = 2, Recording = Recording.All };
        string path = Trainer.Run(plan, TrainerTests.Data, _folder["run"]).TrajectoryPath!;
        byte[] good = File.ReadAllBytes(path);
        for (int i = 256; i < good.Length; i++)
        {
            byte[] damaged = [.. good];
            damaged[i] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(path, damaged);
            Assert.Equal($"{path}: tensor 'weights': found other numbers than were recorded, expected those that Talweg wrote: the first 28 rows have changed since; give --overwrite to start afresh, or choose another folder",
                Assert.Throws<InputException>(() => Trainer.Run(plan, TrainerTests.Data, _folder["run"])).Message);
        }

        File.WriteAllBytes(path, good[..^4]);
        Assert.Matches("27 whole rows, expected at least the 28 to go on from; give --overwrite to start afresh, or choose another folder$", Assert.Throws<InputException>(() => Trainer.Run(plan, TrainerTests.Data, _folder["run"])).Message);
        File.Delete(path);
        Assert.EndsWith("; give --overwrite to start afresh, or choose another folder", Assert.Throws<InputException>(() => Trainer.Run(plan, TrainerTests.Data, _folder["run"])).Message);
    }

    /// <summary>Starts the run and kills it a little after it has done so many lines more; false if it had ended by then.</summary>
    private bool KillAfter(string kind, int lines, TimeSpan delay)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(ResumeTests).Assembly.Location);
        start.Environment[KilledTraining.Variable] = _folder["killed"];
        start.Environment[KilledTraining.KindVariable] = kind;
        using var process = Process.Start(start)!;
        for (int line = 0; line <= lines && process.StandardOutput.ReadLine() is not null; line++)
        {
        }

        Thread.Sleep(delay);
        process.Kill();
        process.WaitForExit();
        return process.ExitCode != 0;
    }

    private static (TrainingRun Run, byte[] Trajectory) Whole(string kind)
    {
        using var folder = new TemporaryFolder();
        var run = KilledTraining.Run(folder["whole"], kind);
        return (run, File.ReadAllBytes(run.TrajectoryPath!));
    }

    private static void Same(string kind, TrainingRun interrupted)
    {
        var (whole, trajectory) = Uninterrupted.GetOrAdd(kind, kind => new(() => Whole(kind))).Value;
        Assert.Equal(trajectory, File.ReadAllBytes(interrupted.TrajectoryPath!));
        Assert.Equal(whole.Epochs, interrupted.Epochs);
        Assert.Equal(whole.Weights.Tensors, interrupted.Weights.Tensors);
        Assert.Equal((whole.Ending, whole.Verdict, whole.FirstRecordedEpoch), (interrupted.Ending, interrupted.Verdict, interrupted.FirstRecordedEpoch));
    }

    private sealed class CancelAfter(int epochs, CancellationTokenSource source) : IProgress<WorkProgress>
    {
        private int _reports;

        public void Report(WorkProgress value)
        {
            if (++_reports == epochs)
                source.Cancel();
        }
    }

    private sealed class Never : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => Assert.Fail("It trained again.");
    }
}
