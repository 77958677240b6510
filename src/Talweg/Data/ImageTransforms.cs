namespace Talweg.Data;

/// <summary>Other image sets made of one: what tasks in sequence are made of. Each holds its pixels in memory.</summary>
public static class ImageTransforms
{
    /// <summary>Some of the images, in the order asked for.</summary>
    /// <exception cref="ArgumentException">There is no such image.</exception>
    public static ImageSet Select(this ImageSet images, IReadOnlyList<int> which)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(which);
        byte[] labels = [.. which.Select(image => (byte)images.Label(image))];
        return images.With(which.Count, labels, (image, pixels) => images.Image(which[image]).CopyTo(pixels));
    }

    /// <summary>The images of some classes, in their order; labels and the number of classes stay.</summary>
    /// <exception cref="ArgumentException">There is no such class.</exception>
    public static ImageSet OfClasses(this ImageSet images, IReadOnlyCollection<int> classes)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(classes);
        foreach (int label in classes)
        {
            if ((uint)label >= (uint)images.Classes)
                throw new ArgumentException($"{images.Name} has classes 0 to {images.Classes - 1}, but class {label} was asked for.", nameof(classes));
        }

        return images.Select([.. Enumerable.Range(0, images.Count).Where(image => classes.Contains(images.Label(image)))]);
    }

    /// <summary>Every image with its pixels in another order, the same for all: pixel i of the new image is pixel <paramref name="order"/>[i] of the old one.</summary>
    /// <param name="images">The images.</param>
    /// <param name="order">A permutation of 0 … rows × columns − 1; every channel is permuted alike.</param>
    /// <exception cref="ArgumentException">Not such a permutation.</exception>
    public static ImageSet Permuted(this ImageSet images, IReadOnlyList<int> order)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(order);
        int plane = images.Rows * images.Columns;
        if (!order.Order().SequenceEqual(Enumerable.Range(0, plane)))
            throw new ArgumentException($"The order must be a permutation of 0 to {plane - 1}, the pixels of {images.Name}, but it has {order.Count} places and {order.Distinct().Count()} different ones.", nameof(order));
        int[] source = [.. order];
        return images.With(images.Count, images.Labels, (image, pixels) =>
        {
            var from = images.Image(image);
            for (int channel = 0; channel < images.Channels; channel++)
            {
                var old = from.Slice(channel * plane, plane);
                var changed = pixels.Slice(channel * plane, plane);
                for (int i = 0; i < plane; i++)
                    changed[i] = old[source[i]];
            }
        });
    }

    /// <summary>Every image turned counterclockwise about its middle, between pixels by bilinear interpolation; black comes in at the corners.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The angle is not finite.</exception>
    public static ImageSet Rotated(this ImageSet images, double degrees)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (!double.IsFinite(degrees))
            throw new ArgumentOutOfRangeException(nameof(degrees), degrees, "An angle must be a finite number.");
        var corners = Corners(images.Rows, images.Columns, degrees);
        int plane = images.Rows * images.Columns;
        return images.With(images.Count, images.Labels, (image, pixels) =>
        {
            var from = images.Image(image);
            for (int channel = 0; channel < images.Channels; channel++)
                Turn(from.Slice(channel * plane, plane), pixels.Slice(channel * plane, plane), corners, images.Columns);
        });
    }

    private delegate void FillImage(int image, Span<byte> pixels);

    private static ImageSet With(this ImageSet images, int count, ReadOnlyMemory<byte> labels, FillImage fill)
    {
        byte[] pixels = new byte[checked(count * images.PixelsPerImage)];
        for (int image = 0; image < count; image++)
            fill(image, pixels.AsSpan(image * images.PixelsPerImage, images.PixelsPerImage));
        return new(images.Name, pixels, labels, images.Rows, images.Columns, images.Classes, images.Channels);
    }

    /// <summary>Where each pixel of a turned image comes from: the upper left of four pixels, and how far right of and below it.</summary>
    private static (int Row, int Column, double Down, double Right)[] Corners(int rows, int columns, double degrees)
    {
        var (sine, cosine) = Math.SinCos(degrees * Math.PI / 180);
        double middleRow = (rows - 1) / 2.0, middleColumn = (columns - 1) / 2.0;
        var corners = new (int, int, double, double)[rows * columns];
        for (int i = 0; i < corners.Length; i++)
        {
            double y = i / columns - middleRow, x = i % columns - middleColumn;
            double row = middleRow + cosine * y + sine * x, column = middleColumn - sine * y + cosine * x;
            corners[i] = ((int)Math.Floor(row), (int)Math.Floor(column), row - Math.Floor(row), column - Math.Floor(column));
        }

        return corners;
    }

    private static void Turn(ReadOnlySpan<byte> from, Span<byte> to, (int Row, int Column, double Down, double Right)[] corners, int columns)
    {
        int rows = from.Length / columns;
        for (int i = 0; i < to.Length; i++)
        {
            var (row, column, down, right) = corners[i];
            double value = (1 - down) * (1 - right) * At(from, row, column, rows, columns) + (1 - down) * right * At(from, row, column + 1, rows, columns)
                + down * (1 - right) * At(from, row + 1, column, rows, columns) + down * right * At(from, row + 1, column + 1, rows, columns);
            to[i] = (byte)Math.Round(value);
        }
    }

    private static byte At(ReadOnlySpan<byte> image, int row, int column, int rows, int columns) =>
        (uint)row < (uint)rows && (uint)column < (uint)columns ? image[row * columns + column] : (byte)0;
}
