using System.Text.Json;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.Running;

public sealed class StudyRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CountingStudy _study = new();

    private string Output => _folder.File("run");

    public void Dispose() => _folder.Dispose();

    private Task<RunOutcome> Run(string preset = "quick", bool fresh = false, params string[] set) =>
        Run(TestContext.Current.CancellationToken, preset, fresh, set);

    private Task<RunOutcome> Run(CancellationToken cancellation, string preset = "quick", bool fresh = false, params string[] set) =>
        new StudyRunner(_study).RunAsync(new() { Preset = preset, Output = Output, Overrides = set, Fresh = fresh, Cores = 2 }, null, cancellation);

    [Fact]
    public async Task A_run_leaves_its_documents()
    {
        var outcome = await Run();
        Assert.Equal(2, outcome.Cells.Count);
        Assert.Equal(1, FindingsFile.Read(_folder.File("run/findings.json"))[0].Measurements[0].Value);
        using var record = JsonDocument.Parse(await File.ReadAllBytesAsync(_folder.File("run/study.json"), TestContext.Current.CancellationToken));
        Assert.Equal("counting", record.RootElement.GetProperty("study").GetString());
        Assert.Equal("c0ffee", record.RootElement.GetProperty("data").GetProperty("checksum").GetString());
        Assert.Equal(2, record.RootElement.GetProperty("parameters").GetProperty("seeds").GetInt32());
        Assert.NotEqual(JsonValueKind.Null, record.RootElement.GetProperty("finished").ValueKind);
        string cell = Path.Combine(Output, "cells", outcome.Cells[1].Address);
        Assert.Equal(["cell.json", "done.json", "result.json"], Directory.GetFiles(cell).Select(Path.GetFileName).Order());
        Assert.Contains("SQ-1", await File.ReadAllTextAsync(outcome.Report, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_record_names_the_files_that_were_taken_and_they_are_told_before_anything_is_measured()
    {
        _study.Now = _study.Now with { Source = new(["/data/a", "/data/b"]) { PassedOver = ["Thumbs.db"] } };
        StudyData? told = null;
        _study.Before = (_, _) => Assert.NotNull(told);
        await new StudyRunner(_study).RunAsync(new() { Preset = "quick", Output = Output, DataFound = data => told = data }, null, TestContext.Current.CancellationToken);
        using var record = JsonDocument.Parse(await File.ReadAllBytesAsync(_folder.File("run/study.json"), TestContext.Current.CancellationToken));
        var source = record.RootElement.GetProperty("data").GetProperty("source");
        Assert.Equal(["/data/a", "/data/b"], source.GetProperty("files").EnumerateArray().Select(file => file.GetString()));
        Assert.Equal("Thumbs.db", source.GetProperty("passed_over")[0].GetString());
        Assert.Equal(["/data/a", "/data/b"], RunRecord.Read(Output)!.Data.Source.Files);
        _study.Now = _study.Now with { Source = new(["/elsewhere/a"]) };                      // the same numbers from another place are the same cells
        await Run();
        Assert.Equal(2, _study.Measured.Count);
    }

    [Fact]
    public async Task Finished_cells_never_run_again()
    {
        var first = await Run();
        var second = await Run();
        Assert.Equal(2, _study.Measured.Count);
        Assert.Equal(first.Record.Started, second.Record.Started);
        Assert.Equal(first.Cells.Select(c => c.Address), second.Cells.Select(c => c.Address));
    }

    [Fact]
    public async Task A_stopped_run_resumes_with_what_its_cells_kept()
    {
        using var stop = new CancellationTokenSource();
        _study.Before = (cell, context) =>
        {
            if (cell.Seed != 1)
                return;
            File.WriteAllText(context.File("checkpoint"), "half way");
            stop.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run(stop.Token));
        Assert.False(File.Exists(_folder.File("run/findings.json")));
        string? found = null;
        _study.Before = (cell, context) => found ??= cell.Seed == 1 ? File.ReadAllText(context.File("checkpoint")) : null;
        await Run();
        Assert.Equal("half way", found);
        Assert.Equal(2, _study.Measured.Count(label => label.EndsWith('1')));
    }

    [Fact]
    public async Task A_cell_that_breaks_lets_the_others_end_and_runs_again()
    {
        _study.Before = (cell, _) => { if (cell.Seed == 0) throw new InvalidOperationException("matrix is singular"); };
        var error = await Assert.ThrowsAsync<CellFailedException>(() => Run());
        Assert.Equal("1 of 2 cells failed and will run again; the first was rate 0.1, seed 0: matrix is singular", error.Message);
        _study.Before = (_, _) => { };
        await Run();
        Assert.Equal(["rate 0.1, seed 0", "rate 0.1, seed 0", "rate 0.1, seed 1"], _study.Measured.Order());
    }

    [Fact]
    public async Task A_cell_that_diverged_has_ended()
    {
        _study.Ending = cell => cell.Seed == 0 ? CellEnding.Failed("diverged in epoch 3") : CellEnding.Measured();
        var outcome = await Run();
        Assert.Equal("diverged in epoch 3", outcome.Cells[0].Ending.Verdict);
        Assert.Equal("1 cells", outcome.Conclusion.Findings[0].Measurements[0].IntervalOver);
        await Run();
        Assert.Equal(2, _study.Measured.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Recorded_weights_go_whatever_the_ending(bool measured)
    {
        _study.Ending = _ => measured ? CellEnding.Measured("zero training error at epoch 3") : CellEnding.Failed("diverged in epoch 3");
        _study.Before = (_, context) => KeepWeights(context.Folder);
        var outcome = await Run();
        Assert.Equal(["cell.json", "done.json", "result.json"], Kept(outcome.Cells[0]));

        // As a kill between the record of the end and the deletion leaves it.
        KeepWeights(Path.Combine(Output, "cells", outcome.Cells[0].Address));
        await Run();
        Assert.Equal(["cell.json", "done.json", "result.json"], Kept(outcome.Cells[0]));
        Assert.Equal(2, _study.Measured.Count);
    }

    [Fact]
    public async Task A_checkpoint_that_counts_on_no_recorded_weights_stays()
    {
        _study.Before = (_, context) => File.WriteAllText(context.File("checkpoint.safetensors"), "weights");
        var outcome = await Run();
        Assert.Equal(["cell.json", "checkpoint.safetensors", "done.json", "result.json"], Kept(outcome.Cells[0]));
    }

    [Fact]
    public async Task What_others_put_into_a_cell_that_has_ended_stays()
    {
        _study.Before = (_, context) => KeepWeights(context.Folder);
        var outcome = await Run();
        string cell = Path.Combine(Output, "cells", outcome.Cells[0].Address);
        KeepWeights(cell);
        Directory.CreateDirectory(Path.Combine(cell, "snapshots/mine"));
        await File.WriteAllTextAsync(Path.Combine(cell, "snapshots/mine/notes.txt"), "precious", TestContext.Current.CancellationToken);
        await Run();
        Assert.Equal(["cell.json", "done.json", "result.json", "snapshots"], Kept(outcome.Cells[0]));
        Assert.Equal(["mine/notes.txt"], Directory.GetFiles(Path.Combine(cell, "snapshots"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Path.Combine(cell, "snapshots"), file)));
    }

    [Fact]
    public async Task A_link_among_the_subfolders_goes_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "makes links");
        string outside = _folder.File("outside");
        Directory.CreateDirectory(outside);
        await File.WriteAllTextAsync(Path.Combine(outside, "precious"), "keep", TestContext.Current.CancellationToken);
        _study.Before = (_, context) => Directory.CreateSymbolicLink(context.File("runs"), outside);
        var outcome = await Run();
        Assert.Equal(["cell.json", "done.json", "result.json"], Kept(outcome.Cells[0]));
        Assert.True(File.Exists(Path.Combine(outside, "precious")));
    }

    [Fact]
    public async Task A_cell_killed_before_its_end_was_recorded_ends_as_it_would_have()
    {
        _study.Ending = cell => CellEnding.Measured($"zero training error at epoch {cell.Seed}");
        var whole = await Run();
        string cell = Path.Combine(Output, "cells", whole.Cells[1].Address);
        byte[] result = await File.ReadAllBytesAsync(Path.Combine(cell, "result.json"), TestContext.Current.CancellationToken);
        File.Delete(Path.Combine(cell, "done.json"));   // as a kill after the last result leaves it
        var resumed = await Run();
        Assert.Equal("zero training error at epoch 1", resumed.Cells[1].Ending.Verdict);
        Assert.Equal(Text(whole.Cells[1] with { Seconds = 0, Finished = default }), Text(resumed.Cells[1] with { Seconds = 0, Finished = default }));
        Assert.Equal(result, await File.ReadAllBytesAsync(Path.Combine(cell, "result.json"), TestContext.Current.CancellationToken));
        Assert.Equal(Text(whole.Cells[0]), Text(resumed.Cells[0]));   // the same bytes where the end was recorded
    }

    private static string Text(CellRecord cell) => JsonSerializer.Serialize(cell, RunJson.Options);

    private string[] Kept(CellRecord cell) => [.. Directory.GetFileSystemEntries(Path.Combine(Output, "cells", cell.Address)).Select(entry => Path.GetFileName(entry)).Order()];

    private static void KeepWeights(string cell)
    {
        foreach (string file in (string[])["trajectory.safetensors", "checkpoint.safetensors", "snapshots/epoch-00001.safetensors", "runs/trade-off/task-2/trajectory.safetensors"])
        {
            string path = Path.Combine(cell, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "weights");
        }
    }

    [Fact]
    public async Task A_mistake_of_the_user_stops_the_run()
    {
        _study.Before = (_, _) => throw new InputException("mnist", "t10k-images", "12 bytes", "7840016 bytes");
        var error = await Assert.ThrowsAsync<InputException>(() => Run());
        Assert.Equal("mnist: t10k-images: found 12 bytes, expected 7840016 bytes", error.Message);
    }

    [Fact]
    public async Task Another_revision_or_other_data_mean_other_cells()
    {
        var first = await Run();
        _study.Revision = 2;
        var second = await Run();
        _study.Now = _study.Now with { Checksum = "decaf" };
        var third = await Run();
        Assert.Equal(6, _study.Measured.Count);
        Assert.Equal(6, first.Cells.Concat(second.Cells).Concat(third.Cells).Select(c => c.Address).Distinct().Count());
    }

    [Fact]
    public async Task Continuing_something_else_is_refused_and_fresh_starts_over()
    {
        await Run();
        var error = await Assert.ThrowsAsync<InputException>(() => Run("paper"));
        Assert.Contains("preset quick there, paper here; learning-rates 0.1 there, 0.05,0.1 here; seeds 2 there, 3 here. Give --fresh", error.Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(_folder.File("run/cells/mine.txt"), "keep", TestContext.Current.CancellationToken);
        var outcome = await Run("paper", fresh: true);
        Assert.Equal(6, outcome.Cells.Count);
        Assert.Equal(6, Directory.GetDirectories(_folder.File("run/cells")).Length);
        Assert.True(File.Exists(_folder.File("run/cells/mine.txt")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_folder_of_something_else_is_left_alone(bool fresh)
    {
        Directory.CreateDirectory(Output);
        await File.WriteAllTextAsync(_folder.File("run/thesis.tex"), "precious", TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<InputException>(() => Run(fresh: fresh));
        Assert.Contains("found files, but no study.json", error.Message, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(_folder.File("run/thesis.tex"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Two_runs_in_one_folder_are_refused()
    {
        Exception? inside = null;
        _study.Before = (cell, _) =>
        {
            if (cell.Seed == 0)
                inside = Record.Exception(() => new StudyRunner(new CountingStudy()).RunAsync(new() { Preset = "quick", Output = Output }, null, TestContext.Current.CancellationToken).GetAwaiter().GetResult());
        };
        await Run();
        Assert.Contains($"process {Environment.ProcessId} is running in this folder", Assert.IsType<InputException>(inside).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lock_of_a_dead_process_is_taken_over()
    {
        Directory.CreateDirectory(Output);
        await File.WriteAllTextAsync(_folder.File("run/.lock"), "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.File("run/.lock-holder"), "999999", TestContext.Current.CancellationToken);
        await Run();
        Assert.False(File.Exists(_folder.File("run/.lock-holder")));
    }

    [Theory]
    [InlineData(1, 8, 1, 8)]
    [InlineData(3, 8, 3, 2)]
    [InlineData(9, 2, 2, 1)]
    public void Cells_share_the_cores(int cells, int cores, int atOnce, int threads) =>
        Assert.Equal(new Parallelism(atOnce, threads), Parallelism.For(cells, cores));

    [Fact]
    public async Task A_single_cell_is_told_to_use_all_cores()
    {
        await Run(set: "seeds=1");
        Assert.Equal([2], _study.Threads);
    }

    [Fact]
    public void A_cells_address_is_its_content()
    {
        var cell = PlannedCell.Of(_study, _study.Now, new CountingStudy.Cell(3, 0.1));
        Assert.Equal("""{"Rate":0.1,"Seed":3}""", cell.Settings);
        Assert.Matches("^[0-9a-f]{16}$", cell.Address);
        Assert.Equal(cell.Address, PlannedCell.Of(_study, _study.Now, new CountingStudy.Cell(3, 0.1)).Address);
        Assert.NotEqual(cell.Address, PlannedCell.Of(_study, _study.Now, new CountingStudy.Cell(4, 0.1)).Address);
    }
}
