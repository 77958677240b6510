using System.Text.RegularExpressions;
using Talweg.Storage;

namespace Talweg.Training;

/// <summary>A folder in which a training run keeps its checkpoint, trajectory and snapshots, held against all others until it is disposed.</summary>
/// <remarks>A run's checkpoint is there before any other of its files, so a folder without one holds nothing of a run that could go on.</remarks>
public sealed partial class TrainingFolder : IDisposable
{
    private const string CheckpointName = "checkpoint.safetensors", TrajectoryName = "trajectory.safetensors", SnapshotsName = "snapshots";

    private readonly FolderLock _held;
    private readonly OwnFolder _own;

    private TrainingFolder(FolderLock held) => (_held, _own) = (held, new(held.Folder));

    /// <summary>The folder, as it was given.</summary>
    public string Path => _held.Folder;

    /// <summary>The file of the trajectory, whether it is there or not.</summary>
    /// <exception cref="InputException">The folder is gone, or a link leads out of it.</exception>
    public string Trajectory => _own.File(TrajectoryName);

    /// <summary>The file of the checkpoint, whether it is there or not.</summary>
    internal string Checkpoint => _own.File(CheckpointName);

    private string SnapshotsFolder => System.IO.Path.Combine(Path, SnapshotsName);

    /// <summary>Takes a folder, which is made if it is missing, and removes the unfinished files of a run that was killed there.</summary>
    /// <exception cref="InputException">Another process or thread holds it, or it cannot be written.</exception>
    public static TrainingFolder Open(string path)
    {
        var folder = new TrainingFolder(FolderLock.Take(path));
        try
        {
            AtomicFile.RemoveLeftovers(path);
            if (folder.HasSnapshots)
                AtomicFile.RemoveLeftovers(folder.SnapshotsFolder);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Whether a folder holds a training run, finished or not.</summary>
    public static bool IsTraining(string path) => System.IO.File.Exists(System.IO.Path.Combine(path, CheckpointName));

    /// <summary>Deletes what a training run keeps in the folder, and nothing else: the next run there starts afresh.</summary>
    public void Clear()
    {
        System.IO.File.Delete(Checkpoint);
        System.IO.File.Delete(Trajectory);
        if (!HasSnapshots)
            return;
        foreach (string file in SnapshotFiles())
            System.IO.File.Delete(file);
        if (!Directory.EnumerateFileSystemEntries(SnapshotsFolder).Any())
            Directory.Delete(SnapshotsFolder);
    }

    /// <summary>Deletes what a training run keeps in a folder, and the folder if nothing else is in it.</summary>
    /// <exception cref="InputException">Another process or thread holds it.</exception>
    public static void Delete(string path)
    {
        using (var folder = Open(path))
            folder.Clear();
        if (Directory.EnumerateFileSystemEntries(path).All(entry => FolderLock.Owns(System.IO.Path.GetFileName(entry)) && FileKinds.OfEntry(entry) == FileKind.Regular))
            Directory.Delete(path, recursive: true);
    }

    /// <summary>The path of a file that is to be written beside the run's own.</summary>
    /// <exception cref="InputException">The folder is gone or another's by now, a link leads out of it, or something else than a regular file is there.</exception>
    public string File(string name)
    {
        RequireHeld();
        return _own.File(name);
    }

    /// <summary>Lets go of the folder.</summary>
    public void Dispose() => _held.Dispose();

    /// <summary>To be asked before a file is written: see <see cref="FolderLock.RequireHeld"/>.</summary>
    internal void RequireHeld() => _held.RequireHeld();

    /// <summary>Where a snapshot of this name is.</summary>
    internal string Snapshot(string name) => _own.Folder(SnapshotsName).File(name);

    /// <exception cref="InputException">There is something where a run would write, though none has begun.</exception>
    internal void RequireFree()
    {
        string? taken = System.IO.File.Exists(Trajectory) ? TrajectoryName : HasSnapshots && SnapshotFiles().Any() ? SnapshotsName : null;
        if (taken is not null)
            throw new InputException($"{Path}: holds {taken}, but no {CheckpointName} of a training that could go on: it is somebody's, and would be overwritten. Choose another folder, or give --overwrite to start afresh.");
    }

    /// <summary>Not where a link leads elsewhere: what is there is not this run's.</summary>
    private bool HasSnapshots => new DirectoryInfo(SnapshotsFolder) is { Exists: true, LinkTarget: null };

    private IEnumerable<string> SnapshotFiles() => Directory.EnumerateFiles(SnapshotsFolder).Where(file => SnapshotName().IsMatch(System.IO.Path.GetFileName(file)));

    [GeneratedRegex(@"^(epoch-\d{5,}|iteration-\d{9,})\.safetensors$")]
    private static partial Regex SnapshotName();
}
