using System.Security.Cryptography;
using System.Text;

namespace Talweg.Storage;

/// <summary>A JSON object in a file whose last property, <c>sha256</c>, is a checksum of all before it: a changed byte is found when the file is read.</summary>
/// <remarks>
/// <c>head -c -68 FILE | sha256sum</c> takes the same checksum: 64 digits, and four bytes that close the object. It guards against damage, not against forgery.
/// </remarks>
public static class SealedJson
{
    /// <summary>The property's name.</summary>
    public const string Key = "sha256";

    /// <summary>Of a run folder that comes from somebody else no file may take memory as it likes; ours have some megabytes at most.</summary>
    private const long LongestFile = 1L << 28;

    private const string Before = $",\n  \"{Key}\": \"";
    private const string After = "\"\n}\n";

    private static int SealBytes => 2 * SHA256.HashSizeInBytes + After.Length;

    /// <summary>Writes an object with its checksum, atomically.</summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="json">An object with a property or more.</param>
    /// <exception cref="ArgumentException">The text does not end as such an object does.</exception>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        string trimmed = json.TrimEnd();
        string open = trimmed.EndsWith('}') ? trimmed[..^1].TrimEnd() : "";
        if (open.Length == 0 || open[^1] == '{')
            throw new ArgumentException("The text is no JSON object with a property.", nameof(json));
        string before = open + Before;
        AtomicFile.WriteAllText(path, before + Checksum(Encoding.UTF8.GetBytes(before)) + After);
    }

    /// <summary>Reads what <see cref="Write"/> wrote: the whole object, its checksum as its last property.</summary>
    /// <param name="path">The file.</param>
    /// <param name="wayOut">What to do if the file is damaged, the end of a sentence: "delete it to start afresh".</param>
    /// <exception cref="InputException">The file is missing, or it is not as it was written.</exception>
    public static byte[] Read(string path, string wayOut)
    {
        using var file = InputFile.Open(path);
        if (file.Length > LongestFile)
            throw new InputException(path, "file", $"{file.Length} bytes", $"at most {LongestFile} in a document of Talweg's; {wayOut}");
        byte[] bytes = new byte[file.Length];
        file.Read(0, bytes);
        if (bytes.Length < SealBytes + Before.Length || !bytes.AsSpan().EndsWith(Encoding.UTF8.GetBytes(After)) || !bytes.AsSpan(0, bytes.Length - SealBytes).EndsWith(Encoding.UTF8.GetBytes(Before)))
            throw new InputException(path, "sha256", "none at its end", $"the checksum with which this version of Talweg writes it: it was cut, changed, or written by something else; {wayOut}");
        if (Encoding.UTF8.GetString(bytes.AsSpan(bytes.Length - SealBytes)[..(2 * SHA256.HashSizeInBytes)]) != Checksum(bytes.AsSpan(0, bytes.Length - SealBytes)))
            throw new InputException(path, "sha256", "a checksum of other bytes", $"an undamaged file: it has changed since Talweg wrote it; {wayOut}");
        return bytes;
    }

    private static string Checksum(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
