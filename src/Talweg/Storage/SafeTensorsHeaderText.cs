using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Talweg.Storage;

/// <summary>Writes safetensors headers: the same bytes for the same tensors, and those that Python's safetensors writes.</summary>
internal static class SafeTensorsHeaderText
{
    // Python's header escapes only what JSON demands.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Length and JSON, padded with spaces to a multiple of eight bytes.</summary>
    /// <param name="entries">The tensors; their offsets count from the beginning of the data.</param>
    /// <param name="metadata">Free text by key; written in the keys' ordinal order.</param>
    public static byte[] Compose(IEnumerable<TensorEntry> entries, IReadOnlyDictionary<string, string>? metadata)
    {
        byte[] json = Json(entries, metadata);
        return Frame(json, SafeTensorsHeader.PrefixBytes + (json.Length + 7) / 8 * 8);
    }

    /// <summary>The header of one tensor without metadata, padded to exactly <paramref name="totalBytes"/>.</summary>
    public static byte[] ComposeFixed(TensorEntry entry, int totalBytes) => Frame(Json([entry], null), totalBytes);

    private static byte[] Frame(byte[] json, int totalBytes)
    {
        byte[] header = new byte[totalBytes];
        BinaryPrimitives.WriteInt64LittleEndian(header, totalBytes - SafeTensorsHeader.PrefixBytes);
        json.CopyTo(header, SafeTensorsHeader.PrefixBytes);
        header.AsSpan(SafeTensorsHeader.PrefixBytes + json.Length).Fill((byte)' ');
        return header;
    }

    private static byte[] Json(IEnumerable<TensorEntry> entries, IReadOnlyDictionary<string, string>? metadata)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
                WriteMetadata(json, metadata);
            foreach (var entry in entries)
                WriteEntry(json, entry);
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject("__metadata__");
        foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, TensorEntry entry)
    {
        json.WriteStartObject(entry.Name);
        json.WriteString("dtype", ElementTypes.Name(entry.Type));
        WriteIntegers(json, "shape", entry.Shape);
        WriteIntegers(json, "data_offsets", [entry.Offset, entry.Offset + entry.Length]);
        json.WriteEndObject();
    }

    private static void WriteIntegers(Utf8JsonWriter json, string key, IEnumerable<long> values)
    {
        json.WriteStartArray(key);
        foreach (long value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
