using System.Diagnostics;

namespace Talweg.Tests.Storage;

/// <summary>Makes named pipes, which .NET cannot.</summary>
internal static class NamedPipe
{
    public static void Make(string path)
    {
        using var made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
    }
}
