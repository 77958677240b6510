using System.Runtime.Versioning;

namespace Talweg.Reliability.Tests.Faults;

/// <summary>A folder that may not be written into is named, and nothing else happens.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ReadOnlyTests
{
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    [Theory]
    [InlineData("run")]
    [InlineData("train")]
    [InlineData("continual")]
    [InlineData("measure")]
    [InlineData("report")]
    public void A_read_only_folder_is_named(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sets the permissions of Unix");
        using var work = Work.Brief(name);
        Directory.CreateDirectory(work[""]);
        foreach (string folder in (string[])[work.Folder, .. Directory.GetDirectories(work.Folder, "*", SearchOption.AllDirectories)])
            File.SetUnixFileMode(folder, ReadOnly | UnixFileMode.UserWrite);
        string[] folders = [work[""], .. Directory.GetDirectories(work[""], "*", SearchOption.AllDirectories)];
        var before = FolderBytes.Of(work[""]);
        foreach (string folder in folders)
            File.SetUnixFileMode(folder, ReadOnly);
        try
        {
            string temporary = Path.GetTempPath();
            var end = TalwegProgram.End(TalwegProgram.Start(work.Folder, [.. AsOrdinaryUser, TalwegProgram.File, .. work.Arguments], ("HOME", temporary), ("XDG_CACHE_HOME", temporary)));
            end.AssertMistake(work.Writes);
            FolderBytes.AssertSame(before, work[""]);
        }
        finally
        {
            foreach (string folder in folders)
                File.SetUnixFileMode(folder, ReadOnly | UnixFileMode.UserWrite);
        }
    }

    /// <summary>Root may write everywhere, so where the tests run as root the program runs as nobody.</summary>
    private static string[] AsOrdinaryUser => Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"] : [];
}
