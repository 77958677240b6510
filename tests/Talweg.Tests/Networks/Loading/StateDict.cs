using System.Text.Json;
using Talweg.Networks;
using Talweg.Tests.Storage;

namespace Talweg.Tests.Networks.Loading;

/// <summary>A state_dict as PyTorch has it, in order, and the files that writers make of it; shares no code with the library.</summary>
internal sealed class StateDict
{
    private readonly List<(string Name, string Type, int[] Shape, byte[] Data)> _entries = [];

    public static StateDict Of(NetworkWeights weights, Func<string, string>? rename = null)
    {
        var state = new StateDict();
        foreach (var (tensor, values) in weights.Network.Tensors.Zip(weights.Tensors))
            state.Add(rename?.Invoke(tensor.Name) ?? tensor.Name, [.. tensor.Shape], values);
        return state;
    }

    public StateDict Add(string name, int[] shape, float[] values) => Add(name, "F32", shape, [.. values.SelectMany(BitConverter.GetBytes)]);

    public StateDict AddCounter(string name, params int[] shape) => Add(name, "I64", shape, BitConverter.GetBytes(120L));

    public StateDict Add(string name, string type, int[] shape, byte[] data)
    {
        _entries.Add((name, type, shape, data));
        return this;
    }

    public StateDict Without(Func<string, bool> which)
    {
        _entries.RemoveAll(entry => which(entry.Name));
        return this;
    }

    /// <summary>As Python's save_file: 64-bit integers first, then names in the order of their characters.</summary>
    public void SaveFile(string path, params (string Key, string Value)[] metadata) =>
        Write(path, [.. _entries.OrderBy(entry => entry.Type != "I64").ThenBy(entry => entry.Name, StringComparer.Ordinal)], metadata);

    /// <summary>In the dictionary's order.</summary>
    public void SaveInOrder(string path, params (string Key, string Value)[] metadata) => Write(path, _entries, metadata);

    /// <summary>The names in order, as json.dumps(list(state)) has them.</summary>
    public string Order() => JsonSerializer.Serialize(_entries.Select(entry => entry.Name));

    private static void Write(string path, List<(string Name, string Type, int[] Shape, byte[] Data)> entries, (string Key, string Value)[] metadata)
    {
        var header = new Dictionary<string, object>();
        if (metadata.Length > 0)
            header["__metadata__"] = metadata.ToDictionary(pair => pair.Key, pair => pair.Value);
        long offset = 0;
        foreach (var (name, type, shape, data) in entries)
        {
            header[name] = new { dtype = type, shape, data_offsets = new[] { offset, offset + data.Length } };
            offset += data.Length;
        }

        File.WriteAllBytes(path, SafeTensorsBytes.File(JsonSerializer.Serialize(header), [.. entries.SelectMany(entry => entry.Data)]));
    }
}
