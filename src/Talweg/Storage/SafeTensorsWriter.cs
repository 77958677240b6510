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
    /// <param name="checksum">Also writes a checksum of the whole file, <c>talweg-sha256</c>, into the metadata: see <see cref="SafeTensorsFile.RequireChecksum"/>.</param>
    /// <exception cref="ArgumentException">Two tensors share a name; or the metadata have a <c>talweg-sha256</c> of their own beside the checksum.</exception>
    /// <exception cref="InputException">The file cannot be written there.</exception>
    public static void Write(string path, IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null, bool checksum = false)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        NamedTensor[] ordered = [.. tensors.OrderBy(tensor => tensor.Type).ThenBy(tensor => tensor.Name, StringComparer.Ordinal)];
        byte[] header = SafeTensorsHeaderText.Compose(Entries(ordered), checksum ? WithBlank(metadata) : metadata);
        AtomicFile.Write(path, stream =>
        {
            if (checksum)
                SafeTensorsSeal.Write(stream, header, WriteAll);
            else
            {
                stream.Write(header);
                WriteAll(stream);
            }
        });

        void WriteAll(Stream stream)
        {
            foreach (var tensor in ordered)
                tensor.WriteTo(stream);
        }
    }

    private static Dictionary<string, string> WithBlank(IReadOnlyDictionary<string, string>? metadata)
    {
        var all = metadata is null ? [] : new Dictionary<string, string>(metadata);
        if (!all.TryAdd(SafeTensorsSeal.Key, SafeTensorsSeal.Blank))
            throw new ArgumentException($"The metadata have '{SafeTensorsSeal.Key}' already, which is the checksum's name.", nameof(metadata));
        return all;
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
