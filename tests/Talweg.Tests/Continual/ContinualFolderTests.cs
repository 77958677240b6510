using System.Text.Json.Nodes;
using Talweg.Continual;
using Talweg.Networks;
using Talweg.Storage;
using Talweg.Tests.Storage;

namespace Talweg.Tests.Continual;

/// <summary>What a sequence of tasks does with the folder that it is given, and with whom it shares it: nobody.</summary>
public sealed class ContinualFolderTests : IDisposable
{
    private static readonly TaskSequence Two = SmallTasks.Of(2);
    private static readonly ContinualPlan Plan = new() { Network = FullyConnected.Parse("fc:6-8-7-6"), Method = new NoMethod(), BatchSize = 10, Epochs = 2, WindowEpochs = 1, PretrainingEpochs = 2 };

    private readonly TemporaryFolder _folder = new();

    private string Here => _folder["run"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("continual.json")]
    [InlineData("weights-after-2.safetensors")]
    [InlineData("task-1/notes.txt")]
    public void Files_of_no_sequence_here_are_not_overwritten(string name)
    {
        Inside(name, "mine");
        Assert.Equal($"{Here}: holds {name.Split('/')[0]}, but no plan.json of a sequence that could go on: it is somebody's, and would be overwritten. Choose another folder, or give --overwrite to start afresh.",
            Assert.Throws<InputException>(() => Run()).Message);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(Here, name)));
        Assert.False(ContinualTrainer.IsSequence(Here));
    }

    [Fact]
    public void Starting_afresh_deletes_what_sequences_write_and_nothing_else()
    {
        Run();
        string[] mine =
        [
            "notes.txt", "task-1/notes.txt", "weights-after-all.safetensors", "earlier/checkpoint.safetensors", "task-one/checkpoint.safetensors", "other/trajectory.safetensors",
        ];
        foreach (string name in mine)
            Inside(name, "mine");
        Inside("weights-after-7.safetensors", "of a longer sequence");
        Inside("task-7/checkpoint.safetensors", "of a longer sequence");
        Inside("all-tasks/checkpoint.safetensors", "of the protocol of hidden layers");
        var afresh = ContinualTrainer.Run(Plan with { Seed = 2 }, Two, Here, new(1), overwrite: true);
        var alone = ContinualTrainer.Run(Plan with { Seed = 2 }, Two, _folder["alone"], new(1));
        Assert.Equal(File.ReadAllBytes(alone.WeightsFiles[1]), File.ReadAllBytes(afresh.WeightsFiles[1]));
        foreach (string name in mine)
            Assert.Equal("mine", File.ReadAllText(Path.Combine(Here, name)));
        Assert.False(File.Exists(Path.Combine(Here, "weights-after-7.safetensors")));
        Assert.False(File.Exists(Path.Combine(Here, "all-tasks", "checkpoint.safetensors")));
        Assert.False(Directory.Exists(Path.Combine(Here, "task-7")));
    }

    [Theory]
    [InlineData("[null]")]
    [InlineData("[[null]]")]
    public void A_result_with_courses_that_are_none_is_refused(string courses)
    {
        Run();
        string path = Path.Combine(Here, "continual.json");
        var run = JsonNode.Parse(SealedJson.Read(path, ""))!.AsObject();
        run.Remove(SealedJson.Key);
        run[run.Single(field => field.Key.Equals("courses", StringComparison.OrdinalIgnoreCase)).Key] = JsonNode.Parse(courses);
        SealedJson.Write(path, run.ToJsonString());
        Assert.Equal($"{path}: found no run that Talweg wrote (tables of other sizes than 2 tasks); expected one, or another folder.", Assert.Throws<InputException>(() => Run()).Message);
    }

    [Theory]
    [InlineData("plan.json")]
    [InlineData("continual.json")]
    public void A_changed_byte_is_found_and_named(string name)
    {
        Run();
        string path = Path.Combine(Here, name);
        byte[] good = File.ReadAllBytes(path);
        for (int i = 0; i < good.Length; i += 3)
        {
            byte[] damaged = [.. good];
            damaged[i] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(path, damaged);
            Assert.StartsWith($"{path}: sha256: found ", Assert.Throws<InputException>(() => Run()).Message);
        }

        File.WriteAllText(path, "{}");
        Assert.StartsWith($"{path}: sha256: found none at its end, expected ", Assert.Throws<InputException>(() => Run()).Message);
        ContinualTrainer.Run(Plan, Two, Here, new(1), overwrite: true);
        Assert.Equal(good.Length, new FileInfo(path).Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_changed_byte_of_a_finished_runs_weights_is_found_and_named(int task)
    {
        Run();
        string path = WeightsAfter(task);
        byte[] good = File.ReadAllBytes(path);
        for (int i = 0; i < good.Length; i += 7)
        {
            byte[] damaged = [.. good];
            damaged[i] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(path, damaged);
            Refused($"{path}: ");
        }

        good[^1] ^= 1;
        File.WriteAllBytes(path, good);
        Refused($"{path}: metadata 'talweg-sha256': found a checksum of other bytes, expected an undamaged file: it has changed since Talweg wrote it");
        ContinualTrainer.Run(Plan, Two, Here, new(1), overwrite: true);
        Run();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Weights_of_a_finished_run_that_are_gone_or_others_are_named(int task)
    {
        Run();
        byte[] good = File.ReadAllBytes(WeightsAfter(task));
        File.Delete(WeightsAfter(task));
        Refused($"{WeightsAfter(task)}: file: found nothing there, expected a file");
        File.Copy(WeightsAfter(3 - task), WeightsAfter(task));
        Refused($"{WeightsAfter(task)}: metadata 'talweg-sha256': found ");
        File.WriteAllBytes(WeightsAfter(task), good);
        Run();
    }

    [Fact]
    public void Weights_of_a_task_before_the_one_in_which_a_run_was_stopped_are_not_replaced_in_silence()
    {
        StopInTaskTwo();
        byte[] good = File.ReadAllBytes(WeightsAfter(1));
        File.WriteAllBytes(WeightsAfter(1), [.. good[..^1], (byte)(good[^1] ^ 1)]);
        Refused($"{WeightsAfter(1)}: metadata 'talweg-sha256': found a checksum of other bytes, expected an undamaged file: it has changed since Talweg wrote it");
        File.Delete(WeightsAfter(1));
        Refused($"{WeightsAfter(1)}: file: found nothing there, expected a file");
        File.WriteAllBytes(WeightsAfter(1), good);
        var alone = ContinualTrainer.Run(Plan, Two, _folder["alone"], new(1));
        Assert.Equal(alone.WeightsChecksums, Run().WeightsChecksums);
    }

    [Theory]
    [InlineData("fc:7-8-7-6", 10, "training plan: network: found fc:7-8-7-6, expected 6 inputs and at least 6 outputs, as the data have")]
    [InlineData("fc:6-8-7-6", 1000, "training plan: batch size: found 1000, expected 1 to ")]
    public void Starting_afresh_deletes_nothing_for_a_plan_that_does_not_fit(string network, int batch, string message)
    {
        Run();
        string[] before = [.. Directory.EnumerateFileSystemEntries(Here).Order()];
        var other = Plan with { Network = FullyConnected.Parse(network), BatchSize = batch };
        Assert.StartsWith(message, Assert.Throws<InputException>(() => ContinualTrainer.Run(other, Two, Here, new(1), overwrite: true)).Message);
        Assert.Equal(before, Directory.EnumerateFileSystemEntries(Here).Order());
        Run();
    }

    [Fact]
    public void While_one_learns_another_is_refused()
    {
        InputException? refused = null;
        ContinualTrainer.Run(Plan, Two, Here, new(1, new Watch(() => refused ??= Assert.Throws<InputException>(() => Run()))));
        Assert.StartsWith($"{Here}: process {Environment.ProcessId} is running in this folder; ", refused!.Message);
    }

    [Fact]
    public void What_a_killed_run_left_is_removed_by_the_next()
    {
        Run();
        Inside(".talweg-0123456789abcdef.tmp", "");
        Inside("task-2/checkpoint.safetensors", "");
        Inside("task-2/snapshots/iteration-000000001.safetensors", "");
        Inside("task-2/snapshots/.talweg-0123456789abcdef.tmp", "");
        Run();
        Assert.Equal([".lock", "continual.json", "plan.json", "weights-after-1.safetensors", "weights-after-2.safetensors"],
            Directory.EnumerateFileSystemEntries(Here).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    /// <summary>The sequence has two tasks.</summary>
    [Fact]
    public void A_training_that_somebody_keeps_beside_the_tasks_stays()
    {
        Run();
        Inside("task-3/checkpoint.safetensors", "mine");
        Inside("task-2/checkpoint.safetensors", "left");
        Run();
        Assert.Equal("mine", File.ReadAllText(Path.Combine(Here, "task-3", "checkpoint.safetensors")));
        Assert.False(Directory.Exists(Path.Combine(Here, "task-2")));
    }

    [Theory]
    [InlineData("plan.json")]
    [InlineData("task-2")]
    public void A_link_out_of_the_folder_is_not_followed(string name)
    {
        Directory.CreateDirectory(Here);
        Directory.CreateDirectory(_folder["others"]);
        Inside("../others/checkpoint.safetensors", "mine");
        File.CreateSymbolicLink(Path.Combine(Here, name), name == "task-2" ? _folder["others"] : _folder["others/checkpoint.safetensors"]);
        Assert.StartsWith($"{Path.Combine(Here, name)}: leads out of {Here}, to ", Assert.Throws<InputException>(() => Run()).Message);
        Assert.StartsWith($"{Path.Combine(Here, name)}: leads out of {Here}, to ", Assert.Throws<InputException>(() => ContinualTrainer.Run(Plan, Two, Here, new(1), overwrite: true)).Message);
        Assert.Equal("mine", File.ReadAllText(_folder["others/checkpoint.safetensors"]));
    }

    private ContinualRun Run() => ContinualTrainer.Run(Plan, Two, Here, new(1));

    private string WeightsAfter(int task) => Path.Combine(Here, $"weights-after-{task}.safetensors");

    private void Refused(string message)
    {
        string told = Assert.Throws<InputException>(() => Run()).Message;
        Assert.StartsWith(message, told);
        Assert.EndsWith("; give --overwrite to start afresh, or choose another folder", told);
    }

    private void StopInTaskTwo()
    {
        using var source = new CancellationTokenSource();
        var watch = new Watch(() =>
        {
            if (File.Exists(Path.Combine(Here, "task-2", "checkpoint.safetensors")))
                source.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => ContinualTrainer.Run(Plan, Two, Here, new(1, watch, source.Token)));
        Assert.False(File.Exists(Path.Combine(Here, "continual.json")));
    }

    private void Inside(string name, string text)
    {
        string path = Path.Combine(Here, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private sealed class Watch(Action report) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => report();
    }
}
