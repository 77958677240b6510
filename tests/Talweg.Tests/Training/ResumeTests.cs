using System.Diagnostics;
using Talweg.Statistics;
using Talweg.Storage;
using Talweg.Tests.Storage;
using Talweg.Training;

namespace Talweg.Tests.Training;

/// <summary>A run that was interrupted, in whatever way, ends with the bits of one that was not.</summary>
public sealed class ResumeTests : IDisposable
{
    private static readonly Lazy<(TrainingRun Run, byte[] Trajectory)> Whole = new(() =>
    {
        using var folder = new TemporaryFolder();
        var run = KilledTraining.Run(folder["whole"]);
        return (run, File.ReadAllBytes(run.TrajectoryPath!));
    });

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Killed_runs_go_on_as_if_nothing_had_been()
    {
        var random = new RandomStream(4, "kills");   // when within an epoch a kill comes, the machine decides
        int kills = 0;
        for (int i = 0; i < 6; i++)
            kills += KillAfter(random.Next(KilledTraining.Plan.MaxEpochs / 3), TimeSpan.FromMilliseconds(20 * random.NextDouble())) ? 1 : 0;
        Assert.True(kills >= 2, $"only {kills} of 6 runs could be killed");
        Same(KilledTraining.Run(_folder["killed"]));
    }

    [Fact]
    public void Cancelled_runs_go_on_as_if_nothing_had_been()
    {
        var random = new RandomStream(4, "cancellations");
        int cancelled = 0;
        TrainingRun? run = null;
        while (run is null)
        {
            using var source = new CancellationTokenSource();
            try
            {
                run = KilledTraining.Run(_folder["killed"], new(1, new CancelAfter(1 + random.Next(40), source), source.Token));
            }
            catch (OperationCanceledException)
            {
                cancelled++;
            }
        }

        Assert.True(cancelled > 3);
        Same(run);
    }

    [Fact]
    public void A_finished_run_is_read_again_without_training()
    {
        var plan = TrainerTests.Plan;
        var once = Trainer.Run(plan, TrainerTests.Data, _folder["run"]);
        var again = Trainer.Run(plan, TrainerTests.Data, _folder["run"], new(1, new Never()));
        Assert.Equal((once.Ending, once.Verdict, once.FirstRecordedEpoch), (again.Ending, again.Verdict, again.FirstRecordedEpoch));
        Assert.Equal(once.Epochs, again.Epochs);
        Assert.Equal(once.Weights.Matrices, again.Weights.Matrices);
    }

    [Fact]
    public void Another_plan_in_the_same_folder_is_refused()
    {
        var plan = TrainerTests.Plan with { MaxEpochs = 2 };
        Trainer.Run(plan, TrainerTests.Data, _folder["run"]);
        foreach (var other in new[] { plan with { LearningRate = 0.11 }, plan with { Seed = 2 }, plan with { Network = new([6, 8, 3], bias: true) }, plan with { Data = "digits" }, plan with { MaxEpochs = 3 }, plan with { RecordedLayers = [1, 2] } })
        {
            var error = Assert.Throws<InputException>(() => Trainer.Run(other, TrainerTests.Data, _folder["run"]));
            Assert.StartsWith($"{Path.Combine(_folder["run"], "checkpoint.safetensors")}: plan: found {plan.Fingerprint}, expected {other.Fingerprint}; use another folder, or delete this one", error.Message);
        }
    }

    [Fact]
    public void A_damaged_checkpoint_is_refused_or_harmless()
    {
        var plan = TrainerTests.Plan with { MaxEpochs = 2 };
        Trainer.Run(plan, TrainerTests.Data, _folder["run"]);
        string path = Path.Combine(_folder["run"], "checkpoint.safetensors");
        byte[] good = File.ReadAllBytes(path);
        int header = (int)BitConverter.ToInt64(good);
        for (int length = 0; length < good.Length; length += 7)
            Refused(good[..length]);
        var random = new RandomStream(1, "damage");
        int refused = 0;
        for (int i = 0; i < 200; i++)
        {
            byte[] damaged = [.. good];
            damaged[random.Next(8 + header)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, damaged);
            try
            {
                Trainer.Run(plan, TrainerTests.Data, _folder["run"]);      // a digit of a loss, say
            }
            catch (InputException)
            {
                refused++;
            }
        }

        Assert.True(refused > 100);

        void Refused(byte[] bytes)
        {
            File.WriteAllBytes(path, bytes);
            Assert.Throws<InputException>(() => Trainer.Run(plan, TrainerTests.Data, _folder["run"]));
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"Epochs\":[null],\"RecordedRows\":0}")]
    [InlineData("{\"Epochs\":[],\"RecordedRows\":-1}")]
    [InlineData("{\"Epochs\":[")]
    public void A_checkpoint_with_another_state_is_refused(string state)
    {
        var plan = TrainerTests.Plan;
        Directory.CreateDirectory(_folder["run"]);
        SafeTensorsWriter.Write(Path.Combine(_folder["run"], "checkpoint.safetensors"), [new("0.weight", [1], new float[1])], new Dictionary<string, string> { ["plan"] = plan.Fingerprint, ["state"] = state });
        Assert.EndsWith("checkpoint.safetensors: state: found something else, expected the state that Talweg wrote; delete the file to start afresh",
            Assert.Throws<InputException>(() => Trainer.Run(plan, TrainerTests.Data, _folder["run"])).Message);
    }

    [Fact]
    public void A_trajectory_that_is_gone_or_cut_is_refused()
    {
        var plan = TrainerTests.Plan with { MaxEpochs = 2, Recording = Recording.All };
        string path = Trainer.Run(plan, TrainerTests.Data, _folder["run"]).TrajectoryPath!;
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^4]);
        Assert.Contains("whole rows, expected at least the", Assert.Throws<InputException>(() => Trainer.Run(plan, TrainerTests.Data, _folder["run"])).Message);
        File.Delete(path);
        Assert.Throws<InputException>(() => Trainer.Run(plan, TrainerTests.Data, _folder["run"]));
    }

    /// <summary>Starts the run and kills it a little after it has done so many epochs more; false if it had ended by then.</summary>
    private bool KillAfter(int epochs, TimeSpan delay)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(ResumeTests).Assembly.Location);
        start.Environment[KilledTraining.Variable] = _folder["killed"];
        using var process = Process.Start(start)!;
        for (int line = 0; line <= epochs && process.StandardOutput.ReadLine() is not null; line++)
        {
        }

        Thread.Sleep(delay);
        process.Kill();
        process.WaitForExit();
        return process.ExitCode != 0;
    }

    private static void Same(TrainingRun interrupted)
    {
        var (whole, trajectory) = Whole.Value;
        Assert.Equal(trajectory, File.ReadAllBytes(interrupted.TrajectoryPath!));
        Assert.Equal(whole.Epochs, interrupted.Epochs);
        Assert.Equal(whole.Weights.Matrices, interrupted.Weights.Matrices);
        Assert.Equal(whole.Weights.Biases, interrupted.Weights.Biases);
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
