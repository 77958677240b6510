using Talweg.Studies.Findings;
using Talweg.Studies.Running;

namespace Talweg.Studies.Reports;

/// <summary>The second half of the page: how each number was made, with what, and how to make it again.</summary>
internal static class ReportDetails
{
    public static void Write(Html html, ReportContent content)
    {
        html.Line($"<h2>How each number was made</h2>").Each(content.Conclusion.Findings, Finding);
        html.Line($"<h2>Reproduce</h2>").Line($"<pre>{content.Record.Command}</pre>");
        html.Line($"<p class=\"soft\">Finished cells are kept: the same command in the same folder only concludes again; --fresh measures again.</p>");
        Parameters(html, content);
        Cells(html, content.Cells);
        Provenance(html, content.Record);
    }

    private static void Finding(Html html, Finding finding)
    {
        html.Line($"<div class=\"detail\"><h3>{finding.Id}: {finding.Claim}</h3>").Line($"<p>{finding.Estimator}</p>").Line($"<p>Verdict: {finding.VerdictText}.</p>");
        if (finding.Notes.Count > 0)
            html.Line($"<ul>").Each(finding.Notes, (h, note) => h.Line($"<li>{note}</li>")).Line($"</ul>");
        html.Line($"</div>");
    }

    private static void Parameters(Html html, ReportContent content)
    {
        var help = content.Parameters.ToDictionary(p => p.Name, p => p.Help);
        html.Line($"<h2>Parameters</h2>").Line($"<div class=\"scroll\"><table><thead><tr><th>Name</th><th>Value</th><th>Meaning</th></tr></thead><tbody>");
        html.Each(content.Record.Parameters, (h, p) =>
            h.Line($"<tr><td><code>{p.Key}</code></td><td>{Running.Parameters.AsText(p.Value)}</td><td>{help.GetValueOrDefault(p.Key)}</td></tr>"));
        html.Line($"</tbody></table></div>");
    }

    private static void Cells(Html html, IReadOnlyList<CellRecord> cells)
    {
        html.Line($"<h2>Cells</h2>").Line($"<div class=\"scroll\"><table><thead><tr><th>Cell</th><th>Seed</th><th>Time</th><th>Threads</th><th>Ending</th><th>Folder</th></tr></thead><tbody>");
        html.Each(cells, (h, cell) =>
        {
            h.Line($"<tr><td>{cell.Label}</td><td class=\"number\">{cell.Seed}</td><td class=\"number\">{DurationText.Of(TimeSpan.FromSeconds(cell.Seconds))}</td>");
            h.Line($"<td class=\"number\">{cell.Threads}</td><td>{Ending(cell.Ending)}</td><td><code>cells/{cell.Address}</code></td></tr>");
        });
        html.Line($"</tbody></table></div>");
    }

    private static Html.Raw Ending(CellEnding ending) => new(ending.Completed
        ? new Html().Line($"{ending.Verdict}").ToString()
        : new Html().Line($"<span class=\"badge fails\">{ending.Verdict}</span>").ToString());

    private static void Provenance(Html html, RunRecord record)
    {
        html.Line($"<h2>Versions</h2>").Line($"<div class=\"scroll\"><table><tbody>");
        Row("Talweg", record.Versions.Talweg);
        Row("Study revision", record.Revision.ToString());
        Row(".NET", record.Versions.DotNet);
        Row("TorchSharp", record.Versions.TorchSharp);
        Row("System", record.Versions.System);
        Row("Processor", record.Versions.Processor);
        Row("Data checksum", record.Data.Checksum);
        Row("Started", $"{record.Started:yyyy-MM-dd HH:mm:ss} UTC");
        html.Line($"</tbody></table></div>");
        void Row(string name, string value) => html.Line($"<tr><td>{name}</td><td>{value}</td></tr>");
    }
}
