using System.Runtime.InteropServices;
using SkiaSharp;

namespace Talweg.Data;

/// <summary>Decodes one PNG or JPEG picture into bytes, one whole image a channel. Files are not trusted.</summary>
/// <remarks>
/// Values are taken as they are stored: colour profiles, gamma and the camera's orientation are not applied, as is usual for training data; 16
/// bits become 8. Grey of a colour picture is 0.299 R + 0.587 G + 0.114 B, in integers of 16 bits' fraction, so that grey stays exactly itself.
/// Of a JPEG in four inks, stored inverted as everybody does, red is (255 − cyan) · (255 − black) / 255, and so on: as Pillow converts.
/// </remarks>
internal static class PictureDecoder
{
    /// <summary>Bytes that a picture's file may have.</summary>
    public const long LongestFile = 64L << 20;

    /// <param name="file">The whole file.</param>
    /// <param name="header">What <see cref="PictureHeader.Read"/> said of it.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="size">Rows and columns to resize to; null to leave them.</param>
    /// <param name="pixels">[channels, rows, columns]; overwritten.</param>
    /// <exception cref="InputException">It is damaged, cut short or transparent.</exception>
    public static void Decode(NamedBytes file, PictureHeader header, int channels, int? size, Span<byte> pixels)
    {
        byte[] rgba = Rgba(file, header);
        int plane = header.Rows * header.Columns;
        byte[] values = new byte[channels * plane];
        for (int i = 0; i < plane; i++)
        {
            var (red, green, blue, alpha) = (rgba[4 * i], rgba[4 * i + 1], rgba[4 * i + 2], rgba[4 * i + 3]);
            if (alpha < byte.MaxValue)
                throw new InputException(file.Source, "transparency", $"a pixel of opacity {alpha} in row {i / header.Columns}, column {i % header.Columns}", "an opaque picture: what shines through is not known");
            if (channels == 1)
                values[i] = Grey(red, green, blue);
            else
                (values[i], values[plane + i], values[2 * plane + i]) = (red, green, blue);
        }

        if (size is not { } side || (header.Rows, header.Columns) == (side, side))
        {
            values.CopyTo(pixels);
            return;
        }
        for (int channel = 0; channel < channels; channel++)
            TriangleFilter.Resize(values.AsSpan(channel * plane, plane), header.Rows, header.Columns, pixels.Slice(channel * side * side, side * side), side, side);
    }

    private static byte Grey(int red, int green, int blue) => (byte)((19595 * red + 38470 * green + 7471 * blue + (1 << 15)) >> 16);

    private static byte[] Rgba(NamedBytes file, PictureHeader header)
    {
        using var data = SKData.CreateCopy(file.Bytes);
        using var codec = SKCodec.Create(data) ?? throw Damaged(file, SKCodecResult.InvalidInput);
        if ((codec.Info.Height, codec.Info.Width) != (header.Rows, header.Columns))
            throw new InputException(file.Source, "size", $"{codec.Info.Height} × {codec.Info.Width} while decoding", $"{header.Rows} × {header.Columns}, as its header says");
        byte[] rgba = new byte[4 * header.Rows * header.Columns];
        var pinned = GCHandle.Alloc(rgba, GCHandleType.Pinned);
        try
        {
            var info = new SKImageInfo(header.Columns, header.Rows, SKColorType.Rgba8888, SKAlphaType.Unpremul);
            var result = codec.GetPixels(info, pinned.AddrOfPinnedObject());
            return result == SKCodecResult.Success ? rgba : throw Damaged(file, result);
        }
        finally
        {
            pinned.Free();
        }
    }

    private static InputException Damaged(NamedBytes file, SKCodecResult result) => result == SKCodecResult.IncompleteInput
        ? new(file.Source, "data", $"the end of the file after {file.Bytes.Length} bytes", "a whole picture; the file is cut short")
        : new(file.Source, "data", $"damage ({result})", "an intact PNG or JPEG picture");
}
