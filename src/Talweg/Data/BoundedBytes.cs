namespace Talweg.Data;

/// <summary>A file's bytes and what messages call it: its path, or "archive.tar.gz: entry".</summary>
internal sealed record NamedBytes(string Source, byte[] Bytes);

/// <summary>Reads whole files that are not trusted into memory.</summary>
internal static class BoundedBytes
{
    private const int FirstBlock = 32 << 20;

    /// <summary>All bytes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="longest">Bytes that it may have at most.</param>
    /// <param name="what">What it should be: "a picture".</param>
    /// <exception cref="InputException">It is missing, empty, longer, or cannot be read.</exception>
    public static NamedBytes ReadFile(string path, long longest, string what)
    {
        try
        {
            using var file = Open(path, longest, what);
            return new(path, Read(file, file.Length, path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>Opens a file after a look at its length: 0, as that of pipes and devices, which may keep a reader waiting for ever, is refused.</summary>
    /// <exception cref="InputException">It is missing, empty or longer than <paramref name="longest"/>.</exception>
    public static FileStream Open(string path, long longest, string what)
    {
        var info = new FileInfo(path);
        if (!info.Exists)
            throw new InputException(path, "file", "nothing", what);
        RequireLength(info.Length, longest, path);
        return new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
    }

    /// <summary>Refuses lengths outside 1 … <paramref name="longest"/>.</summary>
    public static void RequireLength(long length, long longest, string source)
    {
        if (length < 1 || length > longest)
            throw new InputException(source, "length", $"{length} bytes", longest == long.MaxValue ? "at least 1" : $"1 to {longest}");
    }

    /// <summary>Exactly <paramref name="length"/> bytes; the memory for more than 32 MiB is taken when so many have arrived, so that a claim alone costs no more.</summary>
    public static byte[] Read(Stream from, long length, string source)
    {
        byte[] bytes = new byte[Math.Min(length, FirstBlock)];
        int filled = 0;
        while (true)
        {
            filled += from.ReadAtLeast(bytes.AsSpan(filled), bytes.Length - filled, throwOnEndOfStream: false);
            if (filled < bytes.Length)
                throw new InputException(source, "data", $"{filled} bytes", $"{length}");
            if (filled == length)
                return bytes;
            Array.Resize(ref bytes, (int)length);
        }
    }

    public static InputException Unreadable(string path, Exception e) => new($"{path}: the file cannot be read: {e.Message}", e);
}
