using System.Buffers.Binary;

namespace Talweg.Data;

/// <summary>What .NET's <see cref="System.IO.Compression.GZipStream"/> leaves to its caller.</summary>
internal static class Gzip
{
    /// <summary>Whether <paramref name="file"/> starts as gzip files do; leaves its position at the start.</summary>
    public static bool Starts(Stream file)
    {
        Span<byte> first = stackalloc byte[2];
        int got = file.ReadAtLeast(first, 2, throwOnEndOfStream: false);
        file.Position = 0;
        return got == 2 && first is [0x1F, 0x8B];
    }

    /// <summary>Refuses a file that ends before its trailer does, which unpacks without complaint but unchecked.</summary>
    /// <param name="file">The packed file.</param>
    /// <param name="unpacked">Bytes that it gave.</param>
    /// <param name="source">What messages call it.</param>
    public static void RequireWhole(Stream file, long unpacked, string source)
    {
        Span<byte> stated = stackalloc byte[4];                // the last field: the unpacked length modulo 2³²
        file.Position = Math.Max(0, file.Length - 4);
        file.ReadExactly(stated);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(stated);
        if (length != (uint)unpacked)
            throw new InputException(source, "packed data", $"a gzip trailer that states {length} bytes", $"{unpacked}, as many as were unpacked; the file is cut or has bytes after its end");
    }
}
