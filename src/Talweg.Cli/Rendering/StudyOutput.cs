using System.Text.Json;
using Spectre.Console;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;

namespace Talweg.Cli.Rendering;

/// <summary>What a run of a study found, for a reader or as one JSON document.</summary>
internal static class StudyOutput
{
    /// <summary>Prints the outcome.</summary>
    public static void Print(Session session, bool json, RunOutcome outcome, string folder)
    {
        if (json)
            session.Terminal.Out.WriteLine(Document(outcome, folder));
        else
            Write(session.Terminal.Console, outcome, folder);
    }

    private static string Document(RunOutcome outcome, string folder) => JsonText.Of(json =>
    {
        json.WriteString("study", outcome.Record.Study);
        json.WriteString("preset", outcome.Record.Preset);
        json.WriteString("out", folder);
        json.WriteString("report", outcome.Report);
        json.WriteNumber("cells", outcome.Cells.Count);
        json.WriteNumber("failed_cells", outcome.Cells.Count(cell => !cell.Ending.Completed));
        using var findings = JsonDocument.Parse(FindingsFile.ToJson(outcome.Conclusion.Findings));
        json.WritePropertyName("findings");
        findings.RootElement.GetProperty("findings").WriteTo(json);
        DataNote.Of(outcome.Record.Data).Write(json);
    });

    private static void Write(IAnsiConsole console, RunOutcome outcome, string folder)
    {
        var table = Tables.OfWords("finding", "measured", "band", "published", "verdict");
        foreach (var finding in outcome.Conclusion.Findings)
        {
            if (finding.Stops.Count > 0)
            {
                ByStop(table, finding);
                continue;
            }

            // A row a measurement, so that each stands beside its own band.
            for (int i = 0; i < finding.Measurements.Count; i++)
            {
                var measurement = finding.Measurements[i];
                bool first = i == 0;
                table.Add(first ? finding.Id : "", Value(measurement), NumberText.Band(measurement.Band), first ? finding.Published : "", first ? finding.VerdictText : "");
            }
        }

        console.Write(table);
        foreach (var cell in outcome.Cells.Where(cell => !cell.Ending.Completed))
            console.Line($"Not measured: {cell.Label}: {cell.Ending.Verdict}");
        if (outcome.Conclusion.Headline.Length > 0)
            console.Line(outcome.Conclusion.Headline);
        foreach (string note in outcome.Conclusion.Notes)
            console.Line(note);
        console.Line($"{outcome.Cells.Count} {(outcome.Cells.Count == 1 ? "cell" : "cells")} in {folder}");
        console.Line($"Report: {outcome.Report}");
    }

    /// <summary>A row a stop with its own verdict: some dozens of measurements are in the report and in <c>--json</c>.</summary>
    private static void ByStop(Table table, Finding finding)
    {
        foreach (var (i, stop) in finding.Stops.Index())
            table.Add(i == 0 ? finding.Id : "", $"{stop.Course}, {stop.Stop}", "", i == 0 ? finding.Published : "", stop.Verdict.ToString().ToLowerInvariant());
        table.Add("", $"all {finding.Stops.Count} stops", "", "", finding.Verdict.ToString().ToLowerInvariant());
    }

    private static string Value(Measurement measurement)
    {
        var (value, interval) = NumberText.Of(measurement.Value, measurement.HasInterval ? measurement.Interval : null);
        return $"{measurement.Name} {value} {interval}";
    }
}
