using System.Diagnostics;

namespace Talweg.Reliability.Tests.Faults;

/// <summary>Of two processes in one folder the second is refused, and the first ends as if it had been alone.</summary>
public sealed class TwoAtOnceTests
{
    [Theory]
    [InlineData("run")]
    [InlineData("train")]
    [InlineData("continual")]
    public void The_second_is_refused_and_the_first_is_right(string name)
    {
        using var alone = Work.Of(name);
        alone.Run().AssertSuccess();
        var expected = FolderBytes.Of(alone[""]);

        using var both = Work.Of(name);
        using var first = TalwegProgram.Start(both.Folder, [TalwegProgram.File, .. both.Arguments]);
        Assert.True(Waited(() => new FileInfo(both[".lock-holder"]) is { Exists: true, Length: > 0 }, first), "the first took no lock");
        Signal(first, "STOP");                                 // so that the second meets it in the middle of its work, on any machine
        try
        {
            both.Run().AssertMistake($"process {first.Id}", "running in this folder");
        }
        finally
        {
            Signal(first, "CONT");
        }

        TalwegProgram.End(first).AssertSuccess();
        FolderBytes.AssertSame(expected, both[""]);
    }

    private static bool Waited(Func<bool> until, Process process)
    {
        while (!until())
        {
            if (process.WaitForExit(TimeSpan.FromMilliseconds(5)))
                return until();
        }

        return true;
    }

    private static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        kill.WaitForExit();
    }
}
