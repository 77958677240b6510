using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.Running;

/// <summary>What <c>--fresh</c> deletes: what the run's own list says that it made, and nothing else.</summary>
public sealed class FreshRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CountingStudy _study = new();

    private string Output => _folder.File("run");

    public void Dispose() => _folder.Dispose();

    private RunOutcome Run(bool fresh = false, string set = "seeds=2") =>
        new StudyRunner(_study).RunAsync(new() { Preset = "quick", Output = Output, Overrides = [set], Fresh = fresh, Cores = 2 }, null, TestContext.Current.CancellationToken).GetAwaiter().GetResult();

    private string[] Files => [.. Directory.GetFiles(Output, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Output, file)).Order(StringComparer.Ordinal)];

    private void Put(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Output, name))!);
        File.WriteAllText(Path.Combine(Output, name), "precious");
    }

    [Fact]
    public void All_that_the_run_made_goes_and_what_others_put_there_stays()
    {
        string first = Run().Cells[0].Address;
        string[] own = Files;
        string[] others = ["notes.txt", "figures/photo.png", "cells/0123456789abcdef/my.json", $"cells/{first}/notes.md", $"cells/{first}/mine.json"];
        foreach (string name in others)
            Put(name);
        Run(fresh: true, set: "learning-rates=0.7");
        Assert.Equal(4, _study.Measured.Count);
        Assert.All(others, name => Assert.Equal("precious", File.ReadAllText(Path.Combine(Output, name))));
        Assert.DoesNotContain($"cells/{first}/result.json", Files);
        Assert.Equal(own.Length, Files.Length - others.Length);
    }

    [Fact]
    public void What_trainings_of_its_cells_keep_goes_too()
    {
        _study.Before = (_, context) =>
        {
            foreach (string name in (string[])["trajectory.safetensors", "checkpoint.safetensors", "snapshots/epoch-00001.safetensors", "task-1/checkpoint.safetensors", "task-1/.lock"])
            {
                string path = Path.Combine(context.Folder, name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, "weights");
            }
            throw new InvalidOperationException("killed");
        };
        Assert.ThrowsAny<Exception>(() => Run());
        _study.Before = (_, _) => { };
        var outcome = Run(fresh: true, set: "learning-rates=0.7");
        Assert.Equal(outcome.Cells.Select(cell => cell.Address).Order(), Directory.GetDirectories(Path.Combine(Output, "cells")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_forged_list_deletes_nothing_outside_and_nothing_of_other_kinds()
    {
        Run();
        Put("notes.txt");
        Put("cells/0123456789abcdef/thesis.tex");
        File.WriteAllText(_folder.File("victim.json"), "precious");
        Directory.CreateDirectory(_folder.File("victims"));
        File.WriteAllText(_folder.File("victims/photo.png"), "precious");
        File.CreateSymbolicLink(Path.Combine(Output, "cells/0123456789abcdef/linked.json"), _folder.File("victim.json"));
        Directory.CreateSymbolicLink(Path.Combine(Output, "cells/fedcba9876543210"), _folder.File("victims"));
        File.AppendAllLines(Path.Combine(Output, ".made"),
        [
            "notes.txt", "../victim.json", _folder.File("victim.json"), "cells/0123456789abcdef/thesis.tex", "cells/0123456789abcdef/linked.json",
            "figures/../../victim.json", "cells/fedcba9876543210/photo.png", "cells/../../victims/photo.png",
        ]);
        Run(fresh: true);
        Assert.All((string[])["run/notes.txt", "run/cells/0123456789abcdef/thesis.tex", "victim.json", "victims/photo.png"],
            name => Assert.Equal("precious", File.ReadAllText(_folder.File(name))));
        Assert.NotNull(new FileInfo(Path.Combine(Output, "cells/0123456789abcdef/linked.json")).LinkTarget);
    }

    [Fact]
    public void Without_the_list_nothing_is_deleted()
    {
        Run();
        File.Delete(Path.Combine(Output, ".made"));
        string[] before = Files;
        Assert.EndsWith("run: .made: found nothing there, expected the list of the files that the run made, without which --fresh cannot know them; delete the run's files by hand, or choose another --out",
            Assert.Throws<InputException>(() => Run(fresh: true)).Message, StringComparison.Ordinal);
        Assert.Equal(before, Files);
    }

    [Fact]
    public void A_cell_that_is_not_on_the_list_is_not_taken_for_a_fresh_one()
    {
        string cell = Run().Cells[0].Address;
        string[] names = [.. File.ReadAllLines(Path.Combine(Output, ".made")).Where(name => !name.Contains(cell, StringComparison.Ordinal))];
        File.WriteAllLines(Path.Combine(Output, ".made"), names);
        Assert.EndsWith($"{cell}: done.json: found a record that is not among the files that this run made, expected none, so that --fresh measures the cell; delete the folder by hand",
            Assert.Throws<InputException>(() => Run(fresh: true)).Message, StringComparison.Ordinal);
    }
}
