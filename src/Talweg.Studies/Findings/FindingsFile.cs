using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Talweg.Statistics;
using Talweg.Storage;

namespace Talweg.Studies.Findings;

/// <summary>findings.json: findings in the order given, numbers in full precision, null for what is open or undefined; what is written reads back to the same verdict and evidence.</summary>
/// <remarks>An infinite number that is no open end, and an end that is not a number, are the words "Infinity", "-Infinity" and "NaN".</remarks>
public static class FindingsFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the file whole or not at all.</summary>
    public static void Write(string path, IReadOnlyList<Finding> findings) => SealedJson.Write(path, ToJson(findings));

    /// <summary>The document: one object with the array "findings".</summary>
    public static string ToJson(IReadOnlyList<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        return new JsonObject { ["findings"] = Array(findings, Node) }.ToJsonString(Options);
    }

    /// <summary>Reads findings back. Verdicts and evidence are not read: they follow from the measurements.</summary>
    /// <exception cref="InputException">The file is not such a document, or has changed since it was written.</exception>
    public static IReadOnlyList<Finding> Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(SealedJson.Read(path, "`talweg report` writes it again"));
            return [.. document.RootElement.GetProperty("findings").EnumerateArray().Select(Finding)];
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InputException($"{path}: found no findings that Talweg wrote ({error.Message}); run the study again to write them.", error);
        }
    }

    /// <summary>Fields of stops stand only where there are any.</summary>
    private static JsonObject Node(Finding finding)
    {
        var node = Whole(finding);
        if (finding.Stops is { Count: > 0 } stops)
            node["stops"] = Array(stops, stop => new JsonObject { ["course"] = stop.Course, ["stop"] = stop.Stop, ["verdict"] = stop.Verdict.ToString().ToLowerInvariant() });
        return node;
    }

    private static JsonObject Whole(Finding finding) => new()
    {
        ["id"] = finding.Id,
        ["claim"] = finding.Claim,
        ["verdict"] = finding.Verdict.ToString().ToLowerInvariant(),
        ["within_one_run"] = finding.WithinOneRun,
        ["evidence"] = Node(finding.Evidence),
        ["verdict_text"] = finding.VerdictText,
        ["demonstration"] = finding.Demonstration,
        ["published"] = finding.Published,
        ["published_value"] = finding.PublishedValue is { } published ? Number(published) : null,
        ["estimator"] = finding.Estimator,
        ["settings"] = finding.Settings,
        ["measurements"] = Array(finding.Measurements, Node),
        ["notes"] = Array(finding.Notes, note => JsonValue.Create(note)),
    };

    private static JsonObject Node(Measurement measurement)
    {
        var node = Whole(measurement);
        if (measurement.Stop.Length > 0)
            (node["course"], node["stop"]) = (measurement.Course, measurement.Stop);
        return node;
    }

    private static JsonObject Whole(Measurement measurement) => new()
    {
        ["name"] = measurement.Name,
        ["value"] = NullIfUndefined(measurement.Value),
        ["interval"] = measurement.Interval is { } interval ? Node(interval) : null,
        ["interval_over"] = measurement.IntervalOver,
        ["within_one_run"] = measurement.WithinOneRun,
        ["undecided_because"] = measurement.UndecidedBecause,
        ["band"] = Node(measurement.Band),
        ["nulls"] = Array(measurement.Nulls, n => Node(n)),
        ["held_out"] = measurement.HeldOut is { } heldOut ? Number(heldOut) : null,
        ["left_out"] = measurement.LeftOut,
        ["left_out_reason"] = measurement.LeftOutReason,
    };

    private static JsonObject Node(NullValue surrogate) => new()
    {
        ["surrogate"] = surrogate.Surrogate,
        ["value"] = NullIfUndefined(surrogate.Value),
        ["interval"] = surrogate.Interval is { } interval ? Node(interval) : null,
        ["interval_over"] = surrogate.IntervalOver,
    };

    private static JsonObject Node(Evidence evidence) => new()
    {
        ["word"] = evidence.Word,
        ["shared_with"] = Array(evidence.SharedWith, name => JsonValue.Create(name)),
        ["not_told_apart_from"] = Array(evidence.NotToldApartFrom, name => JsonValue.Create(name)),
        ["distinct_from"] = Array(evidence.DistinctFrom, name => JsonValue.Create(name)),
        ["meaning"] = evidence.Meaning,
    };

    private static JsonObject Node(Interval interval) => new() { ["low"] = Low(interval.Low), ["high"] = High(interval.High) };

    private static JsonObject Node(Band band) => new()
    {
        ["low"] = Low(band.Low),
        ["high"] = High(band.High),
        ["low_excluded"] = band.ExcludesLow,
        ["high_excluded"] = band.ExcludesHigh,
    };

    private static JsonValue? Low(double end) => double.IsNegativeInfinity(end) ? null : Number(end);

    private static JsonValue? High(double end) => double.IsPositiveInfinity(end) ? null : Number(end);

    private static JsonValue? NullIfUndefined(double value) => double.IsNaN(value) ? null : Number(value);

    private static JsonValue Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : JsonValue.Create(value.ToString(CultureInfo.InvariantCulture));

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> node) => [.. items.Select(node)];

    private static Finding Finding(JsonElement json) => new()
    {
        Id = Text(json, "id"),
        Claim = Text(json, "claim"),
        Demonstration = json.GetProperty("demonstration").GetBoolean(),
        Published = Text(json, "published"),
        PublishedValue = Number(json, "published_value"),
        Estimator = Text(json, "estimator"),
        Settings = json.GetProperty("settings").GetBoolean(),
        Measurements = [.. json.GetProperty("measurements").EnumerateArray().Select(Measurement)],
        Notes = [.. json.GetProperty("notes").EnumerateArray().Select(note => note.GetString() ?? "")],
    };

    private static Measurement Measurement(JsonElement json) => new()
    {
        Name = Text(json, "name"),
        Value = Number(json, "value") ?? double.NaN,
        Interval = Interval(json),
        IntervalOver = Text(json, "interval_over"),
        WithinOneRun = json.GetProperty("within_one_run").GetBoolean(),
        UndecidedBecause = Text(json, "undecided_because"),
        Band = Band(json.GetProperty("band")),
        Nulls = [.. json.GetProperty("nulls").EnumerateArray().Select(n => new NullValue(Text(n, "surrogate"), Number(n, "value") ?? double.NaN, Interval(n), Text(n, "interval_over")))],
        HeldOut = Number(json, "held_out"),
        LeftOut = json.GetProperty("left_out").GetInt32(),
        LeftOutReason = Text(json, "left_out_reason"),
        Course = json.TryGetProperty("course", out var course) ? course.GetString() ?? "" : "",
        Stop = json.TryGetProperty("stop", out var stop) ? stop.GetString() ?? "" : "",
    };

    private static Interval? Interval(JsonElement json) =>
        json.GetProperty("interval") is { ValueKind: JsonValueKind.Object } interval ? new(Low(interval), High(interval)) : null;

    private static Band Band(JsonElement json) =>
        new(Low(json), High(json), json.GetProperty("low_excluded").GetBoolean(), json.GetProperty("high_excluded").GetBoolean());

    private static double Low(JsonElement json) => Number(json, "low") ?? double.NegativeInfinity;

    private static double High(JsonElement json) => Number(json, "high") ?? double.PositiveInfinity;

    private static double? Number(JsonElement json, string name) => json.GetProperty(name) switch
    {
        { ValueKind: JsonValueKind.Number } number => number.GetDouble(),
        { ValueKind: JsonValueKind.String } word => double.Parse(word.GetString()!, CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";
}
