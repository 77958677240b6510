namespace Talweg.Data;

/// <summary>A PNG or JPEG file that is to become an image of a data set.</summary>
/// <param name="Source">Its path, or what messages call it.</param>
/// <param name="Kept">Its bytes; null if they are to be read from the path when they are needed.</param>
internal sealed record Picture(string Source, byte[]? Kept)
{
    private const string What = "a PNG or JPEG picture";

    /// <summary>Its size and channels, read without decoding.</summary>
    public PictureHeader ReadHeader()
    {
        if (Kept is not null)
            return PictureHeader.Read(new MemoryStream(Kept), Source);
        try
        {
            using var file = BoundedBytes.Open(Source, PictureDecoder.LongestFile, What);
            return PictureHeader.Read(file, Source);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw BoundedBytes.Unreadable(Source, e);
        }
    }

    /// <summary>The whole file.</summary>
    public NamedBytes ReadAll() => Kept is not null ? new(Source, Kept) : BoundedBytes.ReadFile(Source, PictureDecoder.LongestFile, What);
}

/// <summary>Pictures and their classes, in the order of the images that they become.</summary>
/// <param name="Pictures">The pictures.</param>
/// <param name="Labels">The class of each.</param>
internal sealed record LabelledPictures(IReadOnlyList<Picture> Pictures, byte[] Labels)
{
    /// <summary>The first picture of each class, then the second of each, and so on: the first N are of all classes.</summary>
    /// <param name="classes">The pictures of each class, in the order of the classes' numbers.</param>
    public static LabelledPictures Interleave(IReadOnlyList<IReadOnlyList<Picture>> classes)
    {
        var ordered = from label in Enumerable.Range(0, classes.Count)
                      from place in Enumerable.Range(0, classes[label].Count)
                      orderby place, label
                      select (Picture: classes[label][place], Label: (byte)label);
        var all = ordered.ToList();
        return new([.. all.Select(one => one.Picture)], [.. all.Select(one => one.Label)]);
    }
}
