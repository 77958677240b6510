using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Talweg.Storage;

namespace Talweg.Studies.Running;

/// <summary>Runs one cell in its folder and records its end.</summary>
internal sealed class CellWorker(IStudy study, RunFolder folder, string? dataRoot, int threads)
{
    /// <summary>Runs <paramref name="cell"/> unless it has ended before, and leaves no recorded weights, however it ended.</summary>
    /// <remarks>
    /// Weights go after the record of the end, never before: a cell killed in between still has all that its measurement needs, measures again,
    /// and ends as it would have.
    /// </remarks>
    public CellRecord Run(PlannedCell cell, IProgress<WorkProgress> progress, CancellationToken cancellation)
    {
        string path = folder.Cell(cell);
        var record = CellRecord.Read(path) ?? Measure(cell, path, progress, cancellation);
        if (!cell.Cell.KeepTrajectory)
            CellWeights.Discard(path);
        return record;
    }

    private CellRecord Measure(PlannedCell cell, string path, IProgress<WorkProgress> progress, CancellationToken cancellation)
    {
        Directory.CreateDirectory(path);
        Describe(cell, path);
        var clock = Stopwatch.StartNew();
        var context = new CellContext { Folder = path, Threads = threads, DataRoot = dataRoot, Progress = progress, Cancellation = cancellation };
        var ending = study.Run(cell.Cell, context);
        var record = new CellRecord
        {
            Address = cell.Address,
            Label = cell.Cell.Label,
            Seed = cell.Cell.Seed,
            Ending = ending,
            Threads = threads,
            Seconds = clock.Elapsed.TotalSeconds,
            Finished = DateTimeOffset.UtcNow,
        };
        record.Write(path);
        return record;
    }

    private void Describe(PlannedCell cell, string path)
    {
        var description = new JsonObject
        {
            ["address"] = cell.Address,
            ["study"] = study.Name,
            ["revision"] = study.Revision,
            ["label"] = cell.Cell.Label,
            ["seed"] = cell.Cell.Seed,
            ["settings"] = JsonNode.Parse(cell.Settings),
            ["versions"] = JsonSerializer.SerializeToNode(Versions.Here, RunJson.Options),
        };
        AtomicFile.WriteAllText(Path.Combine(path, "cell.json"), description.ToJsonString(RunJson.Options) + "\n");
    }
}
