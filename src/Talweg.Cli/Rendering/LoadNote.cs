using Spectre.Console;
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
                Write(terminal, line);
        }

        if (verbose || !loaded.OwnNames)
            Write(terminal, $"{loaded.Summary()}{(verbose ? "" : "; --verbose says it of every tensor")}");
    }

    /// <summary>Above the bars where there are any, for they are drawn anew.</summary>
    private static void Write(Terminal terminal, string text)
    {
        string line = $"talweg: {text}";
        if (terminal.ShowsBars)
            terminal.ErrorConsole.WriteLine(line);
        else
            terminal.Error.WriteLine(line);
    }
}
