namespace Talweg.Mutate;

/// <summary>Changes that a person has looked at and found to change nothing that a caller could see: equivalent.txt beside the program's source.</summary>
/// <remarks>A line each: file, source line, change and reason, between tabulators; # begins a remark.</remarks>
internal sealed class Equivalents
{
    private readonly HashSet<(string File, string Source, string Change)> _known = [];

    /// <summary>Reads the list.</summary>
    /// <exception cref="FormatException">A line has not four fields.</exception>
    public static Equivalents Read(string path)
    {
        var list = new Equivalents();
        foreach (string line in File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#'))
            list._known.Add(line.Split('\t') is [var file, var source, var change, { Length: > 0 }]
                ? (file, source, change)
                : throw new FormatException($"{path}: expected file, source line, change and reason between tabulators, found: {line}"));
        return list;
    }

    /// <summary>Whether this change is on the list.</summary>
    public bool Contains(Mutant mutant) => _known.Contains((mutant.File, mutant.Source, mutant.Change));
}
