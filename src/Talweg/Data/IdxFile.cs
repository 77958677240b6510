namespace Talweg.Data;

/// <summary>Reads and writes idx files, the format of MNIST, plain or gzip-packed. Files are not trusted.</summary>
/// <remarks>
/// Gzip is recognised by its first two bytes, not by the file's name; it may have several members. Before a packed file is unpacked, what its header
/// states is compared with what may come of its length: 250 times as much, or 64 MiB. No more is unpacked than that plus one byte.
/// </remarks>
public static class IdxFile
{
    /// <summary>Reads a file of images and the file of their labels.</summary>
    /// <param name="name">What messages call the set: "mnist train".</param>
    /// <param name="imagesPath">An idx file of bytes in three dimensions.</param>
    /// <param name="labelsPath">An idx file of bytes in one dimension.</param>
    /// <param name="classes">The number of classes, 1 to 256.</param>
    /// <exception cref="InputException">A file is missing, damaged or of another kind, or the two do not fit together.</exception>
    public static ImageSet Read(string name, string imagesPath, string labelsPath, int classes) =>
        Read(name, new BoundedPath(imagesPath), new BoundedPath(labelsPath), classes);

    internal static ImageSet Read(string name, BoundedPath imagesFile, BoundedPath labelsFile, int classes)
    {
        var (shape, pixels) = IdxReader.Read(imagesFile.Path, IdxContent.Images, imagesFile.Published);
        var (labelShape, labels) = IdxReader.Read(labelsFile.Path, IdxContent.Labels, labelsFile.Published);
        RequireCount(shape, labelShape, imagesFile.Path, labelsFile.Path);
        for (int i = 0; i < labels.Length; i++)
            if (labels[i] >= classes)
                throw new InputException(labelsFile.Path, $"label {i}", $"{labels[i]}", $"0 to {classes - 1}");
        return new(name, pixels, labels, shape.Rows, shape.Columns, classes);
    }

    /// <summary>Refuses labels that are not as many as images.</summary>
    internal static void RequireCount(IdxHeader images, IdxHeader labels, string imagesPath, string labelsPath)
    {
        if (images.Count != labels.Count)
            throw new InputException(labelsPath, "count", $"{labels.Count} labels", $"{images.Count}, as many as images in {imagesPath}");
    }

    /// <summary>Writes the images of <paramref name="set"/> as an unpacked idx file.</summary>
    public static void WriteImages(ImageSet set, Stream to)
    {
        Require(set, to);
        to.Write(ImagesHeader(set));
        foreach (var block in set.Blocks())
            to.Write(block.Span);
    }

    /// <summary>Writes the labels of <paramref name="set"/> as an unpacked idx file.</summary>
    public static void WriteLabels(ImageSet set, Stream to)
    {
        Require(set, to);
        to.Write(LabelsHeader(set));
        to.Write(set.Labels.Span);
    }

    /// <summary>The header of the images: in three dimensions, or four in colour.</summary>
    internal static byte[] ImagesHeader(ImageSet set)
    {
        byte[] header = new IdxHeader(IdxType.Byte, 3, set.Count, set.Rows, set.Columns).ToBytes();
        byte[] channels = [0, 0, 0, (byte)set.Channels];
        return set.Channels == 1 ? header : [0, 0, 8, 4, .. header[4..8], .. channels, .. header[8..]];
    }

    /// <summary>The header of the labels.</summary>
    internal static byte[] LabelsHeader(ImageSet set) => new IdxHeader(IdxType.Byte, 1, set.Count, 1, 1).ToBytes();

    private static void Require(ImageSet set, Stream to)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(to);
        if (set.Channels > 1)
            throw new ArgumentException($"{set.Name} is in colour, but idx files of images are grey.", nameof(set));
    }
}

/// <summary>An idx file of a set that others know.</summary>
/// <param name="Path">The file.</param>
/// <param name="Published">Bytes that it has, unpacked, as it was published; null if nobody knows.</param>
internal sealed record BoundedPath(string Path, long? Published = null);
