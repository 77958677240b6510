using Talweg.Storage;
using Talweg.Studies.Figures;
using Talweg.Studies.Findings;
using Talweg.Studies.Reports;

namespace Talweg.Studies.Running;

/// <summary>Runs a study in a folder: measures the cells that have not ended yet, concludes from all, writes the report.</summary>
public sealed class StudyRunner(IStudy study)
{
    /// <summary>Runs, or continues an interrupted run of the same study, preset and parameters.</summary>
    /// <param name="request">What to run and where.</param>
    /// <param name="progress">Receives reports from several threads; null for none.</param>
    /// <param name="cancellation">Stops after the write in hand; the folder can be continued.</param>
    /// <exception cref="InputException">The request cannot be carried out.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    /// <exception cref="CellFailedException">Cells failed by a mistake of ours, after the others ended.</exception>
    public async Task<RunOutcome> RunAsync(RunRequest request, IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var parameters = Parameters.Resolve(study, request.Preset, request.Overrides);
        var folder = new RunFolder(Path.GetFullPath(request.Output));
        folder.Open();
        using var held = FolderLock.Take(folder.Path);
        var data = study.Data(parameters, Opening(request, progress, cancellation));
        request.DataFound?.Invoke(data);
        var cells = Plan(parameters, data);
        RequireDistinct(cells);
        folder.RemoveLeftovers();
        var record = Start(request, folder, Record(request, parameters, data, cells), cells);
        var parallelism = Parallelism.For(cells.Count, Math.Max(1, request.Cores ?? Environment.ProcessorCount));
        var worker = new CellWorker(study, folder, request.DataRoot, parallelism.Threads);
        var ended = await new CellScheduler(worker, parallelism, progress).RunAsync(cells, cancellation).ConfigureAwait(false);
        progress?.Report(new(cells.Count, cells.Count, null, new("concluding", 0, 0)));
        return Conclude(folder, record, parameters, cells, ended, cancellation) with { MeasuredAgain = worker.MeasuredAgain };
    }

    /// <summary>Concludes again from the cells of a run and writes its report anew, measuring nothing and without the data.</summary>
    /// <param name="output">The run folder.</param>
    /// <param name="cancellation">Stops before anything is written.</param>
    /// <exception cref="InputException">The folder holds no run of this study, or not all of its cells have ended.</exception>
    public RunOutcome Report(string output, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        var folder = new RunFolder(Path.GetFullPath(output));
        var record = RunRecord.Read(folder.Path);
        if (record?.Study != study.Name)
            throw new InputException(output, "study.json", record is null ? "nothing there" : $"a run of {record.Study}", $"a run of {study.Name}");
        using var held = FolderLock.Take(folder.Path);
        var parameters = Parameters.Resolve(study, record.Preset, [.. record.Parameters.Select(p => $"{p.Key}={Parameters.AsText(p.Value)}")]);
        record = record with { Command = RunCommandText.Of(study, record.Preset, parameters, output) };
        var cells = Plan(parameters, record.Data);
        RequireDistinct(cells);
        folder.RemoveLeftovers();
        var ended = Ended(folder, cells, out string damage);
        if (ended.Count < cells.Count)
            throw new InputException(output, "cells", $"{ended.Count} of {cells.Count} measured by this version{damage}", $"all of them; this measures the others: {record.Command}");
        return Conclude(folder, record, parameters, cells, ended, cancellation);
    }

