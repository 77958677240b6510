using System.Security.Cryptography;
using Talweg.Storage;

namespace Talweg.Studies.Running;

/// <summary>A cell's folder in a run, whose files are known by their checksums once the cell has ended.</summary>
internal sealed class CellFolder(OwnFolder run, MadeFiles made, string address)
{
    private const long LongestResult = 1L << 30;

    private string Name => $"cells/{address}";

    /// <summary>The folder's path, whether it is there or not.</summary>
    public string Path => run.PathOf(Name);

    /// <summary>Whether it is there.</summary>
    public bool Exists => Directory.Exists(Path);

    /// <summary>Makes the folder if it is not there.</summary>
    public void Make() => run.Folder(Name);

    /// <summary>Notes a name that the cell may write as the run's own.</summary>
    public void Note(string name) => made.Add($"{Name}/{name}");

    /// <summary>How the cell ended, if it did, and all that it found is as it was then.</summary>
    /// <exception cref="InputException">The record or a result is damaged or missing; the message names it.</exception>
    public CellRecord? Read()
    {
        if (!Exists || CellRecord.Read(Path) is not { } record)
            return null;
        foreach (var (name, checksum) in record.Files)
            Require(name, checksum);
        return record;
    }

    /// <summary>The checksums of the cell's results: its files that are no weights.</summary>
    public IReadOnlyDictionary<string, string> Checksums() => made.In(Name)
        .Where(name => name != CellRecord.FileName && !name.EndsWith(".safetensors", StringComparison.Ordinal) && File.Exists(System.IO.Path.Combine(Path, name)))
        .Order(StringComparer.Ordinal)
        .ToDictionary(name => name, name => Checksum(new OwnFolder(Path).File(name)));

    /// <summary>Deletes the recorded and kept weights of a cell that has ended.</summary>
    public void DiscardWeights() => new CellWeights(run, Name).Discard();

    /// <summary>Gives a damaged folder another name, so that the cell can be measured in a new one and nothing is lost.</summary>
    /// <returns>The other name.</returns>
    public string SetAside()
    {
        string path = Path;
        string aside = Enumerable.Range(1, int.MaxValue).Select(i => i == 1 ? $"{path}.damaged" : $"{path}.damaged-{i}").First(name => !System.IO.Path.Exists(name));
        Directory.Move(path, aside);
        return aside;
    }

    private void Require(string name, string checksum)
    {
        string path = new OwnFolder(Path).File(name);
        if (!File.Exists(path))
            throw new InputException(path, "file", "nothing there", "a result that the cell's done.json lists");
        if (new FileInfo(path).Length > LongestResult)
            throw new InputException(path, "file", $"{new FileInfo(path).Length} bytes", $"at most {LongestResult} in a cell's result");
        if (Checksum(path) != checksum)
            throw new InputException(path, "checksum", "one of other bytes", "that in the cell's done.json: the file has changed since Talweg wrote it");
    }

    private static string Checksum(string path)
    {
        using var file = File.OpenRead(path);
        return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(file))}";
    }
}
