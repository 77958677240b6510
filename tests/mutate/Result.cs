namespace Talweg.Mutate;

/// <summary>A mutant's fate, as a line of results.tsv keeps it.</summary>
/// <param name="Room">The room.</param>
/// <param name="File">The source file.</param>
/// <param name="Line">Its line.</param>
/// <param name="Change">What was changed.</param>
/// <param name="Source">The source line as it was.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="Test">The first test that failed; empty where none did.</param>
internal sealed record Result(string Room, string File, int Line, string Change, string Source, Fate Fate, string Test)
{
    /// <summary>The line of results.tsv.</summary>
    public string Text => string.Join('\t', Room, File, Line, Change, Source, Fate, Test);

    /// <summary>Reads a line of results.tsv.</summary>
    public static Result Parse(string line) => line.Split('\t') is [var room, var file, var number, var change, var source, var fate, var test]
        ? new(room, file, int.Parse(number), change, source, Enum.Parse<Fate>(fate), test)
        : throw new FormatException($"results.tsv: expected seven fields between tabulators, found: {line}");
}
