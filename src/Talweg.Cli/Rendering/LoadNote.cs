using Talweg.Networks.Loading;

namespace Talweg.Cli.Rendering;

/// <summary>Says on standard error what a file's tensors were read as, unless every name was Talweg's own and nobody asked.</summary>
internal static class LoadNote
{
    public static void Write(Terminal terminal, LoadedWeights loaded, bool verbose)
    {
        if (verbose)
        {
            foreach (string line in loaded.Lines())
                terminal.Tell($"talweg: {line}");
        }

        if (verbose || !loaded.OwnNames)
            terminal.Tell($"talweg: {loaded.Summary()}{(verbose ? "" : "; --verbose says it of every tensor")}");
    }
}
