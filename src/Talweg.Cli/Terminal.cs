using System.Text;
using Spectre.Console;
using Talweg.Cli.Host;

namespace Talweg.Cli;

/// <summary>Where a command prints: results on standard output, everything else on standard error.</summary>
/// <remarks>
/// The Spectre consoles are made when first used: a command that prints plain text does without them. No text that is printed can command the terminal:
/// what the two writers get goes through <see cref="PlainText"/>, and so does what tables and progress bars show.
/// </remarks>
internal sealed class Terminal
{
    private readonly Lazy<IAnsiConsole> _console;
    private readonly Lazy<IAnsiConsole> _errorConsole;

    private Terminal(TextWriter output, TextWriter error, Func<IAnsiConsole> console, Func<IAnsiConsole> errorConsole, bool showsBars)
    {
        Out = new PlainWriter(output);
        Error = new PlainWriter(error);
        ShowsBars = showsBars;
        _console = new(console);
        _errorConsole = new(errorConsole);
    }

    /// <summary>Standard output, as plain text.</summary>
    public TextWriter Out { get; }

    /// <summary>Standard error, as plain text.</summary>
    public TextWriter Error { get; }

    /// <summary>Standard output, for tables.</summary>
    public IAnsiConsole Console => _console.Value;

    /// <summary>Standard error, for progress bars.</summary>
    public IAnsiConsole ErrorConsole => _errorConsole.Value;

    /// <summary>Whether progress is shown as bars: standard error is a terminal. Otherwise as lines, now and then.</summary>
    public bool ShowsBars { get; }

    /// <summary>A line on standard error, above the bars where there are some.</summary>
    public void Tell(string text)
    {
        if (ShowsBars)
            ErrorConsole.WriteLine(PlainText.Of(text));
        else
            Error.WriteLine(text);
    }

    /// <summary>The clock that progress goes by.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The process's own.</summary>
    public static Terminal OfProcess()
    {
        if (OperatingSystem.IsWindows())
            System.Console.OutputEncoding = Encoding.UTF8;
        System.Console.SetError(new LenientWriter(System.Console.Error));
        bool isFile = System.Console.IsOutputRedirected;
        var output = isFile ? Results() : System.Console.Out;
        return new(
            output,
            System.Console.Error,
            () => isFile ? Plain(output, RedirectedWidth) : AnsiConsole.Console,
            () => AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(System.Console.Error) }),
            showsBars: !System.Console.IsErrorRedirected);
    }

    /// <summary>Plain text into writers.</summary>
    public static Terminal Into(TextWriter output, TextWriter error, int width = RedirectedWidth) =>
        new(output, error, () => Plain(output, width), () => Plain(error, width), showsBars: false);

    /// <summary>Consoles of a test.</summary>
    public static Terminal Of(IAnsiConsole console, IAnsiConsole errorConsole, bool showsBars) =>
        new(console.Profile.Out.Writer, errorConsole.Profile.Out.Writer, () => console, () => errorConsole, showsBars);

    private const int RedirectedWidth = 120;

    /// <summary>A file or pipe behind standard output, which gets the results and nothing else.</summary>
    private static TextWriter Results() => StandardStreams.SetResultsApart() is { } results
        ? TextWriter.Synchronized(new StreamWriter(results, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true })
        : System.Console.Out;

    private static IAnsiConsole Plain(TextWriter writer, int width)
    {
        var console = AnsiConsole.Create(new()
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
