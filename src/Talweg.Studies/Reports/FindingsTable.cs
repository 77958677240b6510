using Talweg.Studies.Findings;

namespace Talweg.Studies.Reports;

/// <summary>The table that a reader looks at first: one row per measurement, grouped by finding.</summary>
internal static class FindingsTable
{
    public static void Write(Html html, IReadOnlyList<Finding> findings)
    {
        html.Line($"<h2>Findings</h2>").Line($"<div class=\"scroll\"><table class=\"findings\">");
        html.Line($"<thead><tr><th></th><th>Verdict</th><th>Claim</th><th>Published</th><th>Measured, 95% interval</th><th>Band</th></tr></thead>");
        html.Line($"<tbody>").Each(findings, Rows).Line($"</tbody></table></div>");
    }

    private static void Rows(Html html, Finding finding)
    {
        int rows = Math.Max(1, finding.Measurements.Count);
        html.Line($"<tr class=\"{More(rows > 1)}\">");
        html.Line($"<td class=\"id\" rowspan=\"{rows}\">{finding.Id}</td><td rowspan=\"{rows}\">{Badge(finding)}</td><td class=\"claim\" rowspan=\"{rows}\">{finding.Claim}</td>");
        html.Line($"<td rowspan=\"{rows}\" data-label=\"published\">{finding.Published}</td>");
        if (finding.Measurements.Count > 0)
            Cells(html, finding.Measurements[0]);
        else
            html.Line($"<td></td><td></td>");
        html.Line($"</tr>");
        for (int i = 1; i < finding.Measurements.Count; i++)
        {
            html.Line($"<tr class=\"{More(i < rows - 1)}\">");
            Cells(html, finding.Measurements[i]);
            html.Line($"</tr>");
        }
    }

    private static string More(bool more) => more ? "more" : "";

    private static void Cells(Html html, Measurement measurement)
    {
        var (value, interval) = NumberText.Of(measurement.Value, measurement.HasInterval ? measurement.Interval : null);
        html.Line($"<td class=\"measured\" data-label=\"measured\">{measurement.Name} = <b>{value}</b> <span class=\"interval\">{interval}</span>{Details(measurement)}</td>");
        html.Line($"<td class=\"number\" data-label=\"band\">{NumberText.Band(measurement.Band)}</td>");
    }

    /// <summary>What stands small below a value: what its interval is over, the next window, the nulls, what was left out.</summary>
    private static Html.Raw Details(Measurement measurement)
    {
        var html = new Html();
        if (measurement.IntervalOver.Length > 0 && measurement.HasInterval)
            html.Line($"<small>over {measurement.IntervalOver}</small>");
        if (measurement.UndecidedBecause.Length > 0)
            html.Line($"<small>decides nothing: {measurement.UndecidedBecause}</small>");
        if (measurement.HeldOut is { } heldOut)
            html.Line($"<small>held out: {NumberText.Of(heldOut)}</small>");
        if (measurement.Nulls.Count > 0)
            html.Line($"<small>nulls: {Nulls(measurement)}</small>");
        if (measurement.LeftOut > 0)
            html.Line($"<small>left out: {measurement.LeftOut}{(measurement.LeftOutReason.Length > 0 ? $" ({measurement.LeftOutReason})" : "")}</small>");
        return new(html.ToString());
    }

    /// <summary>"isotropic walk 2.00 [1.98, 2.02] · shuffled steps 2.46 [2.44, 2.48]"; a null inside the band stands out.</summary>
    private static Html.Raw Nulls(Measurement measurement) => new(string.Join(" · ", measurement.Nulls.Select(n => new Html()
        .Line($"<span class=\"null{(n.Gives(measurement.Band) ? " inside" : "")}\">{n.Surrogate}\u00a0{NumberText.Of(n)}</span>").ToString().Trim())));

    private static Html.Raw Badge(Finding finding)
    {
        var html = new Html().Line($"<span class=\"badge {finding.Verdict.ToString().ToLowerInvariant()}\">{finding.VerdictWord}</span>");
        string reason = finding.Reason;
        if (reason.Length > 0)
            html.Line($"<span class=\"reason\">{reason}</span>");
        if (finding.EvidenceText.Length > 0)
            html.Line($"<span class=\"reason\">{finding.EvidenceText}</span>");
        if (finding.Demonstration)
            html.Line($"<span class=\"reason\">demonstration</span>");
        return new(html.ToString());
    }
}
