namespace Talweg.Storage;

/// <summary>Where a file that a user named is written: links are followed, and nothing but a regular file is ever replaced.</summary>
internal static class OutputPath
{
    /// <summary>The file that is there or will be, no longer a link.</summary>
    /// <exception cref="InputException">A folder, a named pipe, a device or a socket is there; or links lead nowhere.</exception>
    public static string Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (FileKinds.Of(path) is not (FileKind.None or FileKind.Regular) and var kind)
            throw new InputException($"{path}: cannot be written: it is {kind.InWords()}. Name a regular file, or a new one.");
        return RealPath.Of(path);
    }

    /// <summary>Whether the system refused to write: no space, no right, or a limit on the size of files, for which .NET has a strange exception.</summary>
    public static bool IsRefusal(Exception error) => error is IOException or UnauthorizedAccessException || IsSizeLimit(error);

    /// <summary>A system's message without the name of a temporary file in it: "No space left on device".</summary>
    public static string Reason(Exception error)
    {
        if (IsSizeLimit(error))
            return "it would grow beyond the limit that this process has for files (ulimit -f)";
        int name = error.Message.IndexOf(" : '", StringComparison.Ordinal);
        return name > 0 ? error.Message[..name] : error.Message;
    }

    private static bool IsSizeLimit(Exception error) => error is ArgumentOutOfRangeException && error.TargetSite?.DeclaringType == typeof(RandomAccess);
}
