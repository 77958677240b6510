using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SkiaSharp;
using Talweg.Statistics;

namespace Talweg.Tests.Data;

/// <summary>PNG files written chunk by chunk, and a JPEG that another program wrote.</summary>
internal static class PictureBytes
{
    public const byte Grey = 0, Rgb = 2, Palette = 3, GreyAlpha = 4, Rgba = 6;

    /// <summary>
    /// 8 × 8 in colour, written by Pillow 12 from R = 30 x + y, G = 31 y, B = 255 − 5 x y, with quality 90 and without subsampling.
    /// </summary>
    public static readonly byte[] Jpeg = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQU"
        + "FBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAIAAgDAREAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAABf/EABsQAAEEAwAAAAAAAAAAAAAAABEABggTFCRC/8QAFQEBAQAAAAAAAAAAAAAAAAAABQf/"
        + "xAAdEQAABQUAAAAAAAAAAAAAAAAABgcRExIVIiNh/9oADAMBAAIRAxEAPwAVgRpw69UAcq4n9V7LXsZugxNDlJHkP//Z");

    /// <summary>SHA-256 of its pixels as Pillow decodes them, channel first.</summary>
    public const string JpegPixels = "e7980de111191209d79e42c7ed98325f56ec7fc2feeedd00538f209d652f2a36";

    /// <summary>
    /// 8 × 8 in four inks, written by Pillow 9.4 from C = 30 x, M = 31 y, Y = 255 − 5 x y, K = 4 (x + y), with quality 90 and without subsampling.
    /// </summary>
    public static readonly byte[] InksJpeg = Convert.FromBase64String(
        "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUVFQwPFxgWFBgSFBUU/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAA"
        + "AAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6"
        + "g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwDu/wDgoj/zE/8AgVdj/wAPGv8AqKf+RK+Tf2YP2YP+F0fZP9E8"
        + "/wA3H8OetfoR4l8Sff8Anr//2Q==");

    /// <summary>SHA-256 of its pixels as Pillow converts them to RGB, channel first, and from there to grey.</summary>
    public const string InksJpegPixels = "0bba59d1fcaa9b48d4eb6fc91ce86c74b890bcd5f57f6da62c9a03fe9ed06f21", InksJpegGrey = "ebf0f61fb8b781b8a468b1de4ebcac9175579e0a5be5cc36d9a6ca5dc62ca60c";

    /// <summary>Values of a picture that tests compare with: [channels, rows, columns].</summary>
    public static byte[] Values(int seed, int channels, int rows, int columns) =>
        [.. Enumerable.Range(0, channels * rows * columns).Select(i => (byte)(seed * 31 + i * 7 + i * i / 5))];

    /// <summary>A PNG of values [channels, rows, columns] of 8 bits.</summary>
    public static byte[] Png(byte[] values, int channels, int rows, int columns)
    {
        int plane = rows * columns;
        byte[] interleaved = [.. Enumerable.Range(0, plane).SelectMany(i => Enumerable.Range(0, channels).Select(channel => values[channel * plane + i]))];
        return Png(rows, columns, channels switch { 1 => Grey, 2 => GreyAlpha, 3 => Rgb, _ => Rgba }, 8, interleaved);
    }

    /// <summary>A PNG of the given kind, with other chunks between the header and the pixels.</summary>
    public static byte[] Png(int rows, int columns, byte colourType, byte bits, byte[] scanlines, params (string Type, byte[] Content)[] others)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, columns);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), rows);
        (header[8], header[9]) = (bits, colourType);
        int line = rows > 0 ? scanlines.Length / rows : 0;
        byte[] filtered = [.. Enumerable.Range(0, line > 0 ? rows : 0).SelectMany(row => (byte[])[0, .. scanlines[(row * line)..((row + 1) * line)]])];
        return [0x89, .. "PNG\r\n\u001A\n"u8, .. Chunk("IHDR", header), .. others.SelectMany(other => Chunk(other.Type, other.Content)), .. Chunk("IDAT", Deflated(filtered)), .. Chunk("IEND", [])];
    }

    /// <summary>A baseline JPEG of noise, of many kilobytes.</summary>
    public static byte[] NoiseJpeg(int rows, int columns, int quality)
    {
        using var picture = new SKBitmap(columns, rows, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var random = new RandomStream(1, "picture");
        picture.Pixels = [.. Enumerable.Range(0, rows * columns).Select(_ => new SKColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)))];
        using var file = picture.Encode(SKEncodedImageFormat.Jpeg, quality);
        return file.ToArray();
    }

    private static byte[] Deflated(byte[] bytes)
    {
        using var to = new MemoryStream();
        using (var zlib = new ZLibStream(to, CompressionLevel.Fastest))
            zlib.Write(bytes);
        return to.ToArray();
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. content];
        byte[] length = new byte[4], check = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(check, Crc(body));
        return [.. length, .. body, .. check];
    }

    /// <summary>The CRC of the PNG specification, bit by bit.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
