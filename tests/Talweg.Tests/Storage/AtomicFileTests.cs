using Talweg.Storage;

namespace Talweg.Tests.Storage;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Text_is_written_and_replaced_and_nothing_else_is_left()
    {
        AtomicFile.WriteAllText(folder["a.json"], "first, and longer");
        AtomicFile.WriteAllText(folder["a.json"], "Ψ");
        Assert.Equal([0xCE, 0xA8], File.ReadAllBytes(folder["a.json"]));
        Assert.Equal(["a.json"], folder.Names);
    }

    [Fact]
    public void A_writer_that_fails_leaves_the_old_file()
    {
        AtomicFile.WriteAllText(folder["a"], "old");
        Assert.Throws<FormatException>(() => AtomicFile.Write(folder["a"], stream =>
        {
            stream.WriteByte(1);
            throw new FormatException();
        }));
        Assert.Equal("old", File.ReadAllText(folder["a"]));
        Assert.Equal(["a"], folder.Names);
    }

    [Fact]
    public void Until_the_end_the_old_file_is_read()
    {
        AtomicFile.WriteAllText(folder["a"], "old");
        AtomicFile.Write(folder["a"], stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(folder["a"]));
        });
        Assert.Equal("new", File.ReadAllText(folder["a"]));
    }

    [Fact]
    public void Missing_folders_are_made_and_impossible_ones_refused()
    {
        AtomicFile.WriteAllText(Path.Combine(folder["new"], "deep", "a"), "x");
        Assert.Equal("x", File.ReadAllText(Path.Combine(folder["new"], "deep", "a")));
        AtomicFile.WriteAllText(folder["file"], "x");
        string message = Assert.Throws<InputException>(() => AtomicFile.WriteAllText(Path.Combine(folder["file"], "a"), "x")).Message;
        Assert.Contains("cannot be written", message);
        Directory.CreateDirectory(folder["taken"]);
        Assert.Throws<InputException>(() => AtomicFile.WriteAllText(folder["taken"], "x"));
        Assert.Equal(["file", "new", "taken"], folder.Names);
    }

    [Fact]
    public void A_link_stays_and_what_it_leads_to_is_replaced_with_its_mode()
    {
        Directory.CreateDirectory(folder["far"]);
        string target = Path.Combine(folder["far"], "target");
        File.WriteAllText(target, "old");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        File.CreateSymbolicLink(Path.Combine(folder["far"], "hop"), "target");
        File.CreateSymbolicLink(folder["link"], Path.Combine("far", "hop"));
        AtomicFile.WriteAllText(folder["link"], "new");
        Assert.Equal(Path.Combine("far", "hop"), new FileInfo(folder["link"]).LinkTarget);
        Assert.Equal("target", new FileInfo(Path.Combine(folder["far"], "hop")).LinkTarget);
        Assert.Equal("new", File.ReadAllText(target));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(target));
    }

    [Fact]
    public void A_link_to_nothing_makes_its_target_and_one_that_goes_round_is_refused()
    {
        File.CreateSymbolicLink(folder["link"], "target");
        AtomicFile.WriteAllText(folder["link"], "new");
        Assert.Equal("target", new FileInfo(folder["link"]).LinkTarget);
        Assert.Equal("new", File.ReadAllText(folder["target"]));
        File.CreateSymbolicLink(folder["round"], "round");
        Assert.EndsWith("round: file: found links that lead round in a circle, expected a file, or a link to one",
            Assert.Throws<InputException>(() => AtomicFile.WriteAllText(folder["round"], "x")).Message);
    }

    [Fact]
    public void A_target_is_found_as_the_system_finds_it()
    {
        // "near" lies in another folder than its name says, so ".." is not where the name is.
        Directory.CreateDirectory(Path.Combine(folder["a"], "b"));
        File.CreateSymbolicLink(folder["near"], Path.Combine("a", "b"));
        File.CreateSymbolicLink(Path.Combine(folder["a"], "b", "link"), Path.Combine("..", "target"));
        AtomicFile.WriteAllText(Path.Combine(folder["near"], "link"), "new");
        Assert.Equal("new", File.ReadAllText(Path.Combine(folder["a"], "target")));
    }

    [Fact]
    public void What_is_no_regular_file_is_refused_by_name_and_stays()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps no pipes among files.");
        NamedPipe.Make(folder["fifo"]);
        Directory.CreateDirectory(folder["folder"]);
        File.CreateSymbolicLink(folder["null"], "/dev/null");
        Assert.EndsWith("fifo: cannot be written: it is a named pipe (FIFO). Name a regular file, or a new one.", Refusal("fifo"));
        Assert.EndsWith("folder: cannot be written: it is a folder. Name a regular file, or a new one.", Refusal("folder"));
        Assert.EndsWith("null: cannot be written: it is a device. Name a regular file, or a new one.", Refusal("null"));
        Assert.Equal(FileKind.NamedPipe, FileKinds.OfEntry(folder["fifo"]));
        Assert.Equal(FileKind.Device, FileKinds.Of("/dev/null"));
        Assert.Equal(["fifo", "folder", "null"], folder.Names);
        string Refusal(string name) => Assert.Throws<InputException>(() => AtomicFile.WriteAllText(folder[name], "x")).Message;
    }

    [Fact]
    public void What_a_killed_writer_left_is_removed_and_nothing_else()
    {
        string[] others = [".talweg-notes.tmp", ".talweg-0123456789abcdef.tmp.txt", "talweg-0123456789abcdef.tmp", "mine.tmp"];
        foreach (string name in (string[])[.. others, ".talweg-0123456789abcdef.tmp"])
            File.WriteAllText(folder[name], "x");
        File.CreateSymbolicLink(folder[".talweg-00000000000000ff.tmp"], "mine.tmp");
        AtomicFile.RemoveLeftovers(folder["."]);
        AtomicFile.RemoveLeftovers(folder["absent"]);
        Assert.Equal(((string[])[.. others, ".talweg-00000000000000ff.tmp"]).Order(StringComparer.Ordinal), folder.Names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_file_is_written_under_a_name_that_a_leftover_has()
    {
        AtomicFile.Write(folder["a"], _ => Assert.Matches(@"^\.talweg-[0-9a-f]{16}\.tmp$", Assert.Single(folder.Names)));
        Assert.Equal(["a"], folder.Names);
    }

    [Fact]
    public void A_name_may_be_as_long_as_the_system_allows()
    {
        string longest = new('n', 255);
        AtomicFile.WriteAllText(folder[longest], "x");
        Assert.Equal([longest], folder.Names);
    }
}
