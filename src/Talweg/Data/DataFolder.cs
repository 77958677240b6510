using Talweg.Storage;

namespace Talweg.Data;

/// <summary>A folder into which data sets are put.</summary>
internal static class DataFolder
{
    /// <summary>Waits until this process alone may fill <paramref name="folder"/>, which is made if need be; dispose to let go.</summary>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static FolderLock Hold(string folder, CancellationToken cancellation) =>
        FolderLock.Wait(folder, "Set XDG_CACHE_HOME, or put the files into a folder and name it with --data-root.", cancellation);
}
