namespace Talweg.Reliability.Tests.Fuzzing;

/// <summary>A folder for each thread, in memory where the system has such a place.</summary>
internal sealed class FuzzFolders : IDisposable
{
    private const string InMemory = "/dev/shm";

    private readonly DirectoryInfo _root = Directory.Exists(InMemory)
        ? Directory.CreateDirectory(Path.Combine(InMemory, $"talweg-fuzz-{Guid.NewGuid():N}"))
        : Directory.CreateTempSubdirectory("talweg-fuzz-");

    private int _made;

    public string New(string name) => _root.CreateSubdirectory($"{name}-{Interlocked.Increment(ref _made)}").FullName;

    public void Dispose() => _root.Delete(recursive: true);
}
