using Talweg.Storage;

namespace Talweg.Tests.Storage;

public sealed class FolderLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Here => _folder["run"];

    private string Inside(string name) => Path.Combine(Here, name);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Only_one_holds_it_and_the_other_is_told_who()
    {
        using (var held = FolderLock.Take(Here))
        {
            Assert.Equal(Here, held.Folder);
            Assert.Equal($"{Here}: process {Environment.ProcessId} is running in this folder; wait for it, stop it, or choose another folder.",
                Assert.Throws<InputException>(() => FolderLock.Take(Here)).Message);
            Assert.Equal($"{Environment.ProcessId}", File.ReadAllText(Inside(".lock-holder")));
        }

        Assert.Equal([".lock"], Directory.GetFiles(Here).Select(Path.GetFileName));
        FolderLock.Take(Here).Dispose();
    }

    [Fact]
    public void What_a_dead_process_left_is_taken_over()
    {
        Directory.CreateDirectory(Here);
        File.WriteAllText(Inside(".lock"), "");
        File.WriteAllText(Inside(".lock-holder"), "999999");
        using (FolderLock.Take(Here))
            Assert.Equal($"{Environment.ProcessId}", File.ReadAllText(Inside(".lock-holder")));
        Assert.False(File.Exists(Inside(".lock-holder")));
    }

    [Theory]
    [InlineData("mine: 12")]
    [InlineData("12345678901")]
    [InlineData("\u001b[2J")]
    [InlineData("")]
    public void A_holder_that_is_no_process_is_left_alone_and_not_shown(string text)
    {
        Directory.CreateDirectory(Here);
        File.WriteAllText(Inside(".lock-holder"), text);
        using (FolderLock.Take(Here))
            Assert.StartsWith($"{Here}: another process is running in this folder", Assert.Throws<InputException>(() => FolderLock.Take(Here)).Message);
        Assert.Equal(text, File.ReadAllText(Inside(".lock-holder")));
    }

    [Theory]
    [InlineData("123")]
    [InlineData("my notes")]
    [InlineData(null)]
    public void A_link_is_not_followed(string? victim)
    {
        Directory.CreateDirectory(Here);
        if (victim is not null)
            File.WriteAllText(_folder["victim"], victim);
        File.CreateSymbolicLink(Inside(".lock-holder"), _folder["victim"]);
        using (FolderLock.Take(Here))
            Assert.Contains(": another process is running", Assert.Throws<InputException>(() => FolderLock.Take(Here)).Message);
        Assert.Equal(_folder["victim"], new FileInfo(Inside(".lock-holder")).LinkTarget);
        File.Delete(Inside(".lock"));
        File.CreateSymbolicLink(Inside(".lock"), _folder["victim"]);
        Assert.Equal($"{Inside(".lock")}: file: found a link to {_folder["victim"]}, expected an empty file of Talweg's own, or none; remove the link",
            Assert.Throws<InputException>(() => FolderLock.Take(Here)).Message);
        Assert.Equal(victim, File.Exists(_folder["victim"]) ? File.ReadAllText(_folder["victim"]) : null);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_not_another_process()
    {
        File.WriteAllText(_folder["file"], "");
        string below = Path.Combine(_folder["file"], "run");
        Assert.StartsWith($"{below}: the folder cannot be written: ", Assert.Throws<InputException>(() => FolderLock.Take(below)).Message);
        Directory.CreateDirectory(Inside(".lock"));
        Assert.Equal($"{Inside(".lock")}: file: found a folder, expected an empty file of Talweg's own, or none", Assert.Throws<InputException>(() => FolderLock.Take(Here)).Message);
        Assert.EndsWith(" Free it.", Assert.Throws<InputException>(() => FolderLock.Wait(below, "Free it.", TestContext.Current.CancellationToken)).Message);
    }

    [Fact]
    public async Task Who_waits_gets_it_when_it_is_free()
    {
        var held = FolderLock.Take(Here);
        using var hasty = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        Assert.Throws<OperationCanceledException>(() => FolderLock.Wait(Here, "", hasty.Token));
        var waiting = Task.Run(() => FolderLock.Wait(Here, "", TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        held.Dispose();
        (await waiting).Dispose();
    }

    [Fact]
    public void A_folder_that_is_gone_at_the_end_is_no_error()
    {
        var held = FolderLock.Take(Here);
        Directory.Delete(Here, recursive: true);
        held.Dispose();
        Assert.False(Directory.Exists(Here));
    }

    [Fact]
    public void Who_holds_it_is_told_when_the_folder_is_gone_or_anothers()
    {
        using var held = FolderLock.Take(Here);
        held.RequireHeld();
        Directory.Delete(Here, recursive: true);
        string message = $"{Here}: the folder was deleted, moved or unmounted while this process wrote in it; nothing more was written.";
        Assert.Equal(message, Assert.Throws<InputException>(held.RequireHeld).Message);
        Directory.CreateDirectory(Here);
        File.WriteAllText(Inside(".lock-holder"), "1");
        Assert.Equal(message, Assert.Throws<InputException>(held.RequireHeld).Message);
    }

    [Fact]
    public void Its_files_are_known_by_name()
    {
        Assert.True(FolderLock.Owns(".lock") && FolderLock.Owns(".lock-holder"));
        Assert.False(FolderLock.Owns("lock"));
    }
}
