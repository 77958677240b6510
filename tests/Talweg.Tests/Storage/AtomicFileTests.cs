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
}
