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

    /// <summary>Published files; for idx files in the order train images, train labels, test images, test labels. Empty if nothing is to be downloaded.</summary>
    public IReadOnlyList<PublishedFile> Files { get; init; } = [];

    /// <summary>Addresses of folders that hold these files with ".gz" appended, tried in order.</summary>
    public IReadOnlyList<Uri> Mirrors { get; init; } = [];

    /// <summary>Whether Talweg draws this set itself and needs neither files nor network.</summary>
    public bool IsDrawn => Forms.Count == 0;

    /// <summary>The forms in which it may lie on disk, the preferred first.</summary>
    internal IReadOnlyList<DatasetForm> Forms { get; init; } = [new IdxForm()];

    /// <summary>A folder inside its folder in which its files may lie too, as unpacking the published archive makes it.</summary>
    internal string? Subfolder { get; init; }

    /// <summary>Folders of a root where other programs put its files: torchvision's "MNIST/raw", or what unpacking an archive makes.</summary>
    internal IReadOnlyList<string> OtherFolders { get; init; } = [];

    /// <summary>The only folder in which it may lie; null if it is looked for in the usual places.</summary>
    internal string? Folder { get; init; }
}
