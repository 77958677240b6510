using System.CommandLine;

namespace Talweg.Cli.Commands;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    /// <summary>One JSON document on standard output, and nothing else.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document and nothing else" };
}
