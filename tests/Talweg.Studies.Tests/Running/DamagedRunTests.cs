using System.Diagnostics;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.Running;

/// <summary>What a run does with a folder that was damaged, deleted or made by somebody else.</summary>
public sealed class DamagedRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CountingStudy _study = new();

    private string Output => _folder.File("run");

    public void Dispose() => _folder.Dispose();

    private RunOutcome Run(bool fresh = false, params string[] set) =>
        new StudyRunner(_study).RunAsync(new() { Preset = "quick", Output = Output, Overrides = set, Fresh = fresh, Cores = 2 }, null, TestContext.Current.CancellationToken).GetAwaiter().GetResult();

    private string Refusal(Action action) => Assert.Throws<InputException>(action).Message.Replace(Output, "RUN", StringComparison.Ordinal);

    private string FileOf(RunOutcome outcome, string name) => Path.Combine(Output, "cells", outcome.Cells[0].Address, name);

    private static void Flip(string path, int place)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[place] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    [Theory]
    [InlineData("result.json", 0, "/result.json: checksum: found one of other bytes, expected that in the cell's done.json: the file has changed since Talweg wrote it")]
    [InlineData("cell.json", 30, "/cell.json: checksum: found one of other bytes, expected that in the cell's done.json: the file has changed since Talweg wrote it")]
    [InlineData("done.json", 40, "/done.json: sha256: found a checksum of other bytes, expected an undamaged file: it has changed since Talweg wrote it; `talweg run` measures the cell again")]
    public void A_damaged_cell_is_named_and_measured_again(string file, int place, string message)
    {
        var first = Run();
        string cell = FileOf(first, "");
        byte[] result = File.ReadAllBytes(FileOf(first, "result.json"));
        Flip(FileOf(first, file), place);
        string found = $"RUN/cells/{first.Cells[0].Address}{message}";
        Assert.StartsWith($"RUN: cells: found 1 of 2 measured by this version ({found}), expected all of them; this measures the others: ",
            Refusal(() => new StudyRunner(_study).Report(Output, TestContext.Current.CancellationToken)), StringComparison.Ordinal);
        var second = Run();
        Assert.Equal($"{found} The cell is measured again; its folder is now RUN/cells/{first.Cells[0].Address}.damaged", Assert.Single(second.MeasuredAgain).Replace(Output, "RUN", StringComparison.Ordinal));
        Assert.Equal(3, _study.Measured.Count);
        Assert.Equal(result, File.ReadAllBytes(FileOf(first, "result.json")));
        Assert.True(File.Exists(Path.Combine(cell + ".damaged", file)));
        Assert.Empty(Run().MeasuredAgain);
    }

    [Fact]
    public void A_result_that_is_gone_is_measured_again()
    {
        var first = Run();
        File.Delete(FileOf(first, "result.json"));
        Assert.Contains("result.json: file: found nothing there, expected a result that the cell's done.json lists", Assert.Single(Run().MeasuredAgain), StringComparison.Ordinal);
        Assert.True(File.Exists(FileOf(first, "result.json")));
    }

    [Fact]
    public void A_cell_that_cannot_go_on_from_what_is_there_begins_anew()
    {
        _study.Before = (cell, context) => throw new OperationCanceledException();
        Assert.ThrowsAny<Exception>(() => Run());
        int tries = 0;
        _study.Before = (cell, context) =>
        {
            if (cell.Seed == 0 && tries++ == 0)
                throw new InputException(context.File("checkpoint.safetensors"), "checksum", "one of other bytes", "an undamaged file");
        };
        Assert.Contains("checkpoint.safetensors: checksum: found one of other bytes", Assert.Single(Run().MeasuredAgain), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_record_of_the_run_is_named()
    {
        Run();
        Flip(Path.Combine(Output, "study.json"), 20);
        Assert.Equal("RUN/study.json: sha256: found a checksum of other bytes, expected an undamaged file: it has changed since Talweg wrote it; --fresh deletes the run and starts over", Refusal(() => Run()));
        Run(fresh: true);
        File.WriteAllText(Path.Combine(Output, "study.json"), "");
        Assert.Equal("RUN/study.json: sha256: found none at its end, expected the checksum with which this version of Talweg writes it: it was cut, changed, or written by something else; --fresh deletes the run and starts over", Refusal(() => Run()));
    }

    [Fact]
    public void A_disk_that_takes_no_more_fails_its_cell_and_the_others_go_on()
    {
        _study.Before = (cell, _) => { if (cell.Seed == 0) throw new IOException("No space left on device"); };
        Assert.Equal("1 of 2 cells failed and will run again; the first was rate 0.1, seed 0: No space left on device", Refusal(() => Run()));
        _study.Before = (_, _) => { };
        Run();
        Assert.Equal(["rate 0.1, seed 0", "rate 0.1, seed 0", "rate 0.1, seed 1"], _study.Measured.Order());
    }

    [Fact]
    public void What_several_threads_of_a_cell_met_is_told_as_what_a_user_can_mend()
    {
        _study.Before = (_, _) => throw new AggregateException(new InvalidOperationException("stopped by the other"), new AggregateException(new InputException("RUN/modes.parquet: cannot be written: the disk is full")));
        Assert.Equal("RUN/modes.parquet: cannot be written: the disk is full", Refusal(() => Run()));
    }

    [Fact]
    public void A_folder_deleted_under_a_run_is_said_and_not_made_again()
    {
        _study.Before = (cell, context) =>
        {
            if (Directory.Exists(Output))
                Directory.Delete(Output, recursive: true);
        };
        Assert.Contains("the folder is gone; somebody has deleted, moved or unmounted it.", Refusal(() => Run(false, "seeds=1")), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Theory]
    [InlineData("study.json")]
    [InlineData("findings.json")]
    [InlineData("report.html")]
    [InlineData(".made")]
    [InlineData("cells/CELL/done.json")]
    [InlineData("cells/CELL/result.json")]
    public async Task A_named_pipe_by_the_name_of_a_file_is_refused_without_waiting(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps no pipes among files.");
        var outcome = Run();
        string path = Path.Combine(Output, name.Replace("CELL", outcome.Cells[0].Address, StringComparison.Ordinal));
        File.Delete(path);
        using (var made = Process.Start("mkfifo", [path]))
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        var report = Task.Run(() => Refusal(() => new StudyRunner(_study).Report(Output, TestContext.Current.CancellationToken)), TestContext.Current.CancellationToken);
        Assert.Contains("file: found a named pipe (FIFO), expected a regular file", await report.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("findings.json")]
    [InlineData("report.html")]
    [InlineData("study.json")]
    [InlineData(".made")]
    [InlineData("cells/CELL/done.json")]
    [InlineData("cells/CELL/result.json")]
    public void A_link_that_leads_out_is_never_written_through(string name)
    {
        var outcome = Run();
        string path = Path.Combine(Output, name.Replace("CELL", outcome.Cells[0].Address, StringComparison.Ordinal));
        File.Move(path, _folder.File("victim"));
        byte[] victim = File.ReadAllBytes(_folder.File("victim"));
        File.CreateSymbolicLink(path, _folder.File("victim"));
        Assert.Contains("leads out of RUN", Refusal(() => new StudyRunner(_study).Report(Output, TestContext.Current.CancellationToken)), StringComparison.Ordinal);
        _ = Record.Exception(() => Run());
        Assert.Equal(victim, File.ReadAllBytes(_folder.File("victim")));
    }

    [Theory]
    [InlineData("figures")]
    [InlineData("cells")]
    public void A_linked_folder_is_refused_before_anything_is_measured(string name)
    {
        Run();
        Directory.CreateDirectory(_folder.File("victim"));
        File.WriteAllText(_folder.File("victim/photo.png"), "precious");
        if (Directory.Exists(Path.Combine(Output, name)))
            Directory.Delete(Path.Combine(Output, name), recursive: true);
        Directory.CreateSymbolicLink(Path.Combine(Output, name), _folder.File("victim"));
        Assert.StartsWith($"RUN/{name}: leads out of RUN, to ", Refusal(() => Run()), StringComparison.Ordinal);
        Assert.StartsWith($"RUN/{name}: leads out of RUN, to ", Refusal(() => Run(fresh: true)), StringComparison.Ordinal);
        Assert.Equal(2, _study.Measured.Count);
        Assert.Equal(["photo.png"], Directory.GetFileSystemEntries(_folder.File("victim")).Select(Path.GetFileName));
    }

    [Fact]
    public void More_cells_than_anybody_runs_are_refused() =>
        Assert.Equal("--set: the parameters: found more than 100000 cells, expected shorter lists, or fewer seeds", Refusal(() => Run(false, "seeds=2000000000")));

    [Fact]
    public void What_a_killed_writer_left_is_removed_by_the_next_run()
    {
        var outcome = Run();
        string[] left = [Path.Combine(Output, ".talweg-0123456789abcdef.tmp"), FileOf(outcome, ".talweg-fedcba9876543210.tmp")];
        foreach (string file in left)
            File.WriteAllText(file, "half a file");
        Run();
        Assert.All(left, file => Assert.False(File.Exists(file)));
    }
}
