using Talweg.Storage;

namespace Talweg.Studies.Running;

/// <summary>What trainings keep in a cell's folder, some hundred megabytes: recorded and kept weights, checkpoints, locks. Anything else there stays.</summary>
/// <param name="run">The run's folder.</param>
/// <param name="cell">The cell's in it.</param>
internal sealed class CellWeights(OwnFolder run, string cell)
{
    private const string Checkpoint = "checkpoint.safetensors", Trajectory = "trajectory.safetensors";

    private static EnumerationOptions WithoutLinks => new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>Deletes what nothing needs once the cell has ended: the trajectory, what is in subfolders, and the checkpoint that counts on them.</summary>
    public void Discard()
    {
        string folder = run.PathOf(cell);
        string[] subfolders = Directory.GetDirectories(folder);
        if (!File.Exists(Path.Combine(folder, Trajectory)) && subfolders.Length == 0)
            return;

        // First the checkpoint: a training that resumed from it would look for the rows that it recorded.
        run.Remove($"{cell}/{Checkpoint}");
        foreach (string link in subfolders.Where(subfolder => new DirectoryInfo(subfolder).LinkTarget is not null))
            File.Delete(link);
        Remove();
    }

    /// <summary>Deletes all of it, and the subfolders that are then empty.</summary>
    public void Remove()
    {
        string folder = run.PathOf(cell);
        if (!Directory.Exists(folder))
            return;
        foreach (string name in Directory.GetFiles(folder, "*", WithoutLinks).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Where(IsOfTraining))
            run.Remove($"{cell}/{name}");
        foreach (string subfolder in Directory.GetDirectories(folder, "*", WithoutLinks).OrderByDescending(name => name.Length))
        {
            if (!Directory.EnumerateFileSystemEntries(subfolder).Any())
                Directory.Delete(subfolder);
        }
    }

    private static bool IsOfTraining(string name)
    {
        string file = Path.GetFileName(name);
        if (name is Checkpoint or Trajectory || FolderLock.Owns(file) || AtomicFile.Owns(file))
            return true;
        return name.Contains('/', StringComparison.Ordinal) && Path.GetExtension(file) is ".safetensors" or ".json";
    }
}
