namespace Talweg.Cli;

/// <summary>The folder that <c>--out</c> names.</summary>
internal static class OutputFolder
{
    /// <exception cref="InputException">It is a file.</exception>
    public static void Require(string folder)
    {
        if (File.Exists(folder))
            throw new InputException("--out", folder, "a file", "a folder, or a path where one can be made");
    }
}
