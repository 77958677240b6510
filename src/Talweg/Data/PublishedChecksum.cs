using System.Security.Cryptography;

namespace Talweg.Data;

/// <summary>How files on disk compare with published checksums.</summary>
public enum ChecksumVerdict
{
    /// <summary>The bytes are the published ones.</summary>
    Matches,

    /// <summary>They are not; this is no error, for files may be copies on purpose.</summary>
    Differs,

    /// <summary>No published checksum covers files of this form.</summary>
    Unknown,
}

/// <summary>Compares a file with the checksum published for it.</summary>
internal static class PublishedChecksum
{
    /// <summary>Compares <paramref name="path"/>, plain or packed; <paramref name="largest"/> bounds the bytes unpacked.</summary>
    /// <exception cref="InputException">The packed data is damaged or larger than <paramref name="largest"/>.</exception>
    public static ChecksumVerdict Compare(string path, PublishedFile published, long largest = int.MaxValue)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        bool packed = Gzip.Starts(file);
        if (published.Covers == ChecksumCovers.PackedFile)
            return packed ? Verdict(HashOf(file, largest, path), published) : ChecksumVerdict.Unknown;
        if (!packed)
            return Verdict(HashOf(file, largest, path), published);
        using var content = new GzipStreamOfMembers(file, path);
        return Verdict(HashOf(content, largest, path), published);
    }

    private static ChecksumVerdict Verdict(string md5, PublishedFile published) =>
        md5 == published.Md5 ? ChecksumVerdict.Matches : ChecksumVerdict.Differs;

    private static string HashOf(Stream content, long largest, string source)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        byte[] block = new byte[1 << 16];
        long total = 0;
        try
        {
            for (int got; (got = content.Read(block)) > 0; hash.AppendData(block, 0, got))
                if ((total += got) > largest)
                    throw new InputException(source, "unpacked data", $"more than {largest} bytes", "less");
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{source}: packed data: found damage ({e.Message}), expected an intact gzip file", e);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
