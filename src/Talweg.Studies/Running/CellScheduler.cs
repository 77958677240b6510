namespace Talweg.Studies.Running;

/// <summary>Runs cells several at once, each on a thread of its own.</summary>
/// <remarks>Own threads, because libtorch's number of threads belongs to the thread that sets it.</remarks>
internal sealed class CellScheduler(CellWorker worker, Parallelism parallelism, IProgress<StudyProgress>? progress)
{
    private int _done;

    /// <summary>Runs all cells. A cell that throws does not stop the others, save for a user's mistake or a cancellation.</summary>
    /// <exception cref="InputException">A cell met a user's mistake.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    /// <exception cref="CellFailedException">Cells met a mistake of ours; they will run again.</exception>
    public async Task<IReadOnlyList<CellRecord>> RunAsync(IReadOnlyList<PlannedCell> cells, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var places = new SemaphoreSlim(parallelism.AtOnce);
        var results = await Task.WhenAll(cells.Select(cell => RunAsync(cell, cells.Count, places, stop))).ConfigureAwait(false);
        if (results.Select(r => r.Error).OfType<InputException>().FirstOrDefault() is { } mistake)
            throw new InputException(mistake.Message, mistake);
        cancellation.ThrowIfCancellationRequested();
        var failures = results.Where(r => r.Error is not null).ToList();
        if (failures.Count > 0)
            throw new CellFailedException($"{failures.Count} of {cells.Count} cells failed and will run again; the first was {failures[0].Label}: {failures[0].Error!.Message}", failures[0].Error!);
        return [.. results.Select(r => r.Record!)];
    }

    private async Task<Result> RunAsync(PlannedCell cell, int total, SemaphoreSlim places, CancellationTokenSource stop)
    {
        await places.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            var result = await Task.Factory.StartNew(() => Run(cell, total, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
            if (result.Record is { } record)
                progress?.Report(new(Interlocked.Increment(ref _done), total, cell.Cell.Label, new(record.Ending.Verdict, 1, 1)));
            return result;
        }
        finally
        {
            places.Release();
        }
    }

    private Result Run(PlannedCell cell, int total, CancellationTokenSource stop)
    {
        try
        {
            stop.Token.ThrowIfCancellationRequested();
            var report = new Relay<WorkProgress>(work => progress?.Report(new(Volatile.Read(ref _done), total, cell.Cell.Label, work)));
            return new(cell.Cell.Label, worker.Run(cell, report, stop.Token), null);
        }
        catch (InputException mistake)
        {
            stop.Cancel();
            return new(cell.Cell.Label, null, mistake);
        }
#pragma warning disable CA1031 // Whatever a cell throws, the other cells finish first; then it is thrown.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return new(cell.Cell.Label, null, error);
        }
    }

    private sealed record Result(string Label, CellRecord? Record, Exception? Error);
}
