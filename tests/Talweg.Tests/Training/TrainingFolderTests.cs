using Talweg.Networks;
using Talweg.Storage;
using Talweg.Tests.Storage;
using Talweg.Training;

namespace Talweg.Tests.Training;

/// <summary>What a training does with the folder that it is given, and with whom it shares it: nobody.</summary>
public sealed class TrainingFolderTests : IDisposable
{
    private static readonly TrainingPlan Plan = TrainerTests.Plan with { MaxEpochs = 3, ExtraEpochs = null, Recording = Recording.All, SnapshotEvery = 1 };

    private readonly TemporaryFolder _folder = new();

    private string Here => _folder["run"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("trajectory.safetensors", "trajectory.safetensors")]
    [InlineData("snapshots/epoch-00001.safetensors", "snapshots")]
    public void Files_of_no_run_here_are_not_overwritten(string name, string named)
    {
        Inside(name, "mine");
        Assert.Equal($"{Here}: holds {named}, but no checkpoint.safetensors of a training that could go on: it is somebody's, and would be overwritten. Choose another folder, or give --overwrite to start afresh.",
            Assert.Throws<InputException>(() => Run()).Message);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(Here, name)));
        Assert.False(TrainingFolder.IsTraining(Here));
    }

    [Fact]
    public void A_finished_run_whose_checkpoint_was_removed_is_still_somebodys()
    {
        string path = Run().TrajectoryPath!;
        byte[] trajectory = File.ReadAllBytes(path);
        File.Delete(Path.Combine(Here, "checkpoint.safetensors"));
        Assert.Contains("it is somebody's", Assert.Throws<InputException>(() => Run(Plan with { Seed = 2 })).Message);
        Assert.Equal(trajectory, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_checkpoint_that_is_not_Talwegs_is_left_alone()
    {
        string path = Path.Combine(Here, "checkpoint.safetensors");
        Directory.CreateDirectory(Here);
        SafeTensorsWriter.Write(path, [new("0.weight", [1], new float[1])]);
        byte[] mine = File.ReadAllBytes(path);
        Assert.Equal($"{path}: metadata 'talweg-sha256': found none, expected the checksum with which this version of Talweg writes it; give --overwrite to start afresh, or choose another folder",
            Assert.Throws<InputException>(() => Run()).Message);
        Assert.Equal(mine, File.ReadAllBytes(path));
        SafeTensorsWriter.Write(path, [new("0.weight", [1], new float[1])], new Dictionary<string, string> { ["plan"] = "[1]", ["state"] = "" });
        mine = File.ReadAllBytes(path);
        Assert.Equal($"{path}: plan: found none, expected a checkpoint that Talweg wrote; give --overwrite to start afresh, or choose another folder", Assert.Throws<InputException>(() => Run()).Message);
        Assert.Equal(mine, File.ReadAllBytes(path));
    }

    [Fact]
    public void Clearing_deletes_what_runs_write_and_nothing_else()
    {
        Run(Plan with { SnapshotIterations = [0] });
        foreach (string mine in (string[])["notes.txt", "weights.safetensors", "snapshots/epoch-1.safetensors", "snapshots/.talweg-mine.tmp"])
            Inside(mine, "mine");
        using (var folder = TrainingFolder.Open(Here))
            folder.Clear();
        Assert.Equal([".lock", "notes.txt", "snapshots/.talweg-mine.tmp", "snapshots/epoch-1.safetensors", "weights.safetensors"],
            Directory.EnumerateFiles(Here, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Here, file)).Order(StringComparer.Ordinal));
        Run(Plan with { Seed = 2 });
    }

    [Fact]
    public void A_folder_is_deleted_unless_something_else_is_in_it()
    {
        Run();
        Inside(".lock-holder/notes.txt", "mine");
        TrainingFolder.Delete(Here);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(Here, ".lock-holder", "notes.txt")));
        Directory.Delete(Path.Combine(Here, ".lock-holder"), recursive: true);
        TrainingFolder.Delete(Here);
        Assert.False(Directory.Exists(Here));
    }

    [Fact]
    public void Links_lead_nowhere()
    {
        Directory.CreateDirectory(Here);
        Directory.CreateDirectory(_folder["others"]);
        File.WriteAllText(_folder["others/epoch-00001.safetensors"], "mine");
        File.CreateSymbolicLink(Path.Combine(Here, "snapshots"), _folder["others"]);
        Assert.Contains("leads out of", Assert.Throws<InputException>(() => Run()).Message);
        using (var folder = TrainingFolder.Open(Here))
            folder.Clear();
        File.Delete(Path.Combine(Here, "snapshots"));
        File.WriteAllText(_folder["victim"], "mine");
        File.CreateSymbolicLink(Path.Combine(Here, "trajectory.safetensors"), _folder["victim"]);
        Assert.Contains("leads out of", Assert.Throws<InputException>(() => Run()).Message);
        Assert.Equal(("mine", "mine"), (File.ReadAllText(_folder["victim"]), File.ReadAllText(_folder["others/epoch-00001.safetensors"])));
    }

    [Fact]
    public void While_one_trains_another_is_refused()
    {
        InputException? refused = null;
        var watch = new Watch(_ => refused ??= Assert.Throws<InputException>(() => Run(Plan with { Seed = 2 })));
        var run = Run(Plan, watch);
        Assert.StartsWith($"{Here}: process {Environment.ProcessId} is running in this folder; ", refused!.Message);
        Assert.Equal(Trainer.Run(Plan, TrainerTests.Data, _folder["alone"]).Weights.Tensors, run.Weights.Tensors);
    }

    [Fact]
    public void Once_the_folder_is_gone_no_file_in_it_is_named()
    {
        Run();
        using var folder = TrainingFolder.Open(Here);
        Assert.Equal(Path.Combine(Here, "history.json"), folder.File("history.json"));
        Directory.Delete(Here, recursive: true);
        Assert.Equal($"{Here}: the folder was deleted, moved or unmounted while this process wrote in it; nothing more was written.", Assert.Throws<InputException>(() => folder.File("history.json")).Message);
    }

    [Fact]
    public void A_folder_that_is_deleted_or_anothers_by_now_ends_the_run_with_what_happened()
    {
        var watch = new Watch(_ => Directory.Delete(Here, recursive: true));
        Assert.Equal($"{Here}: the folder was deleted, moved or unmounted while this process wrote in it; nothing more was written.", Assert.Throws<InputException>(() => Run(Plan, watch)).Message);
        Assert.False(Directory.Exists(Here));
        Directory.CreateDirectory(Here);
        watch = new Watch(_ =>
        {
            Directory.Move(Here, _folder["elsewhere"]);
            Inside(".lock-holder", "1");
        });
        Assert.Contains("was deleted, moved or unmounted", Assert.Throws<InputException>(() => Run(Plan, watch)).Message);
        Assert.Equal([".lock-holder"], Directory.EnumerateFileSystemEntries(Here).Select(Path.GetFileName));
    }

    [Fact]
    public void What_a_killed_run_left_unfinished_is_removed()
    {
        Inside(".talweg-0123456789abcdef.tmp", "");
        Inside("snapshots/.talweg-0123456789abcdef.tmp", "");
        Run();
        Assert.DoesNotContain(Directory.EnumerateFiles(Here, "*", SearchOption.AllDirectories), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void A_snapshot_with_a_changed_byte_is_refused()
    {
        Run();
        string path = Snapshots.PathOf(Here, 2);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Equal($"{path}: metadata 'talweg-sha256': found a checksum of other bytes, expected an undamaged file: it has changed since Talweg wrote it",
            Assert.Throws<InputException>(() => Snapshots.Load(Here, 2, (Network)Plan.Network)).Message);
    }

    private TrainingRun Run(TrainingPlan? plan = null, IProgress<WorkProgress>? progress = null) =>
        Trainer.Run(plan ?? Plan, TrainerTests.Data, Here, new WorkOptions(1, progress), TimeSpan.Zero);

    private void Inside(string name, string text)
    {
        string path = Path.Combine(Here, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>Does something at the first report of progress.</summary>
    private sealed class Watch(Action<WorkProgress> first) : IProgress<WorkProgress>
    {
        private bool _done;

        public void Report(WorkProgress value)
        {
            if (_done)
                return;
            _done = true;
            first(value);
        }
    }
}
