namespace Talweg.Data;

/// <summary>Pictures in a tar archive, as train/CLASS/… and test/CLASS/…, of classes that are known: CIFAR-10 as JPEG.</summary>
/// <param name="file">The archive's name.</param>
/// <param name="classes">The classes, in the order of their numbers.</param>
/// <param name="side">Rows and columns that a picture has at most.</param>
/// <param name="remark">What to tell of such a copy.</param>
internal sealed class PictureArchiveForm(string file, IReadOnlyList<string> classes, int side, string remark) : DatasetForm
{
    private const long Largest = 256_000_000, LongestPicture = 1 << 16;     // 93 MB, and 1,124 bytes, in the copy that is about

    public override string? Remark => remark;

    public override string Describe(DatasetDescription set) => file;

    public override IReadOnlyList<(string Name, string? Path)> Look(DatasetDescription set, string folder)
    {
        string path = Path.Combine(folder, file);
        return [(file, File.Exists(path) ? path : null)];
    }

    public override Dataset Read(DatasetDescription set, IReadOnlyList<string> paths, ReadingContext context)
    {
        context.Progress?.Report(new($"reading {file}", 0, 0));
        var entries = TarFile.Read(paths[0], Largest, name => Place(name) is null ? null : LongestPicture, int.MaxValue, context.Cancellation);
        return new PictureSet(set.Name, classes, new(null, false), context).Read(Part("train", entries, paths[0]), Part("test", entries, paths[0]));
    }

    private LabelledPictures Part(string part, List<(string Name, NamedBytes File)> entries, string path)
    {
        var ofPart = entries.Where(entry => Place(entry.Name)!.Value.Part == part).ToLookup(entry => Place(entry.Name)!.Value.Class);
        if (ofPart.Count == 0)
            throw new InputException(path, "files", $"none under {part}/", $"{part}/CLASS/NAME.jpg, with classes {string.Join(", ", classes)}");
        if (ofPart.FirstOrDefault(one => !classes.Contains(one.Key)) is { } unknown)
            throw new InputException(path, "class", $"\"{unknown.Key}\"", Suggestion.Among(classes, unknown.Key));
        return LabelledPictures.Interleave([.. classes.Select(name =>
            (IReadOnlyList<Picture>)[.. ofPart[name].OrderBy(entry => entry.Name, StringComparer.Ordinal).Select(entry => Small(new(entry.File.Source, entry.File.Bytes)))])]);
    }

    /// <summary>Refuses a picture that would take more memory than the set's do.</summary>
    private Picture Small(Picture picture)
    {
        var header = picture.ReadHeader();
        return header.Rows <= side && header.Columns <= side
            ? picture
            : throw new InputException(picture.Source, "size", $"{header.Rows} × {header.Columns}", $"at most {side} × {side}");
    }

    /// <summary>Part and class of "train/cat/0001.jpg", also with "./" in front; null for other files.</summary>
    private static (string Part, string Class)? Place(string name) =>
        (name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name).Split('/') is ["train" or "test", var label, var picture] parts
            && picture.EndsWith(".jpg", StringComparison.OrdinalIgnoreCase) ? (parts[0], label) : null;
}
