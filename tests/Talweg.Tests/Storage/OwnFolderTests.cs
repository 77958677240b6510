using Talweg.Storage;

namespace Talweg.Tests.Storage;

public sealed class OwnFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public OwnFolderTests() => Directory.CreateDirectory(folder["run"]);

    private OwnFolder Run => new(folder["run"]);

    public void Dispose() => folder.Dispose();

    private string Refusal(Func<object> action) => Assert.Throws<InputException>(action).Message.Replace(folder[""] + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

    [Fact]
    public void Files_and_folders_in_it_are_named_whether_they_are_there_or_not()
    {
        Assert.Equal(folder["run/a.json"], Run.File("a.json"));
        Assert.False(File.Exists(folder["run/a.json"]));
        Assert.Equal(folder["run/cells/b.json"], Run.Folder("cells").File("b.json"));
        Assert.True(Directory.Exists(folder["run/cells"]));
    }

    [Fact]
    public void Links_within_it_are_followed_and_it_may_be_reached_by_one()
    {
        File.WriteAllText(folder["run/a"], "a");
        File.CreateSymbolicLink(folder["run/b"], "a");
        File.CreateSymbolicLink(folder["elsewhere"], "run");
        Assert.Equal("a", File.ReadAllText(new OwnFolder(folder["elsewhere"]).File("b")));
    }

    [Fact]
    public void A_link_that_leads_out_is_refused_wherever_it_lies()
    {
        File.WriteAllText(folder["victim"], "precious");
        Directory.CreateDirectory(folder["runs"]);
        File.CreateSymbolicLink(folder["run/a"], "../victim");
        Directory.CreateSymbolicLink(folder["run/figures"], folder["runs"]);
        File.CreateSymbolicLink(folder["run/hop"], "figures/hop");
        Assert.StartsWith("run/a: leads out of run, to ", Refusal(() => Run.File("a")), StringComparison.Ordinal);
        Assert.EndsWith("victim. Files in this folder are Talweg's own; delete the link, or choose another folder.", Refusal(() => Run.File("a")), StringComparison.Ordinal);
        Assert.StartsWith("run/figures: leads out of run, to ", Refusal(() => Run.Folder("figures")), StringComparison.Ordinal);
        Assert.StartsWith("run/figures/x.png: leads out of run, to ", Refusal(() => Run.File("figures/x.png")), StringComparison.Ordinal);
        Assert.StartsWith("run/hop: leads out of run, to ", Refusal(() => Run.File("hop")), StringComparison.Ordinal);
        Assert.StartsWith("run/../victim: leads out of run, to ", Refusal(() => Run.File("../victim")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_file_or_no_folder_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps no pipes among files.");
        NamedPipe.Make(folder["run/study.json"]);
        Directory.CreateDirectory(folder["run/report.html"]);
        File.WriteAllText(folder["run/cells"], "");
        Assert.Equal("run/study.json: file: found a named pipe (FIFO), expected a regular file, as Talweg writes it", Refusal(() => Run.File("study.json")));
        Assert.Equal("run/report.html: file: found a folder, expected a regular file, as Talweg writes it", Refusal(() => Run.File("report.html")));
        Assert.Equal("run/cells: folder: found a regular file, expected a folder, as Talweg makes it", Refusal(() => Run.Folder("cells")));
    }

    [Fact]
    public void A_folder_that_was_deleted_is_not_made_again()
    {
        var run = Run;
        Directory.Delete(folder["run"]);
        Assert.Equal("run: the folder is gone; somebody has deleted, moved or unmounted it.", Refusal(() => run.File("a")));
        Assert.Equal("run: the folder is gone; somebody has deleted, moved or unmounted it.", Refusal(() => run.Folder("a")));
        Assert.Empty(folder.Names);
    }
}
