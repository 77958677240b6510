using System.Globalization;
using Spectre.Console;

namespace Talweg.Cli.Rendering;

/// <summary>Tables in one style: numbers to the right, a rule below the head, long ones shortened in the middle.</summary>
internal static class Tables
{
    private const int MostRows = 60;
    private const int Head = 40;
    private const int Tail = 5;

    /// <summary>A table of numbers; the first column may be words.</summary>
    public static Table OfNumbers(params string[] columns)
    {
        var table = Plain();
        foreach (string column in columns)
            table.AddColumn(new TableColumn(new Text(PlainText.Of(column))).RightAligned());
        return table;
    }

    /// <summary>A table of words.</summary>
    public static Table OfWords(params string[] columns)
    {
        var table = Plain();
        foreach (string column in columns)
            table.AddColumn(new TableColumn(new Text(PlainText.Of(column))));
        return table;
    }

    /// <summary>Adds a row of plain text.</summary>
    public static void Add(this Table table, params string[] cells) => table.AddRow([.. cells.Select(cell => new Text(PlainText.Of(cell)))]);

    /// <summary>The rows to show of <paramref name="count"/>; null stands for those left out in the middle.</summary>
    public static IEnumerable<int?> Rows(int count)
    {
        if (count <= MostRows)
            return Enumerable.Range(0, count).Select(i => (int?)i);
        return [.. Enumerable.Range(0, Head).Select(i => (int?)i), null, .. Enumerable.Range(count - Tail, Tail).Select(i => (int?)i)];
    }

    /// <summary>Four significant digits; "open" for null.</summary>
    public static string Number(double? value) => value switch
    {
        null => "open",
        { } v when double.IsNaN(v) => "undefined",
        { } v => v.ToString("G4", CultureInfo.InvariantCulture),
    };

    /// <summary>A share as percent with three digits.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:G3}%");

    /// <summary>A line of plain text, however long: it may hold a path or a command to be copied. A text with line ends cannot pass for several lines of ours.</summary>
    public static void Line(this IAnsiConsole console, string text) => console.Profile.Out.Writer.WriteLine(PlainText.Of(text).Replace("\n", @"\u000A", StringComparison.Ordinal));

    private static Table Plain() => new() { Border = TableBorder.Simple };
}
