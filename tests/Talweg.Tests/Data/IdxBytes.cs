using System.Buffers.Binary;
using System.IO.Compression;

namespace Talweg.Tests.Data;

/// <summary>Builds idx files by hand, independently of the library's writer.</summary>
internal static class IdxBytes
{
    public static byte[] Images(int count, int rows, int columns) =>
        [.. Header(0x0803, (uint)count, (uint)rows, (uint)columns), .. Pixels(count * rows * columns)];

    public static byte[] Labels(int count) => [.. Header(0x0801, (uint)count), .. Enumerable.Range(0, count).Select(i => (byte)(i % 10))];

    public static byte[] Pixels(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 7))];

    public static byte[] Header(params uint[] words)
    {
        byte[] bytes = new byte[4 * words.Length];
        for (int i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 * i), words[i]);
        return bytes;
    }

    public static byte[] Pack(byte[] bytes, CompressionLevel level = CompressionLevel.Fastest)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level, leaveOpen: true))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
