using CsCheck;
using Talweg.Data;

namespace Talweg.Tests.Data;

public sealed class TriangleFilterTests
{
    [Theory]
    [InlineData(4, 3, new byte[] { 43, 118, 163, 136, 126, 110, 135, 112, 120, 141, 132, 73 })]
    [InlineData(1, 1, new byte[] { 119 })]
    [InlineData(5, 12, new byte[]
    {
        12, 18, 29, 45, 68, 97, 132, 161, 144, 187, 181, 127, 99, 114, 136, 147, 78, 106, 158, 185, 60, 103, 132, 115, 90, 116, 153, 186, 171, 122,
        116, 142, 76, 121, 134, 98, 114, 151, 159, 130, 96, 91, 88, 88, 117, 69, 109, 228, 87, 133, 163, 162, 121, 146, 161, 144, 87, 43, 42, 74,
    })]
    public void Sizes_change_as_in_Pillow(int rows, int columns, byte[] pillow)
    {
        // Image.fromarray(m).resize((columns, rows), Image.BILINEAR) of Pillow 12, whose weights have 22 bits and whose rows are rounded to bytes
        // before its columns are summed: two roundings instead of one, so that bytes may differ by 1.
        byte[] m = [.. from i in Enumerable.Range(0, 7) from j in Enumerable.Range(0, 9) select (byte)(i * i * 37 + j * 11 * i + j * j * 5 + i * j * j)];
        Assert.Equal(pillow, Resize(m, 7, 9, rows, columns), (a, b) => Math.Abs(a - b) <= 1);
    }

    [Fact]
    public void The_same_size_and_one_colour_stay() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 9], Gen.Int[1, 20], Gen.Byte).Sample((rows, columns, size, value) =>
        {
            byte[] picture = PictureBytes.Values(value, 1, rows, columns), flat = [.. Enumerable.Repeat(value, rows * columns)];
            return Resize(picture, rows, columns, rows, columns).SequenceEqual(picture) && Resize(flat, rows, columns, size, size).All(pixel => pixel == value);
        });

    [Fact]
    public void Half_the_size_weighs_four_old_pixels_1_3_3_1() =>
        Assert.Equal([(byte)Math.Round((10 * 3 + 20 * 3 + 100) / 7.0), (byte)Math.Round((20 + 100 * 3 + 200 * 3) / 7.0)], Resize([10, 20, 100, 200], 1, 4, 1, 2));

    private static byte[] Resize(byte[] from, int rows, int columns, int newRows, int newColumns)
    {
        byte[] to = new byte[newRows * newColumns];
        TriangleFilter.Resize(from, rows, columns, to, newRows, newColumns);
        return to;
    }
}
