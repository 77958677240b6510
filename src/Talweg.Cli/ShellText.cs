namespace Talweg.Cli;

/// <summary>Arguments as a shell takes them.</summary>
internal static class ShellText
{
    /// <summary>The argument itself where no shell would change it, else in single quotes.</summary>
    public static string Quote(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "_@%+=:,./-".Contains(c, StringComparison.Ordinal))
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
