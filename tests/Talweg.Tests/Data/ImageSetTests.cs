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
