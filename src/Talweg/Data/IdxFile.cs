namespace Talweg.Data;

/// <summary>Reads and writes idx files, the format of MNIST, plain or gzip-packed. Files are not trusted.</summary>
/// <remarks>
/// Gzip is recognised by its first two bytes, not by the file's name. No more is unpacked than the header states plus one byte, and no
/// more memory is asked for than the file's own length can fill, so neither a damaged header nor a gzip bomb does harm.
/// </remarks>
public static class IdxFile
{
    /// <summary>Reads a file of images and the file of their labels.</summary>
    /// <param name="name">What messages call the set: "mnist train".</param>
    /// <param name="imagesPath">An idx file of bytes in three dimensions.</param>
    /// <param name="labelsPath">An idx file of bytes in one dimension.</param>
    /// <param name="classes">The number of classes, 1 to 256.</param>
    /// <exception cref="InputException">A file is missing, damaged or of another kind, or the two do not fit together.</exception>
    public static ImageSet Read(string name, string imagesPath, string labelsPath, int classes)
    {
        var (shape, pixels) = IdxReader.Read(imagesPath, IdxHeader.ImagesMagic);
        var (labelShape, labels) = IdxReader.Read(labelsPath, IdxHeader.LabelsMagic);
        if (shape.Count != labelShape.Count)
            throw new InputException(labelsPath, "count", $"{labelShape.Count} labels", $"{shape.Count}, as many as images in {imagesPath}");
        for (int i = 0; i < labels.Length; i++)
            if (labels[i] >= classes)
                throw new InputException(labelsPath, $"label {i}", $"{labels[i]}", $"0 to {classes - 1}");
        return new(name, pixels, labels, shape.Rows, shape.Columns, classes);
    }

    /// <summary>Writes the images of <paramref name="set"/> as an unpacked idx file.</summary>
    public static void WriteImages(ImageSet set, Stream to) => Write(set, to, IdxHeader.ImagesMagic);

    /// <summary>Writes the labels of <paramref name="set"/> as an unpacked idx file.</summary>
    public static void WriteLabels(ImageSet set, Stream to) => Write(set, to, IdxHeader.LabelsMagic);

    private static void Write(ImageSet set, Stream to, uint magic)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(to);
        if (set.Channels > 1)
            throw new ArgumentException($"{set.Name} is in colour, but idx files of images are grey.", nameof(set));
        to.Write(HeaderOf(set, magic));
        if (magic == IdxHeader.LabelsMagic)
            to.Write(set.Labels.Span);
        else
            foreach (var block in set.Blocks())
                to.Write(block.Span);
    }

    /// <summary>The header of the images in three dimensions, or four in colour, or of the labels.</summary>
    internal static byte[] HeaderOf(ImageSet set, uint magic)
    {
        byte[] header = new IdxHeader(set.Count, set.Rows, set.Columns).ToBytes(magic);
        if (magic == IdxHeader.LabelsMagic || set.Channels == 1)
            return header;
        byte[] channels = [0, 0, 0, (byte)set.Channels];
        return [0, 0, 8, 4, .. header[4..8], .. channels, .. header[8..]];
    }
}
