using Talweg.Storage;

namespace Talweg.Studies.Running;

/// <summary>A cell that ended, and the folder that holds what it wrote.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="Ending">How it ended.</param>
public sealed record FinishedCell<TCell>(TCell Cell, string Folder, CellEnding Ending)
    where TCell : ICell
{
    /// <summary>The path of a file in the cell's folder.</summary>
    /// <exception cref="InputException">A link there leads out of the folder, there is no regular file, or the folder is gone.</exception>
    public string File(string name) => new OwnFolder(Folder).File(name);
}
