namespace Talweg.Storage;

/// <summary>Writes safetensors files, atomically and with the same bytes for the same tensors.</summary>
public static class SafeTensorsWriter
{
    /// <summary>Writes tensors to a file, replacing it only when all is on disk.</summary>
    /// <remarks>
    /// As in Python's safetensors, double precision comes before single, then names in ordinal order; the header is padded
    /// with spaces to eight bytes. So the order in which tensors are given does not matter, nor does that of the metadata.
    /// </remarks>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="tensors">The tensors; no two of one name.</param>
    /// <param name="metadata">Free text for the header's <c>__metadata__</c>; null or empty for none.</param>
    /// <exception cref="ArgumentException">Two tensors share a name.</exception>
    /// <exception cref="InputException">The file cannot be written there.</exception>
    public static void Write(string path, IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        NamedTensor[] ordered = [.. tensors.OrderBy(tensor => tensor.Type).ThenBy(tensor => tensor.Name, StringComparer.Ordinal)];
        byte[] header = SafeTensorsHeaderText.Compose(Entries(ordered), metadata);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach (var tensor in ordered)
                tensor.WriteTo(stream);
        });
    }

    private static List<TensorEntry> Entries(NamedTensor[] tensors)
    {
        if (tensors.CountBy(tensor => tensor.Name).FirstOrDefault(pair => pair.Value > 1) is { Value: > 1 } twice)
            throw new ArgumentException($"Two tensors are named '{twice.Key}'; each needs its own name.", nameof(tensors));
        var entries = new List<TensorEntry>(tensors.Length);
        long offset = 0;
        foreach (var tensor in tensors)
        {
            entries.Add(new TensorEntry(tensor.Name, tensor.Type, tensor.Shape, offset, tensor.ByteCount));
            offset += tensor.ByteCount;
        }
        return entries;
    }
}
