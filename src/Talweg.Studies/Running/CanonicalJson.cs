using System.Text.Json;
using System.Text.Json.Nodes;

namespace Talweg.Studies.Running;

/// <summary>One text per value: keys in ordinal order, no white space, numbers in their shortest exact form.</summary>
internal static class CanonicalJson
{
    /// <summary>The canonical text of <paramref name="value"/>, taken as its run-time type, leaving out one property.</summary>
    public static string Of(object value, string? without = null)
    {
        var node = JsonSerializer.SerializeToNode(value, value.GetType());
        if (without is not null)
            node?.AsObject().Remove(without);
        return Sorted(node)?.ToJsonString() ?? "null";
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
