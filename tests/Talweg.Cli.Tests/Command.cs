using Talweg.Studies;
using Talweg.Studies.Running;

namespace Talweg.Cli.Tests;

/// <summary>The command in this process, with its output caught.</summary>
/// <param name="ExitCode">What the shell would see.</param>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record Command(int ExitCode, string Out, string Error)
{
    public static Command Run(params string[] arguments) => Run([], default, arguments);

    public static Command Run(IReadOnlyList<IStudy> studies, CancellationToken cancellation, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var session = new Session(arguments, Terminal.Into(output, error), () => new StudyCatalogue(studies), cancellation);
        int code = CommandLine.Run(session);
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>The command refused its input: exit code 2, nothing on standard output, and this on standard error.</summary>
    public void AssertMistake(string message)
    {
        Assert.Equal((2, ""), (ExitCode, Out));
        Assert.StartsWith("talweg: ", Error, StringComparison.Ordinal);
        Assert.Contains(message, Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
    }

    /// <summary>The command went well; its output.</summary>
    public string AssertSuccess()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}");
        return Out;
    }
}
