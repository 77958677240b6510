namespace Talweg.Data;

/// <summary>What Talweg knows about a data set before it has it.</summary>
public sealed record DatasetDescription
{
    /// <summary>The name that commands and studies use: "mnist".</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>The number of classes.</summary>
    public int Classes { get; init; } = 10;

    /// <summary>Published files in the order train images, train labels, test images, test labels; empty if Talweg draws the set itself.</summary>
    public IReadOnlyList<PublishedFile> Files { get; init; } = [];

    /// <summary>Addresses of folders that hold these files with ".gz" appended, tried in order.</summary>
    public IReadOnlyList<Uri> Mirrors { get; init; } = [];

    /// <summary>Whether Talweg draws this set itself and needs neither files nor network.</summary>
    public bool IsDrawn => Files.Count == 0;
}
