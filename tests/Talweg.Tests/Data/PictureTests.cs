using System.Buffers.Binary;
using System.Security.Cryptography;
using CsCheck;
using Talweg.Data;

namespace Talweg.Tests.Data;

public sealed class PictureTests
{
    [Theory, InlineData(1), InlineData(3)]
    public void A_PNG_gives_its_values_channel_by_channel(int channels)
    {
        byte[] values = PictureBytes.Values(1, channels, 5, 7);
        byte[] file = PictureBytes.Png(values, channels, 5, 7);
        Assert.Equal(new PictureHeader(5, 7, channels), Header(file));
        Assert.Equal(values, Decode(file, channels));
    }

    [Fact]
    public void A_JPEG_gives_the_bytes_that_another_decoder_gives()
    {
        Assert.Equal(new PictureHeader(8, 8, 3), Header(PictureBytes.Jpeg));
        Assert.Equal(PictureBytes.JpegPixels, Convert.ToHexStringLower(SHA256.HashData(Decode(PictureBytes.Jpeg, 3))));
    }

    [Fact]
    public void A_JPEG_in_four_inks_becomes_colour_as_another_program_converts_it()
    {
        Assert.Equal(new PictureHeader(8, 8, 3), Header(PictureBytes.InksJpeg));
        Assert.Equal(PictureBytes.InksJpegPixels, Convert.ToHexStringLower(SHA256.HashData(Decode(PictureBytes.InksJpeg, 3))));
        Assert.Equal(PictureBytes.InksJpegGrey, Convert.ToHexStringLower(SHA256.HashData(Decode(PictureBytes.InksJpeg, 1))));
    }

    [Fact]
    public void Other_kinds_of_PNG_become_8_bits()
    {
        Assert.Equal([0x12, 0xFE], Decode(PictureBytes.Png(1, 2, PictureBytes.Grey, 16, [0x12, 0x12, 0xFE, 0xFE]), 1));
        Assert.Equal([255, 0, 255, 255, 0, 0, 0, 0], Decode(PictureBytes.Png(1, 8, PictureBytes.Grey, 1, [0b1011_0000]), 1));
        Assert.Equal([9, 1, 8, 2, 7, 3], Decode(PictureBytes.Png(1, 2, PictureBytes.Palette, 8, [1, 0], ("PLTE", [1, 2, 3, 9, 8, 7])), 3));
        Assert.Equal([5, 6], Decode(PictureBytes.Png([5, 6, 255, 255], 2, 1, 2), 1));
        Assert.Equal([5, 5, 5], Decode(PictureBytes.Png([5], 1, 1, 1), 3));
    }

    [Fact]
    public void A_gamma_is_not_applied()
    {
        byte[] gamma = [0, 0, 0xB1, 0x8F], linear = [0, 1, 0x86, 0xA0];
        foreach (byte[] value in (byte[][])[gamma, linear])
            Assert.Equal([10, 100, 200], Decode(PictureBytes.Png(1, 1, PictureBytes.Rgb, 8, [10, 100, 200], ("gAMA", value)), 3));
    }

    [Fact]
    public void Colour_becomes_grey_by_the_weights_of_television_and_grey_stays_itself()
    {
        Assert.Equal([76, 150, 29, 255], Decode(PictureBytes.Png([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255], 3, 2, 2), 1));
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        Assert.Equal(all, Decode(PictureBytes.Png([.. all, .. all, .. all], 3, 16, 16), 1));
    }

    public static TheoryData<string, byte[], string> BadPictures() => new()
    {
        { "empty", [], "format: found nothing, expected a PNG or JPEG picture" },
        { "a GIF", [.. "GIF89a.."u8], "format: found a GIF, expected" },
        { "a BMP", [.. "BM......"u8], "format: found a BMP, expected" },
        { "a WebP", [.. "RIFF....WEBP"u8], "format: found a RIFF file, such as WebP, expected" },
        { "a TIFF", [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0], "format: found a TIFF, expected" },
        { "text", [.. "hello"u8], "format: found bytes 68656C6C6F, expected" },
        { "another first chunk", Changed(Png(), 12, (byte)'X'), "first chunk: found bytes 58484452, expected IHDR" },
        { "no rows", Sized(0, 5), "size: found 0 × 5, expected 1 to 8192 rows and columns" },
        { "too many columns", Sized(5, 8193), "size: found 5 × 8193, expected" },
        { "too many pixels", Sized(8192, 8192), "size: found 8192 × 8192, expected 1 to 8192 rows and columns, 33554432 pixels at most" },
        { "absurd size", Sized(int.MaxValue, int.MaxValue), "size: found 2147483647 × 2147483647, expected" },
        { "colour type", Changed(Png(), 25, 5), "colour type: found 5, expected 0, 2, 3, 4 or 6" },
        { "animated", PictureBytes.Png(1, 1, PictureBytes.Grey, 8, [1], ("acTL", new byte[8])), "format: found an animated PNG, expected one picture" },
        { "transparent", PictureBytes.Png([5, 6, 255, 254], 2, 1, 2), "transparency: found a pixel of opacity 254 in row 0, column 1, expected an opaque picture" },
        { "too little data", PictureBytes.Png(4, 4, PictureBytes.Grey, 8, new byte[12]), "data: found " },
        { "wrong checksum", Changed(Png(), Png().Length - 14, 77), "data: found " },
        { "JPEG lossless", Changed(PictureBytes.Jpeg, Frame + 1, 0xC3), "JPEG process: found SOF3, expected SOF0, SOF1 or SOF2" },
        { "JPEG of 12 bits", Changed(PictureBytes.Jpeg, Frame + 4, 12), "bits a value: found 12, expected 8" },
        { "JPEG with 5 inks", Changed(PictureBytes.Jpeg, Frame + 9, 5), "components: found 5, expected 1, grey, 3, colour, or 4, the inks of a printer" },
        { "JPEG of no height", Changed(PictureBytes.Jpeg, Frame + 6, 0), "size: found 0 × 8, expected" },
        { "JPEG without frame", [0xFF, 0xD8, 0xFF, 0xDA, 0, 8, 0, 0], "header: found none, expected the size of the picture" },
        { "JPEG of rubbish", [0xFF, 0xD8, 0xFF, 0xE0, 0, 3, 1, 7, 7, 7], "header: found byte 0x07, expected a JPEG marker, 0xFF" },
    };

