using System.Text.RegularExpressions;

namespace Talweg.Native;

/// <summary>What torch says went wrong, in one line.</summary>
/// <remarks>
/// A failure inside TorchScript begins with tracebacks of the serialised and of the original code and says its cause last, <c>RuntimeError: …</c>; any other says
/// it first, and frames of torch's own code may follow.
/// </remarks>
internal static partial class TorchCause
{
    private const string Interpreter = "The following operation failed in the TorchScript interpreter.";

    /// <summary>The cause, of torch's exceptions and of any other.</summary>
    public static string Of(Exception exception)
    {
        string[] lines = [.. exception.Message.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Trim().Length > 0)];
        if (lines.Length == 0)
            return exception.GetType().Name;
        return lines[0].StartsWith(Interpreter, StringComparison.Ordinal)
            ? Kind().Replace(lines.LastOrDefault(line => Kind().IsMatch(line)) ?? lines[^1].Trim(), "")
            : lines[0].Trim();
    }

    [GeneratedRegex(@"^(RuntimeError|[\w.]+(Error|Exception)): ")]
    private static partial Regex Kind();
}