    private RunOutcome Conclude(
        RunFolder folder, RunRecord started, Parameters parameters, List<PlannedCell> cells, IReadOnlyList<CellRecord> ended, CancellationToken cancellation)
    {
        var finished = cells.Zip(ended, (cell, end) => new FinishedCell<ICell>(cell.Cell, folder.Cell(cell).Path, end.Ending)).ToList();
        var conclusion = study.ConcludeFrom(parameters, started.Data, finished);
        cancellation.ThrowIfCancellationRequested();
        folder.Made.Add([.. RunFolder.Documents, .. conclusion.Figures.SelectMany(figure => FiguresOf(figure).Select(name => $"figures/{name}"))]);
        FindingsFile.Write(folder.Findings, conclusion.Findings);
        foreach (var figure in conclusion.Figures)
            Save(figure, folder.Figures, cancellation);
        var record = started with { Finished = DateTimeOffset.UtcNow };
        var content = new ReportContent { Record = record, Cells = ended, Conclusion = conclusion, Parameters = study.Parameters, FiguresFolder = folder.Figures.Path };
        AtomicFile.WriteAllText(folder.Report, HtmlReport.Render(content));
        record.Write(folder.Path);
        return new(record, ended, conclusion, folder.Report);
    }

    private static IEnumerable<string> FiguresOf(IFigure figure) => [$"{figure.Name}.svg", $"{figure.Name}.png"];

    private static void Save(IFigure figure, OwnFolder figures, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach (string name in FiguresOf(figure))
            _ = figures.File(name);
        figure.Save(figures.Path);
    }

    /// <summary>The cells that have ended and are as they were then; what became of a first one that is not.</summary>
    private static List<CellRecord> Ended(RunFolder folder, List<PlannedCell> cells, out string damage)
    {
        var ended = new List<CellRecord>();
        damage = "";
        foreach (var cell in cells)
        {
            try
            {
                if (folder.Cell(cell).Read() is { } record)
                    ended.Add(record);
            }
            catch (InputException error)
            {
                damage = damage.Length > 0 ? damage : $" ({error.Message})";
            }
        }
        return ended;
    }

    private List<PlannedCell> Plan(Parameters parameters, StudyData data) => [.. study.Plan(parameters).Select(cell => PlannedCell.Of(study, data, cell))];

    private static RunRecord Start(RunRequest request, RunFolder folder, RunRecord record, List<PlannedCell> cells)
    {
        if (request.Fresh)
        {
            folder.Clear();
            if (cells.Select(folder.Cell).FirstOrDefault(cell => cell.Exists && CellRecord.IsIn(cell.Path)) is { } foreign)
                throw new InputException(foreign.Path, CellRecord.FileName, "a record that is not among the files that this run made", "none, so that --fresh measures the cell; delete the folder by hand");
        }
        else if (RunRecord.Read(folder.Path) is { } earlier)
        {
            folder.RequireSame(earlier, record);
            record = record with { Started = earlier.Started };
        }
        folder.Made.Add(RunFolder.Documents);
        record.Write(folder.Path);
        return record;
    }

    private RunRecord Record(RunRequest request, Parameters parameters, StudyData data, List<PlannedCell> cells) => new()
    {
        Study = study.Name,
        Title = study.Title,
        Source = study.Source,
        Revision = study.Revision,
        Preset = request.Preset,
        Parameters = parameters.ToJson(),
        Seeds = [.. cells.Select(c => c.Cell.Seed).Distinct()],
        Cells = cells.Count,
        Data = data,
        Versions = Versions.Here,
        Command = request.CommandLine ?? RunCommandText.Of(study, request.Preset, parameters, request.Output),
        Started = DateTimeOffset.UtcNow,
    };

    private static DataContext Opening(RunRequest request, IProgress<StudyProgress>? progress, CancellationToken cancellation) => new()
    {
        DataRoot = request.DataRoot,
        Progress = new Relay<WorkProgress>(work => progress?.Report(new(0, 0, null, work))),
        Cancellation = cancellation,
    };

    private static void RequireDistinct(List<PlannedCell> cells)
    {
        if (cells.Count > IStudy.MostCells)
            throw new InputException("--set", "the parameters", $"more than {IStudy.MostCells} cells", "shorter lists, or fewer seeds");
        if (cells.Count == 0)
            throw new InputException("--set", "the parameters", "no cells", "lists that are not empty");
        var twice = cells.GroupBy(c => c.Address).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            throw new InputException("--set", "the parameters", $"the same cell twice ({twice.First().Cell.Label})", "lists without repeated values");
    }
}
