using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Talweg.Storage;

/// <summary>A checksum over a whole Parquet file, looked at before a parser sees the file.</summary>
/// <remarks>
/// Parquet itself would not notice a changed number. So our tables
/// carry, between data and footer where every Parquet reader passes over them, eight bytes of mark and the SHA-256 of all
/// bytes but the hash itself. It guards against damage, not against forgery.
/// </remarks>
internal static class TableSeal
{
    private const int FooterEndBytes = 8;   // the footer's length, then "PAR1"

    private static ReadOnlySpan<byte> Mark => "TALWEG#\n"u8;

    private static int Bytes => Mark.Length + SHA256.HashSizeInBytes;

    /// <summary>Leaves room for the seal at the stream's present place: after the data, before the footer.</summary>
    public static void Reserve(Stream stream)
    {
        stream.Write(Mark);
        stream.Write(new byte[SHA256.HashSizeInBytes]);
    }

    /// <summary>Fills in the seal of a file that is complete.</summary>
    public static void Fill(Stream stream, long place)
    {
        byte[] hash = Hash(stream, place);
        stream.Position = place + Mark.Length;
        stream.Write(hash);
    }

    /// <exception cref="InputException">The file is not Parquet, not written by Talweg, or damaged.</exception>
    public static void Require(string path, Stream stream)
    {
        long place = Place(path, stream);
        byte[] seal = Read(stream, place, Bytes);
        if (!seal.AsSpan().StartsWith(Mark))
            throw new InputException(path, "seal", "none before the footer", "a table that Talweg wrote, unchanged");
        if (!Hash(stream, place).AsSpan().SequenceEqual(seal.AsSpan(Mark.Length)))
            throw new InputException(path, "seal", "a checksum of other bytes", "an undamaged file: it has changed since Talweg wrote it");
        stream.Position = 0;
    }

    private static long Place(string path, Stream stream)
    {
        long rest = stream.Length - FooterEndBytes;
        byte[] end = rest < 0 ? [] : Read(stream, rest, FooterEndBytes);
        if (!end.AsSpan().EndsWith("PAR1"u8))
            throw new InputException(path, "format", $"{stream.Length} bytes that do not end in 'PAR1'", "a Parquet file; is it complete?");
        long place = rest - BinaryPrimitives.ReadUInt32LittleEndian(end) - Bytes;
        return place >= 0 ? place : throw new InputException(path, "footer", "a length beyond the file's", "a table that Talweg wrote");
    }

    private static byte[] Hash(Stream stream, long place)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, stream, 0, place + Mark.Length);
        Append(hash, stream, place + Bytes, stream.Length);
        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, Stream stream, long from, long to)
    {
        byte[] block = new byte[1 << 16];
        stream.Position = from;
        while (from < to)
        {
            int count = (int)Math.Min(block.Length, to - from);
            stream.ReadExactly(block, 0, count);
            hash.AppendData(block, 0, count);
            from += count;
        }
    }

    private static byte[] Read(Stream stream, long place, int count)
    {
        byte[] bytes = new byte[count];
        stream.Position = place;
        stream.ReadExactly(bytes);
        return bytes;
    }
}
