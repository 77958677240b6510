using Talweg.Data;
using Talweg.Statistics;

namespace Talweg.Tests.Data;

public sealed class ImageTransformsTests
{
    [Theory, InlineData(1), InlineData(3)]
    public void Selected_images_come_in_the_order_asked_for(int channels)
    {
        var images = Images(channels, 4, 5);
        int[] which = [5, 0, 5, 3];
        var some = images.Select(which);
        Assert.Equal((4, channels, 4, 5, 3, "drawn"), (some.Count, some.Channels, some.Rows, some.Columns, some.Classes, some.Name));
        for (int image = 0; image < 4; image++)
        {
            Assert.Equal(images.Label(which[image]), some.Label(image));
            Assert.Equal(images.Image(which[image]).ToArray(), some.Image(image).ToArray());
        }

        Assert.Equal(0, images.Select([]).Count);
        Assert.ThrowsAny<ArgumentException>(() => images.Select([7]));
        Assert.ThrowsAny<ArgumentException>(() => images.Select([-1]));
    }

    [Fact]
    public void Images_of_some_classes_keep_their_labels_and_their_order()
    {
        var images = Images(1, 4, 5);
        var some = images.OfClasses([2, 0]);
        int[] expected = [.. Enumerable.Range(0, images.Count).Where(image => images.Label(image) is 0 or 2)];
        Assert.Equal((expected.Length, 3), (some.Count, some.Classes));
        for (int image = 0; image < expected.Length; image++)
        {
            Assert.Equal(images.Label(expected[image]), some.Label(image));
            Assert.Equal(images.Image(expected[image]).ToArray(), some.Image(image).ToArray());
        }

        foreach (int wrong in (int[])[3, -1])
        {
            Assert.StartsWith($"drawn has classes 0 to 2, but class {wrong} was asked for.",
                Assert.Throws<ArgumentException>(() => images.OfClasses([0, wrong])).Message, StringComparison.Ordinal);
        }
    }

    [Theory, InlineData(1), InlineData(3)]
    public void Permuted_pixels_lie_where_the_order_says_in_every_channel(int channels)
    {
        var images = Images(channels, 4, 5);
        int[] order = new RandomStream(1, "order").Permutation(20);
        var permuted = images.Permuted(order);
        for (int image = 0; image < images.Count; image++)
        {
            Assert.Equal(images.Label(image), permuted.Label(image));
            for (int channel = 0; channel < channels; channel++)
            {
                for (int i = 0; i < 20; i++)
                    Assert.Equal(images.Image(image)[channel * 20 + order[i]], permuted.Image(image)[channel * 20 + i]);
            }
        }

        Assert.NotEqual(images.Pixels.ToArray(), permuted.Pixels.ToArray());
    }

    [Fact]
    public void What_is_no_permutation_is_refused()
    {
        var images = Images(1, 2, 2);
        foreach (var (order, different) in ((int[], int)[])[([0, 1, 2], 3), ([0, 1, 2, 2], 3), ([0, 1, 2, 4], 4), ([0, 1, 2, 3, 3], 4)])
        {
            Assert.StartsWith($"The order must be a permutation of 0 to 3, the pixels of drawn, but it has {order.Length} places and {different} different ones.",
                Assert.Throws<ArgumentException>(() => images.Permuted(order)).Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Counterclockwise: what was on the right is above, pixel (r, c) of the turned image is (c, n − 1 − r) of the old one. Even and odd sides.</summary>
    [Theory, InlineData(1, 5), InlineData(3, 6), InlineData(1, 28)]
    public void A_square_image_turned_by_right_angles_is_exact(int channels, int side)
    {
        var images = Images(channels, side, side);
        var quarter = images.Rotated(90);
        int plane = side * side;
        for (int image = 0; image < images.Count; image++)
        {
            for (int place = 0; place < channels * plane; place++)
            {
                int channel = place / plane, row = place % plane / side, column = place % side;
                Assert.Equal(images.Image(image)[channel * plane + column * side + side - 1 - row], quarter.Image(image)[place]);
            }
        }

        Assert.Equal(quarter.Rotated(90).Pixels.ToArray(), images.Rotated(180).Pixels.ToArray());
        Assert.Equal(quarter.Pixels.ToArray(), images.Rotated(-270).Pixels.ToArray());
        Assert.Equal(images.Pixels.ToArray(), images.Rotated(360).Pixels.ToArray());
        Assert.Equal(images.Labels.ToArray(), quarter.Labels.ToArray());
    }

    [Fact]
    public void By_0_degrees_nothing_turns() => Assert.Equal(Images(3, 4, 7).Pixels.ToArray(), Images(3, 4, 7).Rotated(0).Pixels.ToArray());

    /// <summary>The square of 2 × 2 white pixels in the middle of 4 × 4, turned by 45°.</summary>
    [Fact]
    public void Between_pixels_it_interpolates_and_corners_are_black()
    {
        byte[] pixels = new byte[16];
        foreach (int place in (int[])[5, 6, 9, 10])
            pixels[place] = 200;
        var turned = new ImageSet("square", pixels, new byte[1], 4, 4, 1).Rotated(45).Image(0);
        double half = Math.Sqrt(0.5);
        // A middle pixel, half a pixel up and left of the middle, comes from straight above it, √½ up: row 1.5 − √½ = 0.793, column 1.5. White weighs 0.793.
        Assert.Equal(Math.Round(200 * (1.5 - half)), turned[5]);
        // A pixel of the upper edge, 1.5 up and 0.5 left, comes from (cos 45°·(−1.5) + sin 45°·(−0.5), sin 45°·1.5 − cos 45°·0.5) = (−√2, √½): row 0.086, column 2.207.
        double white = (1.5 - 2 * half) * (1 - (1.5 + half - 2));
        Assert.Equal(Math.Round(200 * white), turned[1]);
        // The corner comes from 3/√2 = 2.12 above the middle, out of the image: the nearest row has a black pixel.
        Assert.Equal(0, turned[0]);
    }

    [Fact]
    public void An_angle_that_is_no_number_is_refused()
    {
        foreach (double angle in (double[])[double.NaN, double.PositiveInfinity])
            Assert.StartsWith("An angle must be a finite number.", Assert.Throws<ArgumentOutOfRangeException>(() => Images(1, 2, 2).Rotated(angle)).Message, StringComparison.Ordinal);
    }

    /// <summary>Seven images of three classes, every pixel at random.</summary>
    private static ImageSet Images(int channels, int rows, int columns)
    {
        byte[] pixels = new byte[7 * channels * rows * columns];
        var random = new RandomStream(1, "pixels");
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)random.Next(256);
        return new("drawn", pixels, (byte[])[2, 0, 1, 0, 2, 1, 0], rows, columns, 3, channels);
    }
}
