namespace Talweg.Data;

/// <summary>Writes files that are either complete or absent.</summary>
internal static class AtomicFile
{
    /// <summary>Writes beside <paramref name="path"/> and renames; whoever reads sees the old file or the whole new one.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        string unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
