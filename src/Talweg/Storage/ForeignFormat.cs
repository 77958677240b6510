namespace Talweg.Storage;

/// <summary>Recognises files of other formats that people offer in place of safetensors, and says how to convert them.</summary>
internal static class ForeignFormat
{
    private const string Convert =
        "a safetensors file; convert it in Python: from safetensors.torch import save_file; save_file(model.state_dict(), \"w.safetensors\")";

    /// <param name="path">The file, for the message.</param>
    /// <param name="start">Its first bytes.</param>
    /// <returns>The error to throw, or null when the bytes are of no format known here.</returns>
    public static InputException? Recognise(string path, ReadOnlySpan<byte> start)
    {
        string? found =
            start.StartsWith("PK"u8) ? "a ZIP archive, as torch.save writes" :
            start.Length > 1 && start[0] == 0x80 && start[1] is >= 2 and <= 5 ? "a Python pickle, which Talweg never executes" :
            start.Length > 4 && start[0] == 0x89 && start[1..].StartsWith("HDF"u8) ? "an HDF5 file" :
            start.StartsWith("version "u8) ? "text, perhaps a Git LFS pointer whose file was not fetched ('git lfs pull')" :
            null;
        return found is null ? null : new InputException(path, "format", found, Convert);
    }
}
