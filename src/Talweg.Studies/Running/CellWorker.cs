using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Talweg.Storage;

namespace Talweg.Studies.Running;

/// <summary>Runs one cell in its folder and records its end.</summary>
internal sealed class CellWorker(IStudy study, RunFolder folder, string? dataRoot, int threads)
{
    private const string DescriptionName = "cell.json";

    private readonly ConcurrentQueue<string> _measuredAgain = [];

    /// <summary>Which cells were damaged, how, and where their folders are now.</summary>
    public IReadOnlyList<string> MeasuredAgain => [.. _measuredAgain];

    /// <summary>Runs <paramref name="cell"/> unless it has ended before, and leaves no recorded weights, however it ended.</summary>
    /// <remarks>
    /// Weights go after the record of the end, never before: a cell killed in between still has all that its measurement needs, measures again,
    /// and ends as it would have.
    /// </remarks>
    public CellRecord Run(PlannedCell cell, IProgress<WorkProgress> progress, CancellationToken cancellation)
    {
        var place = folder.Cell(cell);
        bool isResumed = place.Exists;
        CellRecord record;
        try
        {
            record = place.Read() ?? Measure(cell, place, progress, cancellation);
        }
        catch (InputException damage) when (isResumed && IsDamage(damage, place.Path))
        {
            _measuredAgain.Enqueue($"{damage.Message} The cell is measured again; its folder is now {place.SetAside()}");
            record = Measure(cell, place, progress, cancellation);
        }
        if (!cell.Cell.KeepTrajectory)
            place.DiscardWeights();
        return record;
    }

    /// <summary>Whether a file that an earlier run left in the cell's folder cannot be used. That none can be written there is something else.</summary>
    private static bool IsDamage(InputException error, string path) =>
        error.Message.StartsWith(path + Path.DirectorySeparatorChar, StringComparison.Ordinal) && error.InnerException is not (IOException or UnauthorizedAccessException);

    private CellRecord Measure(PlannedCell cell, CellFolder place, IProgress<WorkProgress> progress, CancellationToken cancellation)
    {
        place.Make();
        place.Note(CellRecord.FileName);
        string path = place.Path;
        Describe(cell, place);
        var clock = Stopwatch.StartNew();
        var context = new CellContext { Folder = path, Threads = threads, DataRoot = dataRoot, Progress = progress, Cancellation = cancellation, Named = place.Note };
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
            Files = place.Checksums(),
        };
        record.Write(path);
        return record;
    }

    private void Describe(PlannedCell cell, CellFolder place)
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
        place.Note(DescriptionName);
        SealedJson.Write(new OwnFolder(place.Path).File(DescriptionName), description.ToJsonString(RunJson.Options));
    }
}
