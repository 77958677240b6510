using System.Globalization;

namespace Talweg.Studies.Running;

/// <summary>Keeps a second process out of a run folder. The operating system releases it when the process dies, however it dies.</summary>
internal sealed class RunLock : IDisposable
{
    /// <summary>The lock's file; it stays, empty, when nobody holds the lock.</summary>
    public const string FileName = ".lock";

    /// <summary>The file that names the process which holds the lock: the lock itself cannot be read by others.</summary>
    public const string HolderName = ".lock-holder";

    private readonly FileStream _file;
    private readonly string _holder;

    private RunLock(FileStream file, string holder) => (_file, _holder) = (file, holder);

    /// <summary>Takes the lock of <paramref name="folder"/>.</summary>
    /// <exception cref="InputException">Another process holds it.</exception>
    public static RunLock Take(string folder)
    {
        string holder = Path.Combine(folder, HolderName);
        try
        {
            var file = new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new(file, holder);
        }
        catch (IOException error) when (error is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            throw new InputException($"{folder}: {Holder(holder)} is running in this folder; wait for it, stop it, or choose another --out.", error);
        }
    }

    public void Dispose()
    {
        File.Delete(_holder);
        _file.Dispose();
    }

    private static string Holder(string path)
    {
        try
        {
            return $"process {File.ReadAllText(path)}";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
