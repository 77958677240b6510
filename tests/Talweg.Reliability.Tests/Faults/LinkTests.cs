namespace Talweg.Reliability.Tests.Faults;

/// <summary>A link inside a folder of ours leads nowhere; a link that the user names as an output leads where he put it.</summary>
public sealed class LinkTests
{
    private const string Precious = "a thesis";

    [Theory]
    [InlineData("report", ".lock-holder")]
    [InlineData("report", ".lock")]
    [InlineData("report", "study.json")]
    [InlineData("report", "findings.json")]
    [InlineData("report", "report.html")]
    [InlineData("run", ".lock-holder")]
    [InlineData("train", ".lock-holder")]
    [InlineData("train", "trajectory.safetensors")]
    [InlineData("train", "checkpoint.safetensors")]
    [InlineData("train", "weights.safetensors")]
    [InlineData("train", "history.json")]
    [InlineData("continual", "continual.json")]
    [InlineData("continual", "weights-after-1.safetensors")]
    public void What_a_link_in_the_folder_points_to_is_not_written(string name, string file)
    {
        using var work = Work.Brief(name);
        string outside = Path.Combine(work.Folder, "outside");
        File.WriteAllText(outside, Precious);
        Directory.CreateDirectory(work[""]);
        File.Delete(work[file]);
        File.CreateSymbolicLink(work[file], outside);
        work.RunHere();                                        // refused, or the link replaced: either is right
        Assert.Equal(Precious, File.ReadAllText(outside));
    }

    [Theory]
    [InlineData("report", "figures")]
    [InlineData("run", "cells")]
    [InlineData("run", "figures")]
    [InlineData("train", "snapshots")]
    [InlineData("continual", "task-1")]
    [InlineData("continual", "all-tasks")]
    public void Nothing_is_put_where_a_linked_folder_leads(string name, string linked)
    {
        using var work = Work.Brief(name);
        string outside = Path.Combine(work.Folder, "outside");
        Directory.CreateDirectory(outside);
        File.WriteAllText(Path.Combine(outside, "thesis.png"), Precious);
        Directory.CreateDirectory(work[""]);
        if (Directory.Exists(work[linked]))
            Directory.Delete(work[linked], recursive: true);
        Directory.CreateSymbolicLink(work[linked], outside);
        work.RunHere();
        Assert.Equal([Path.Combine(outside, "thesis.png")], Directory.GetFileSystemEntries(outside));
    }

    [Theory]
    [InlineData("cells")]
    [InlineData("figures")]
    public void Fresh_deletes_nothing_through_a_link(string linked)
    {
        using var work = Work.Of("run");
        string outside = Path.Combine(work.Folder, "outside");
        SmallRun.Put(SmallRun.OfDimensions, work[""]);
        Directory.Move(work[linked], outside);
        Directory.CreateSymbolicLink(work[linked], outside);
        var before = FolderBytes.Of(outside);
        work.RunHere("--fresh");
        FolderBytes.AssertSame(before, outside);
    }

    [Fact]
    public void An_output_that_is_a_link_is_followed_and_stays_one()
    {
        using var work = Work.Of("measure");
        string target = Path.Combine(work.Folder, "elsewhere.safetensors");
        File.WriteAllText(target, "old");
        File.CreateSymbolicLink(work["modes.safetensors"], target);
        work.RunHere().AssertSuccess();
        Assert.Equal(target, new FileInfo(work["modes.safetensors"]).LinkTarget);
        using var alone = Work.Of("measure");
        alone.RunHere().AssertSuccess();
        Assert.Equal(File.ReadAllBytes(alone["modes.safetensors"]), File.ReadAllBytes(target));
    }
}
