using System.Text.Encodings.Web;
using System.Text.Json;

namespace Talweg.Benchmarks.Reports;

/// <summary>The measurements for a program.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(IReadOnlyList<Measurement> measurements, string? data)
    {
        var rows = measurements.Select(row => new
        {
            row.Name,
            row.Quantity,
            row.Values,
            row.Median,
            Bar = row.Bar?.Value,
            BarIsCeiling = row.Bar?.IsCeiling,
            row.Verdict,
            row.Notes,
        });
        return JsonSerializer.Serialize(new { Machine = Machine.Current, Data = data, Measurements = rows }, Format);
    }
}
