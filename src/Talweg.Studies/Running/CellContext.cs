namespace Talweg.Studies.Running;

/// <summary>What a cell is given besides its own parameters.</summary>
public sealed record CellContext
{
    /// <summary>The cell's own folder, for its results and checkpoints; what an interrupted run left is still there.</summary>
    public required string Folder { get; init; }

    /// <summary>How many threads the cell may use. Each cell runs on its own thread.</summary>
    public required int Threads { get; init; }

    /// <summary>The user's data directory; null for the default.</summary>
    public string? DataRoot { get; init; }

    /// <summary>Where the cell reports how far it is; may be called from any thread.</summary>
    public required IProgress<WorkProgress> Progress { get; init; }

    /// <summary>Cancelled when the user stops the run: finish the write in hand, then throw.</summary>
    public required CancellationToken Cancellation { get; init; }

    /// <summary>The path of a file in the cell's folder.</summary>
    public string File(string name) => Path.Combine(Folder, name);

    /// <summary>Deletes the recorded and the kept weights of a training run in the folder, some hundred megabytes, once nothing needs them any more.</summary>
    internal void DiscardWeights()
    {
        System.IO.File.Delete(File("trajectory.safetensors"));
        string snapshots = File("snapshots");
        if (Directory.Exists(snapshots))
            Directory.Delete(snapshots, recursive: true);
    }
}
