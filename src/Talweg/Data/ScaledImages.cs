namespace Talweg.Data;

/// <summary>Images as inputs of a network, scaled each time they are read. Safe from several threads.</summary>
internal sealed class ScaledImages
{
    private readonly float[][] _tables;

    /// <exception cref="ArgumentException">There are scalings for 3 channels and the images have 1.</exception>
    public ScaledImages(ImageSet images, PixelScaling scaling)
    {
        if (scaling.Channels.Count > images.Channels)
            throw new ArgumentException($"There are scalings for {scaling.Channels.Count} channels, but {images.Name} has {images.Channels}.", nameof(scaling));
        Images = images;
        Scaling = scaling;
        _tables = [.. Enumerable.Range(0, images.Channels).Select(scaling.Table)];
    }

    public ImageSet Images { get; }

    public PixelScaling Scaling { get; }

    /// <summary>The inputs of one image, [channels, rows, columns].</summary>
    public void Read(int image, Span<float> inputs)
    {
        var pixels = Images.Image(image);
        int plane = Images.Rows * Images.Columns;
        for (int channel = 0; channel < _tables.Length; channel++)
        {
            float[] table = _tables[channel];
            var from = pixels.Slice(channel * plane, plane);
            var to = inputs.Slice(channel * plane, plane);
            for (int i = 0; i < from.Length; i++)
                to[i] = table[from[i]];
        }
    }
}
