using Talweg.Studies.Figures;
using Talweg.Studies.Findings;

namespace Talweg.Studies.Reports;

/// <summary>report.html: one page that needs nothing beside itself, to be judged in a minute.</summary>
public static class HtmlReport
{
    /// <summary>The page. The figures' files must have been written.</summary>
    public static string Render(ReportContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        var html = new Html();
        html.Line($"<!doctype html>").Line($"<html lang=\"en\">").Line($"<head>");
        html.Line($"<meta charset=\"utf-8\">").Line($"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.Line($"<title>{content.Record.Title} – Talweg</title>").Line($"<style>{new Html.Raw(Resource.Text("report.css"))}</style>");
        html.Line($"</head>").Line($"<body>");
        Headline(html, content);
        Summary(html, content.Conclusion.Findings);
        FindingsTable.Write(html, content.Conclusion.Findings);
        Figures(html, content);
        Notes(html, content.Conclusion.Notes);
        ReportDetails.Write(html, content);
        html.Line($"<footer>Made by Talweg {content.Record.Versions.Talweg}. Verdicts are computed from intervals against bands that were fixed before the run; what null surrogates give is said beside them.</footer>");
        return html.Line($"</body>").Line($"</html>").ToString();
    }

    private static void Headline(Html html, ReportContent content)
    {
        var record = content.Record;
        var compute = TimeSpan.FromSeconds(content.Cells.Sum(c => c.Seconds));
        html.Line($"<header><h1>{record.Title}</h1>");
        html.Line($"<p class=\"soft\">{record.Source.Authors}, {record.Source.Reference}: {record.Source.Figures}</p>").Line($"<ul class=\"facts\">");
        Fact("Study", record.Study);
        Fact("Data", record.Data.Name);
        Fact("Preset", record.Preset);
        Fact("Cells", $"{content.Cells.Count}, computed in {DurationText.Of(compute)}");
        Fact("Finished", $"{record.Finished ?? record.Started:yyyy-MM-dd HH:mm} UTC");
        Fact("Machine", record.Versions.Processor);
        html.Line($"</ul></header>");
        if (content.Conclusion.Headline.Length > 0)
            html.Line($"<p class=\"headline\">{content.Conclusion.Headline}</p>");
        void Fact(string name, string value) => html.Line($"<li>{name} <b>{value}</b></li>");
    }

    private static void Summary(Html html, IReadOnlyList<Finding> findings)
    {
        if (findings.Any(f => f.Demonstration))
            html.Line($"<p class=\"demonstration\"><b>A demonstration:</b> these data were drawn by Talweg; the verdicts say nothing about the published claims.</p>");
        html.Line($"<div class=\"summary\">");
        Count(Verdict.Holds, "hold", "holds");
        Count(Verdict.Fails, "fail", "fails");
        Count(Verdict.Undecided, "undecided", "undecided");
        html.Line($"</div>");
        if (findings.Count(f => f.WithinOneRun) is > 0 and var within)
            html.Line($"<p class=\"soft\">{within} of these within one run: their intervals say nothing of how far the next run would lie.</p>");
        if (findings.Any(f => f.Evidence.Word != "none"))
            html.Line($"<p class=\"soft\">Against null surrogates: {string.Join(", ", ((string[])["distinct", "shared", "not told apart"]).Select(word => $"{findings.Count(f => f.Evidence.Word == word)} {word}"))}.</p>");
        void Count(Verdict verdict, string word, string style)
        {
            int count = findings.Count(f => f.Verdict == verdict);
            html.Line($"<div class=\"count {style}\"><b>{count}</b> {(count == 1 ? style : word)}</div>");
        }
    }

    private static void Figures(Html html, ReportContent content)
    {
        if (content.Conclusion.Figures.Count == 0)
            return;
        html.Line($"<h2>Figures</h2>").Line($"<div class=\"figures\">");
        html.Each(content.Conclusion.Figures, (h, figure) => h.Line($"<figure>{Image(content, figure)}<figcaption>{figure.Caption}</figcaption></figure>"));
        html.Line($"</div>");
    }

    private static Html.Raw Image(ReportContent content, IFigure figure)
    {
        string data = Convert.ToBase64String(File.ReadAllBytes(Path.Combine(content.FiguresFolder, figure.Name + ".png")));
        return new(new Html().Line($"<img alt=\"{figure.Caption}\" src=\"data:image/png;base64,{data}\">").ToString());
    }

    private static void Notes(Html html, IReadOnlyList<string> notes)
    {
        if (notes.Count == 0)
            return;
        html.Line($"<h2>Notes</h2>").Line($"<ul class=\"notes\">").Each(notes, (h, note) => h.Line($"<li>{note}</li>")).Line($"</ul>");
    }
}
