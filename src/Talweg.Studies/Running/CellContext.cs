using Talweg.Storage;

namespace Talweg.Studies.Running;

/// <summary>What a cell is given besides its own parameters.</summary>
public sealed record CellContext
{
    /// <summary>
    /// The cell's own folder; what an interrupted run left is still there. Results are JSON files and tables in it. Recorded weights (<c>trajectory.safetensors</c>),
    /// and weights and JSON files in subfolders, are there for the measurement alone, and deleted once the cell has ended, whichever way.
    /// </summary>
    public required string Folder { get; init; }

    /// <summary>How many threads the cell may use. Each cell runs on its own thread.</summary>
    public required int Threads { get; init; }

    /// <summary>The user's data directory; null for the default.</summary>
    public string? DataRoot { get; init; }

    /// <summary>Where the cell reports how far it is; may be called from any thread.</summary>
    public required IProgress<WorkProgress> Progress { get; init; }

    /// <summary>Cancelled when the user stops the run: finish the write in hand, then throw.</summary>
    public required CancellationToken Cancellation { get; init; }

    /// <summary>Told each name that the cell asks for; null where nobody keeps a list.</summary>
    internal Action<string>? Named { get; init; }

    /// <summary>The path of a file or a subfolder in the cell's folder. Ask anew for each use: the folder may have changed.</summary>
    /// <exception cref="InputException">A link there leads out of the folder, there is no regular file or folder, or the cell's folder is gone.</exception>
    public string File(string name)
    {
        string path = new OwnFolder(Folder).PathOf(name);
        Named?.Invoke(name);
        return path;
    }
}
