using CsCheck;
using Talweg.Data;

namespace Talweg.Tests.Data;

public sealed class ImageSetTests
{
    private static readonly ImageSet Set = new("test", IdxBytes.Pixels(24), new byte[] { 3, 1, 4, 1 }, 2, 3, 5);

    [Fact]
    public void Unit_scaling_divides_by_255() =>
        Assert.Equal(Set.Pixels.ToArray().Select(p => (float)(p / 255.0)), Set.ToSingles(), (a, b) => MathF.Abs(a - b) <= 1e-7f);   // one rounding

    [Fact]
    public void Standardised_training_pixels_have_mean_0_and_deviation_1() =>
        Gen.Byte.Array[24].Where(pixels => pixels.Distinct().Count() > 1).Sample(pixels =>
        {
            var set = new ImageSet("test", pixels, new byte[4], 2, 3, 1);
            double[] x = [.. set.ToSingles(PixelScaling.Standardised(set)).Select(value => (double)value)];
            double mean = x.Average(), variance = x.Average(value => value * value);
            return Math.Abs(mean) < 1e-5 && Math.Abs(variance - 1) < 1e-5;     // single precision, values up to 5
        });

    [Fact]
    public void Each_channel_of_the_training_pixels_is_standardised_by_its_own_mean_and_deviation() =>
        Gen.Byte.Array[48].Where(pixels => pixels.Chunk(4).All(plane => plane.Distinct().Count() > 1)).Sample(pixels =>
        {
            var set = new ImageSet("test", pixels, new byte[4], 2, 2, 1, channels: 3);
            var scaling = PixelScaling.StandardisedByChannel(set);
            return Enumerable.Range(0, 3).All(channel =>
            {
                double[] values = [.. pixels.Where((_, i) => i / 4 % 3 == channel).Select(pixel => (double)pixel)];
                double mean = values.Average(), deviation = Math.Sqrt(values.Average(x => (x - mean) * (x - mean)));
                var (offset, factor) = scaling.Channels[channel];
                return Math.Abs(offset - mean) < 1e-10 && Math.Abs(factor * deviation - 1) < 1e-10;    // the variance loses 1e-12 as a difference
            });
        });

    [Fact]
    public void One_scaling_for_all_channels_is_over_all_pixels_and_for_grey_images_both_are_the_same()
    {
        byte[] pixels = IdxBytes.Pixels(24);
        Assert.Equal(PixelScaling.Standardised(Set), PixelScaling.Standardised(new("colour", pixels, new byte[2], 2, 2, 1, channels: 3)));
        Assert.Equal(PixelScaling.Standardised(Set), PixelScaling.StandardisedByChannel(Set));
        Assert.NotEqual(PixelScaling.Unit, PixelScaling.Standardised(Set));
        Assert.Equal("(x − 1.5) · 0.25; (x − 0) · 1; (x − 2) · 3", new PixelScaling([new(1.5, 0.25), new(0, 1), new(2, 3)]).ToString());
    }

    [Fact]
    public void Images_have_one_channel_or_three_and_scalings_too()
    {
        Assert.Contains("1 channel, grey, or 3", Assert.Throws<ArgumentOutOfRangeException>(() => new ImageSet("x", new byte[12], new byte[1], 2, 3, 1, channels: 2)).Message, StringComparison.Ordinal);
        Assert.Contains("but there are 2", Assert.Throws<ArgumentException>(() => new PixelScaling([new(0, 1), new(0, 1)])).Message, StringComparison.Ordinal);
        var colour = new ImageSet("x", IdxBytes.Pixels(36), new byte[2], 2, 3, 1, channels: 3);
        Assert.Equal((18, "3 × 2 × 3"), (colour.PixelsPerImage, colour.Size));
        Assert.Equal(IdxBytes.Pixels(36).AsSpan(18), colour.Image(1));
        Assert.Contains("4 images of 3 × 2 × 3", Assert.Throws<ArgumentException>(() => new ImageSet("x", new byte[5], new byte[4], 2, 3, 1, 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_are_copied_whole()
    {
        byte[] two = new byte[12];
        Set.Read(1, two);
        Assert.Equal(IdxBytes.Pixels(24)[6..18], two);
        Assert.Contains("Images of 2 × 3 do not fill 5 bytes", Assert.Throws<ArgumentException>(() => Set.Read(0, new byte[5])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Set.Read(3, new byte[12]));
    }

    [Fact]
    public void Equal_pixels_cannot_be_standardised() =>
        Assert.Contains("all equal", Assert.Throws<ArgumentException>(() =>
            PixelScaling.Standardised(new("flat", new byte[6], new byte[1], 2, 3, 1))).Message, StringComparison.Ordinal);

    [Fact]
    public void First_takes_images_and_labels_from_the_start()
    {
        var first = Set.First(2);
        Assert.Equal(2, first.Count);
        Assert.Equal(Set.Image(1), first.Image(1));
        Assert.Equal([3, 1], first.ToClassIndices());
        Assert.Contains("ask for 1 to 4", Assert.Throws<ArgumentOutOfRangeException>(() => Set.First(5)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_and_labels_must_fit()
    {
        Assert.Throws<ArgumentException>(() => new ImageSet("x", new byte[5], new byte[1], 2, 3, 1));
        Assert.Contains("Label 1 is 7", Assert.Throws<ArgumentException>(() => new ImageSet("x", new byte[2], new byte[] { 0, 7 }, 1, 1, 7)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = Set.Label(4); });
    }
}
