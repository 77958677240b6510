namespace Talweg.Studies.Running;

/// <summary>The weights that a cell recorded and kept for its measurement, some hundred megabytes, which nothing needs once it has ended.</summary>
internal static class CellWeights
{
    /// <summary>Deletes the trajectory and the subfolders of a cell's folder, and the checkpoint that counts on them.</summary>
    public static void Discard(string folder)
    {
        string trajectory = Path.Combine(folder, "trajectory.safetensors");
        string[] subfolders = Directory.GetDirectories(folder);
        if (!File.Exists(trajectory) && subfolders.Length == 0)
            return;

        // First the checkpoint: a training that resumed from it would look for the rows that it recorded.
        File.Delete(Path.Combine(folder, "checkpoint.safetensors"));
        File.Delete(trajectory);
        foreach (string subfolder in subfolders)
            Delete(subfolder);
    }

    /// <summary>Deletes a folder; of a link to one, the link.</summary>
    private static void Delete(string folder)
    {
        if (new DirectoryInfo(folder).LinkTarget is null)
            Directory.Delete(folder, recursive: true);
        else
            File.Delete(folder);
    }
}
