namespace Talweg.Tests.Storage;

/// <summary>A folder of its own for a test, deleted with all in it at the end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("talweg-test-");

    public string this[string name] => Path.Combine(folder.FullName, name);

    public IEnumerable<string> Names => folder.EnumerateFileSystemInfos().Select(file => file.Name).Order();

    /// <summary>Writes a file of these bytes and gives its path.</summary>
    public string Bytes(string name, byte[] contents)
    {
        File.Delete(this[name]);   // some file systems wait for the disk when a file is overwritten
        File.WriteAllBytes(this[name], contents);
        return this[name];
    }

    public void Dispose() => folder.Delete(recursive: true);
}
