using System.Globalization;

namespace Talweg.Data;

/// <summary>How pictures become images of one size.</summary>
/// <param name="Size">Rows and columns to resize to; null if the pictures must have one size already.</param>
/// <param name="Grey">Whether colour is to become grey; otherwise a set is grey only if all its pictures are stored so.</param>
internal sealed record PictureOptions(int? Size, bool Grey)
{
    /// <summary>As a name's end: ",size=32,grey".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Size is { } size ? $",size={size}" : "")}{(Grey ? ",grey" : "")}");
}

/// <summary>A name such as "folder:/pictures,size=32,grey".</summary>
internal sealed record PictureFolderName(string Path, PictureOptions Options)
{
    public const string Prefix = "folder:";
    private const int LargestSize = 1024;

    /// <exception cref="InputException">An option is unknown, or the path is missing.</exception>
    public static PictureFolderName Parse(string name)
    {
        string rest = name[Prefix.Length..];
        var options = new PictureOptions(null, false);
        while (rest.LastIndexOf(',') is >= 0 and int comma && Option(rest[(comma + 1)..], name) is { } option)
        {
            options = new(options.Size ?? option.Size, options.Grey || option.Grey);
            rest = rest[..comma];
        }

        return rest.Length > 0 ? new(rest, options) : throw new InputException("data set", "name", $"\"{name}\"", $"{Prefix}PATH, with options ,size=N and ,grey");
    }

    public override string ToString() => $"{Prefix}{Path}{Options}";

    /// <summary>Null if the text is no option: a path may have commas.</summary>
    private static PictureOptions? Option(string text, string name)
    {
        if (text == "grey")
            return new(null, true);
        if (!text.StartsWith("size=", StringComparison.Ordinal))
            return null;
        return int.TryParse(text["size=".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size is >= 1 and <= LargestSize
            ? new(size, false)
            : throw new InputException("data set", "size", $"\"{text}\" in \"{name}\"", $"size=1 to size={LargestSize}");
    }
}
