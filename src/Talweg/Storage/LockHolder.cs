using System.Globalization;
using System.Text;

namespace Talweg.Storage;

/// <summary>The file that names the process which holds a folder's lock: the lock itself cannot be read by others everywhere.</summary>
/// <remarks>Only who holds the lock writes it. What is there and does not look like it, a link among it, is somebody's and stays; then the process has no name.</remarks>
internal sealed class LockHolder(string folder)
{
    public const string FileName = ".lock-holder";

    private const int MostDigits = 10;

    private readonly string _path = Path.Combine(folder, FileName);
    private bool _isOurs;

    /// <summary>The process in words.</summary>
    public string Name => Read() is { } process ? $"process {process}" : "another process";

    /// <summary>Whether the file still names this process, where it did: not, if the folder was deleted, or deleted and made anew.</summary>
    public bool IsStill => _isOurs ? Read() == Environment.ProcessId : Directory.Exists(folder);

    /// <summary>Names this process.</summary>
    public void Write()
    {
        if (Read() is not null)
            File.Delete(_path);     // a dead process left it
        else if (FileKinds.OfEntry(_path) != FileKind.None)
            return;
        using var file = new FileStream(_path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        _isOurs = true;
        file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>Takes the name away.</summary>
    public void Remove()
    {
        if (_isOurs && Read() == Environment.ProcessId)
            File.Delete(_path);
    }

    /// <summary>The process that is named there; null where there is no such file, or something else.</summary>
    private int? Read()
    {
        try
        {
            return FileKinds.OfEntry(_path) == FileKind.Regular && new FileInfo(_path).Length is > 0 and <= MostDigits
                && int.TryParse(File.ReadAllText(_path), NumberStyles.None, CultureInfo.InvariantCulture, out int process) ? process : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
