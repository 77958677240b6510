using System.Text.Json;

namespace Talweg.Storage;

/// <summary>Parses the JSON of a safetensors header, refusing what is ambiguous or absurd.</summary>
internal ref struct SafeTensorsJson
{
    private const int DeepestNesting = 3;
    private const int MostAxes = 64;
    private const string MetadataName = "__metadata__";

    private readonly string path;
    private readonly long dataStart;
    private Utf8JsonReader json;

    private SafeTensorsJson(string path, ReadOnlySpan<byte> text, long dataStart)
    {
        this.path = path;
        this.dataStart = dataStart;
        json = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = DeepestNesting });
    }

    /// <param name="path">The file, for messages.</param>
    /// <param name="text">The header's JSON, with its padding.</param>
    /// <param name="dataStart">Where the data begin in the file, in bytes.</param>
    /// <exception cref="InputException">The JSON is not that of a safetensors header.</exception>
    public static SafeTensorsHeader Parse(string path, ReadOnlySpan<byte> text, long dataStart)
    {
        try
        {
            return new SafeTensorsJson(path, text, dataStart).Header();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InputException(path, "header", $"JSON with an error: {e.Message}", "a safetensors header in valid JSON and UTF-8");
        }
    }

    private SafeTensorsHeader Header()
    {
        var entries = new Dictionary<string, TensorEntry>();
        Dictionary<string, string>? metadata = null;
        json.Read();
        while (NextName("header") is { } name)
        {
            if (name == MetadataName)
                metadata = metadata is null ? Metadata() : throw Duplicate("header", name);
            else if (!entries.TryAdd(name, Entry(name)))
                throw Duplicate("header", name);
        }
        json.Read();   // throws if anything but white space follows
        return new SafeTensorsHeader([.. entries.Values], metadata ?? [], dataStart);
    }

    private Dictionary<string, string> Metadata()
    {
        var metadata = new Dictionary<string, string>();
        Open(MetadataName, JsonTokenType.StartObject);
        while (NextName(MetadataName) is { } key)
        {
            json.Read();
            Require($"{MetadataName}, '{Quoted.Name(key)}'", JsonTokenType.String);
            if (!metadata.TryAdd(key, json.GetString()!))
                throw Duplicate(MetadataName, key);
        }
        return metadata;
    }

    private TensorEntry Entry(string name)
    {
        string field = $"tensor '{Quoted.Name(name)}'";
        ElementType? type = null;
        List<long>? shape = null, offsets = null;
        Open(field, JsonTokenType.StartObject);
        while (NextName(field) is { } key)
        {
            switch (key)
            {
                case "dtype" when type is null: type = Type(field); break;
                case "shape" when shape is null: shape = Integers($"{field}, shape", MostAxes); break;
                case "data_offsets" when offsets is null: offsets = Integers($"{field}, data_offsets", 2); break;
                case "dtype" or "shape" or "data_offsets": throw Duplicate(field, key);
                default: throw new InputException(path, field, $"the key '{Quoted.Name(key)}'", "only dtype, shape and data_offsets");
            }
        }
        return Placed(name, field, type ?? throw Missing(field, "dtype"), shape ?? throw Missing(field, "shape"),
            offsets ?? throw Missing(field, "data_offsets"));
    }

    private readonly TensorEntry Placed(string name, string field, ElementType type, List<long> shape, List<long> offsets)
    {
        if (offsets.Count != 2 || offsets[1] < offsets[0] || offsets[1] > long.MaxValue - dataStart)
        {
            throw new InputException(path, $"{field}, data_offsets", $"[{string.Join(", ", offsets)}]",
                "a beginning and an end not before it, in bytes");
        }
        var entry = new TensorEntry(name, type, shape.AsReadOnly(), dataStart + offsets[0], offsets[1] - offsets[0]);
        if (ByteCount(entry) is not { } bytes || bytes != entry.Length)
        {
            throw new InputException(path, $"{field}, data_offsets", $"{entry.Length} bytes",
                $"{ByteCount(entry)?.ToString() ?? "a sensible shape, not more than 2^63"} bytes of {ElementTypes.Name(type)} {entry.ShapeText}");
        }
        return entry;
    }

    /// <summary>The product of the shape times the element's size, or null when it overflows.</summary>
    private static long? ByteCount(TensorEntry entry)
    {
        Int128 bytes = ElementTypes.Size(entry.Type);
        foreach (long extent in entry.Shape)
        {
            bytes *= extent;   // both factors are below 2^63, so the product fits
            if (bytes > long.MaxValue)
                return null;
        }
        return (long)bytes;
    }

    private ElementType Type(string field)
    {
        json.Read();
        Require($"{field}, dtype", JsonTokenType.String);
        string name = json.GetString()!;
        return ElementTypes.TryParse(name, out var type)
            ? type
            : throw new InputException(path, $"{field}, dtype", $"'{Quoted.Name(name)}'", $"one of {ElementTypes.AllNames}");
    }

    private List<long> Integers(string field, int most)
    {
        var values = new List<long>();
        Open(field, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            Require(field, JsonTokenType.Number);
            if (!json.TryGetInt64(out long value) || value < 0)
                throw new InputException(path, field, "a number that is negative, broken or above 2^63", "whole numbers from 0 on");
            values.Add(value);
            if (values.Count > most)
                throw new InputException(path, field, $"more than {most} numbers", $"at most {most}");
        }
        return values;
    }

    /// <summary>The next key of the object being read, or null at its end.</summary>
    private string? NextName(string field)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.EndObject)
            return null;
        Require(field, JsonTokenType.PropertyName);
        return json.GetString();
    }

    private void Open(string field, JsonTokenType bracket)
    {
        json.Read();
        Require(field, bracket);
    }

    private readonly void Require(string field, JsonTokenType type)
    {
        if (json.TokenType != type)
            throw new InputException(path, field, $"JSON {json.TokenType}", $"{type}");
    }

    private readonly InputException Duplicate(string field, string key) =>
        new(path, field, $"the key '{Quoted.Name(key)}' twice", "each key once");

    private readonly InputException Missing(string field, string key) =>
        new(path, field, $"no key '{key}'", "dtype, shape and data_offsets");
}
