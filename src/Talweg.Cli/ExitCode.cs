namespace Talweg.Cli;

/// <summary>What the command tells the shell.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>A failure of ours; or, of `doctor`, something that does not work here.</summary>
    public const int Failure = 1;

    /// <summary>The user gave something that cannot be used.</summary>
    public const int Mistake = 2;

    /// <summary>The user stopped the command: 128 + SIGINT.</summary>
    public const int Stopped = 130;
}
