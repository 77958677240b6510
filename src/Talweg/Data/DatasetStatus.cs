namespace Talweg.Data;

/// <summary>Whether a data set is at hand.</summary>
public enum DatasetPresence
{
    /// <summary>Its files lie in <see cref="DatasetStatus.Folder"/>.</summary>
    Present,

    /// <summary>It would be downloaded at first use.</summary>
    ToDownload,

    /// <summary>It would be drawn at first use.</summary>
    ToDraw,

    /// <summary>It is not where the user said, or nobody else has it; <see cref="DatasetStatus.Remark"/> says which.</summary>
    Missing,
}

/// <summary>What `talweg data` tells about a data set.</summary>
public sealed record DatasetStatus
{
    /// <summary>The name in the catalogue.</summary>
    public required string Name { get; init; }

    /// <summary>What the set is, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>Whether it is at hand.</summary>
    public required DatasetPresence Presence { get; init; }

    /// <summary>Where its files lie; null if they do not.</summary>
    public string? Folder { get; init; }

    /// <summary>What there is to know of the copy that lies there, or why there is none; null where nothing is.</summary>
    public string? Remark { get; init; }

    /// <summary>Where it was read from; null unless the files were read.</summary>
    public DatasetSource? Source { get; init; }

    /// <summary>Images in the training set; null unless the files were read.</summary>
    public int? TrainCount { get; init; }

    /// <summary>Images in the test set; null unless the files were read.</summary>
    public int? TestCount { get; init; }

    /// <summary><see cref="Dataset.Checksum"/>; null unless the files were read.</summary>
    public string? Checksum { get; init; }

    /// <summary>Each file against its published checksum, which is information, not a verdict on the data; empty unless read.</summary>
    public IReadOnlyList<FileVerdict> Files { get; init; } = [];

    /// <summary>Why the files cannot be used; null if they can, or were not read.</summary>
    public string? Problem { get; init; }

    /// <summary>All files together: they differ if one differs, are unknown if one is; null unless read.</summary>
    public ChecksumVerdict? Published => Files.Count == 0 ? null
        : Files.Any(file => file.Verdict == ChecksumVerdict.Differs) ? ChecksumVerdict.Differs
        : Files.Any(file => file.Verdict == ChecksumVerdict.Unknown) ? ChecksumVerdict.Unknown
        : ChecksumVerdict.Matches;
}

/// <summary>One file against its published checksum.</summary>
/// <param name="Path">The file.</param>
/// <param name="Verdict">How it compares.</param>
public sealed record FileVerdict(string Path, ChecksumVerdict Verdict);
