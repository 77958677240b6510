namespace Talweg.Studies.Running;

/// <summary>Runs cells several at once, each on a thread of its own.</summary>
/// <remarks>Own threads, because libtorch's number of threads belongs to the thread that sets it.</remarks>
internal sealed class CellScheduler(CellWorker worker, Parallelism parallelism, IProgress<StudyProgress>? progress)
{
    private int _done;

    /// <summary>Runs all cells. A cell that throws does not stop the others.</summary>
    /// <exception cref="InputException">Cells met a user's mistake, or a disk that takes no more; they will run again.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    /// <exception cref="CellFailedException">Cells met a mistake of ours; they will run again.</exception>
    public async Task<IReadOnlyList<CellRecord>> RunAsync(IReadOnlyList<PlannedCell> cells, CancellationToken cancellation)
    {
        using var places = new SemaphoreSlim(parallelism.AtOnce);
        var results = await Task.WhenAll(cells.Select(cell => RunAsync(cell, cells.Count, places, cancellation))).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        Result[] failures = [.. results.Where(r => r.Error is not null)];
        if (failures.Length > 0)
            throw Summary(failures, cells.Count);
        return [.. results.Select(r => r.Record!)];
    }

    private static Exception Summary(Result[] failures, int cells)
    {
        var first = failures.FirstOrDefault(r => !IsFromOutside(r.Error!)) ?? failures[0];
        string text = $"{failures.Length} of {cells} cells failed and will run again; the first was {first.Label}: {first.Error!.Message}";
        if (!IsFromOutside(first.Error))
            return new CellFailedException(text, first.Error);
        bool isOfAll = failures.Length == cells && failures.All(r => r.Error!.Message == first.Error.Message);
        return new InputException(isOfAll ? first.Error.Message : text, first.Error);
    }

    /// <summary>What happened in a cell that works on several threads: of all that they met, first what a user can mend.</summary>
    private static Exception Cause(Exception error)
    {
        if (error is not AggregateException aggregate)
            return error;
        var met = aggregate.Flatten().InnerExceptions;
        return met.FirstOrDefault(IsFromOutside) ?? met.FirstOrDefault(inner => inner is not OperationCanceledException) ?? met[0];
    }

    /// <summary>Whether a user can mend it: his input, or a disk that is full, read-only or gone.</summary>
    private static bool IsFromOutside(Exception error) => error is InputException or IOException or UnauthorizedAccessException;

    private async Task<Result> RunAsync(PlannedCell cell, int total, SemaphoreSlim places, CancellationToken cancellation)
    {
        await places.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            var result = await Task.Factory.StartNew(() => Run(cell, total, cancellation), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
            if (result.Record is { } record)
                progress?.Report(new(Interlocked.Increment(ref _done), total, cell.Cell.Label, new(record.Ending.Verdict, 1, 1)));
            return result;
        }
        finally
        {
            places.Release();
        }
    }

    private Result Run(PlannedCell cell, int total, CancellationToken cancellation)
    {
        try
        {
            cancellation.ThrowIfCancellationRequested();
            var report = new Relay<WorkProgress>(work => progress?.Report(new(Volatile.Read(ref _done), total, cell.Cell.Label, work)));
            return new(cell.Cell.Label, worker.Run(cell, report, cancellation), null);
        }
#pragma warning disable CA1031 // Whatever a cell throws, the other cells finish first; then it is thrown.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return new(cell.Cell.Label, null, Cause(error));
        }
    }

    private sealed record Result(string Label, CellRecord? Record, Exception? Error);
}
