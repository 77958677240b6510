using System.Security.Cryptography;
using System.Text;

namespace Talweg.Storage;

/// <summary>A checksum in a safetensors file's metadata, over all bytes of the file but its own digits, which count as zeros.</summary>
/// <remarks>Other programs see one more entry of <c>__metadata__</c>. It guards against damage, not against forgery.</remarks>
internal static class SafeTensorsSeal
{
    /// <summary>The entry's key.</summary>
    public const string Key = "talweg-sha256";

    private const int Digits = 2 * SHA256.HashSizeInBytes;

    /// <summary>What stands in place of the checksum while it is taken.</summary>
    public static readonly string Blank = new('0', Digits);

    private static ReadOnlySpan<byte> Before => "\"talweg-sha256\":\""u8;   // a quote inside of a text would be escaped

    /// <summary>Where in a header the digits are; -1 where there are none.</summary>
    public static int Place(ReadOnlySpan<byte> header)
    {
        int place = header.IndexOf(Before);
        return place < 0 || header.Length < place + Before.Length + Digits ? -1 : place + Before.Length;
    }

    /// <summary>Writes a header, with blank digits, and what follows, and then the digits.</summary>
    public static void Write(Stream stream, byte[] header, Action<Stream> rest)
    {
        using var hash = SHA256.Create();
        long start = stream.Position;
        using (var hashing = new CryptoStream(stream, hash, CryptoStreamMode.Write, leaveOpen: true))
        {
            hashing.Write(header);
            rest(hashing);
        }
        stream.Position = start + Place(header);
        stream.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.Hash!)));
        stream.Position = stream.Length;
    }

    /// <exception cref="InputException">The file has no checksum, or it is not that of its bytes.</exception>
    public static void Require(InputFile file, long dataStart)
    {
        byte[] header = new byte[dataStart];
        file.Read(0, header);
        int place = Place(header);
        if (place < 0)
            throw new InputException(file.Path, $"metadata '{Key}'", "none", "the checksum with which this version of Talweg writes it");
        string found = Encoding.ASCII.GetString(header, place, Digits);
        header.AsSpan(place, Digits).Fill((byte)'0');
        if (found != Checksum(header, file))
            throw new InputException(file.Path, $"metadata '{Key}'", "a checksum of other bytes", "an undamaged file: it has changed since Talweg wrote it");
    }

    private static string Checksum(byte[] header, InputFile file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        byte[] block = new byte[1 << 18];
        for (long at = header.Length; at < file.Length; at += block.Length)
        {
            var part = block.AsSpan(0, (int)Math.Min(block.Length, file.Length - at));
            file.Read(at, part);
            hash.AppendData(part);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
