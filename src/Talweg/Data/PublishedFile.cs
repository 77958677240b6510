namespace Talweg.Data;

/// <summary>Which bytes of a file a published checksum covers.</summary>
public enum ChecksumCovers
{
    /// <summary>The content, however it is packed.</summary>
    UnpackedBytes,

    /// <summary>The .gz file as published; a copy packed by somebody else differs although its content is the same.</summary>
    PackedFile,
}

/// <summary>One file of a public data set.</summary>
/// <param name="Name">Its published name without ".gz": "train-images-idx3-ubyte".</param>
/// <param name="Md5">Its MD5, lower-case hex: finds damage; it is no protection against forgery.</param>
/// <param name="Covers">Which bytes the MD5 covers.</param>
public sealed record PublishedFile(string Name, string Md5, ChecksumCovers Covers)
{
    /// <summary>Bytes that the file as it is sent may have; null for the limit of all downloads.</summary>
    public long? LargestFile { get; init; }

    /// <summary>Bytes that it has once unpacked; null if nobody says.</summary>
    public long? Unpacked { get; init; }

    /// <summary>The names under which copies of this file are found on disk, in order of preference.</summary>
    public IEnumerable<string> NamesOnDisk()
    {
        string dotted = Name.Replace("-idx", ".idx", StringComparison.Ordinal);
        return [Name, Name + ".gz", dotted, dotted + ".gz"];
    }
}
