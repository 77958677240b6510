using Spectre.Console;

namespace Talweg.Benchmarks.Reports;

/// <summary>The measurements for a reader.</summary>
internal static class TableReport
{
    private const int NarrowestWidth = 120;   // a redirected output has no width of its own

    public static void Print(IAnsiConsole console, IReadOnlyList<Measurement> measurements, string? data)
    {
        console.Profile.Width = Math.Max(console.Profile.Width, NarrowestWidth);
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("benchmark", "measured");
        foreach (string column in (string[])["min", "median", "max", "bar"])
            table.AddColumn(new TableColumn(column).RightAligned());
        table.AddColumn("verdict");
        foreach (var row in measurements)
        {
            table.AddRow(((string[])[row.Name, row.Quantity, .. Range(row), row.Bar?.ToString() ?? "–", row.Verdict]).Select(Markup.Escape).ToArray());
        }

        console.Write(table);
        foreach (var row in measurements)
        {
            foreach (string note in row.Notes)
                console.Profile.Out.Writer.WriteLine($"{row.Name}: {note}");
        }

        console.Profile.Out.Writer.WriteLine($"{Machine.Current}{(data is null ? "" : $"; data: {data}")}");
    }

    private static IEnumerable<string> Range(Measurement row) =>
        row.Values.Count == 0 ? ["–", "–", "–"] : [Numbers.Text(row.Values.Min()), Numbers.Text(row.Median), Numbers.Text(row.Values.Max())];
}
