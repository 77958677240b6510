namespace Talweg.Data;

/// <summary>What reading a data set may need besides its files.</summary>
/// <param name="Cache">The folder of the user's cache.</param>
/// <param name="Progress">Told of work that takes seconds; null for nobody.</param>
/// <param name="Cancellation">Stops it.</param>
/// <param name="Budget">Bytes of pixels to keep in memory; more go into a file in the cache.</param>
internal sealed record ReadingContext(string Cache, IProgress<WorkProgress>? Progress, CancellationToken Cancellation, long Budget = LabelledSamples.MemoryBudget);

/// <summary>One of the forms in which a data set may lie on disk: files of its own, or an archive of them.</summary>
internal abstract class DatasetForm
{
    /// <summary>What to tell of data in this form, where that matters: "JPEG pictures in …"; null for the form that everybody has.</summary>
    public virtual string? Remark => null;

    /// <summary>The files of <paramref name="set"/> in this form, as messages list them.</summary>
    public abstract string Describe(DatasetDescription set);

    /// <summary>Where the files are in <paramref name="folder"/>, each null where it is missing, in the form's own order.</summary>
    public abstract IReadOnlyList<(string Name, string? Path)> Look(DatasetDescription set, string folder);

    /// <summary>Reads the set from the files that <see cref="Look"/> found.</summary>
    /// <exception cref="InputException">A file is damaged.</exception>
    public abstract Dataset Read(DatasetDescription set, IReadOnlyList<string> paths, ReadingContext context);

    /// <summary>Each file against the checksum published for it; unknown where none is.</summary>
    public virtual ChecksumVerdict Compare(DatasetDescription set, int file, string path) => ChecksumVerdict.Unknown;
}
