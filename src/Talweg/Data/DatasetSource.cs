using Talweg.Storage;

namespace Talweg.Data;

/// <summary>Where a data set was read from: what commands say of it, and records keep.</summary>
/// <param name="Files">The files with their whole paths; for a folder of pictures the folder. Empty for data that Talweg draws or a program makes.</param>
public sealed record DatasetSource(IReadOnlyList<string> Files)
{
    private const int Shown = 8;

    /// <summary>Files of the folder that were not read, because operating systems and people leave such there: "Thumbs.db". Relative paths.</summary>
    public IReadOnlyList<string> PassedOver { get; init; } = [];

    /// <summary>What there is to know of this copy; null where nothing is.</summary>
    public string? Remark { get; init; }

    /// <summary>On one line: "/data/mnist: train-images-idx3-ubyte.gz, …; passed over: readme.txt".</summary>
    public override string ToString()
    {
        string[] parts = [.. Where(), .. Remark is null ? (string[])[] : [Remark], .. PassedOver.Count == 0 ? (string[])[] : [$"passed over: {Some(PassedOver)}"]];
        return parts.Length == 0 ? "made by a program" : string.Join("; ", parts);
    }

    /// <summary>This and another, of which a program takes both.</summary>
    public DatasetSource And(DatasetSource other)
    {
        ArgumentNullException.ThrowIfNull(other);
        string[] remarks = [.. ((string?[])[Remark, other.Remark]).OfType<string>()];
        return new([.. Files, .. other.Files]) { PassedOver = [.. PassedOver, .. other.PassedOver], Remark = remarks.Length == 0 ? null : string.Join("; ", remarks) };
    }

    private IEnumerable<string> Where() => Files.Count switch
    {
        0 => [],
        1 => [Quoted.Whole(Files[0])],
        _ => Files.GroupBy(Path.GetDirectoryName).Select(folder => $"{Quoted.Whole(folder.Key ?? "")}: {Some([.. folder.Select(path => Path.GetFileName(path))])}"),
    };

    private static string Some(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(Shown).Select(Quoted.Whole)) + (names.Count > Shown ? $" and {names.Count - Shown} more" : "");
}