    private static int Frame => PictureBytes.Jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);

    [Theory, MemberData(nameof(BadPictures))]
    public void Bad_pictures_are_refused_by_name_and_field(string what, byte[] bytes, string message)
    {
        string found = Assert.Throws<InputException>(() => Decode(bytes, 3)).Message;
        Assert.True(found.StartsWith("picture: " + message, StringComparison.Ordinal), $"{what}: {found}");
    }

    [Fact]
    public void A_picture_cut_anywhere_is_refused()
    {
        foreach (byte[] whole in (byte[][])[Png(), PictureBytes.Jpeg])
        {
            for (int length = 0; length < whole.Length; length++)
                Assert.Throws<InputException>(() => Decode(whole[..length], 3));
        }

        Assert.Equal($"picture: data: found the end of the file after {PictureBytes.Jpeg.Length - 1} bytes, expected a whole picture; the file is cut short",
            Assert.Throws<InputException>(() => Decode(PictureBytes.Jpeg[..^1], 3)).Message);
        Assert.Equal($"picture: data: found the end of the file after {Png().Length - 1} bytes, expected a whole picture; the file is cut short",
            Assert.Throws<InputException>(() => Decode(Png()[..^1], 3)).Message);
    }

    /// <summary>A decoder might make up what is missing of a large picture, and say nothing of it.</summary>
    [Theory, InlineData(256, 90), InlineData(250, 100), InlineData(256, 20)]
    public void A_large_JPEG_cut_within_its_pixels_is_refused(int side, int quality)
    {
        byte[] whole = PictureBytes.NoiseJpeg(side, side, quality);
        Assert.Equal(3 * side * side, Decode(whole, 3).Length);
        int start = whole.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        foreach (int length in (int[])[start + 14, start + 200, whole.Length / 2, whole.Length * 9 / 10, .. Enumerable.Range(3, 60).Select(missing => whole.Length - missing)])
        {
            Assert.Equal($"picture: data: found the end of the file after {length} bytes, expected a whole picture; the file is cut short",
                Assert.Throws<InputException>(() => Decode(whole[..length], 3)).Message);
        }
    }

    [Fact]
    public void Damaged_pictures_give_an_error_or_as_many_pixels_as_they_state() =>
        Gen.Select(Gen.Bool, Gen.Select(Gen.Int[0, 400], Gen.Byte).List[1, 5], Gen.Int[0, 1000], Gen.Byte.Array[0, 8]).Sample((png, changes, kept, extra) =>
        {
            byte[] bytes = png ? Png() : [.. PictureBytes.Jpeg];
            foreach (var (at, value) in changes)
                bytes[at % bytes.Length] = value;
            if (kept < bytes.Length)
                bytes = [.. bytes[..kept], .. extra];
            return ReadsOrRefuses(bytes);
        }, iter: 4000);

    [Fact]
    public void Any_noise_is_refused() =>
        Gen.Byte.Array[0, 60].Sample(noise =>
        {
            Assert.Throws<InputException>(() => Header(noise));
            Assert.Throws<InputException>(() => Header([0xFF, 0xD8, 0xFF, .. noise]));
        }, iter: 500);

    private static byte[] Png() => PictureBytes.Png(PictureBytes.Values(3, 3, 6, 5), 3, 6, 5);

    private static byte[] Sized(int rows, int columns)
    {
        byte[] file = Png();
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), columns);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), rows);
        return file;
    }

    private static byte[] Changed(byte[] file, int at, byte value)
    {
        byte[] changed = [.. file];
        changed[at] = value;
        return changed;
    }

    private static bool ReadsOrRefuses(byte[] bytes)
    {
        try
        {
            var header = Header(bytes);
            if ((long)header.Rows * header.Columns > 1 << 20)
                return true;                                                                   // allowed, and slow in 4,000 runs
            return Decode(bytes, 3).Length == 3 * header.Rows * header.Columns;
        }
        catch (InputException)
        {
            return true;
        }
    }

    private static PictureHeader Header(byte[] file) => PictureHeader.Read(new MemoryStream(file), "picture");

    private static byte[] Decode(byte[] file, int channels)
    {
        var header = Header(file);
        byte[] pixels = new byte[channels * header.Rows * header.Columns];
        PictureDecoder.Decode(new("picture", file), header, channels, size: null, pixels);
        return pixels;
    }
}
