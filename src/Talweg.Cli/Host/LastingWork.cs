namespace Talweg.Cli.Host;

/// <summary>Work that the first interrupt ends even where it waits for what never comes: a pipe in a folder, a table that lies about its size.</summary>
internal static class LastingWork
{
    /// <summary>What work that heeds interrupts by itself may still take to end well.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>Does <paramref name="work"/> on a thread of its own, which is left behind if it does not heed the interrupt: the process ends then.</summary>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public static T Run<T>(Func<T> work, CancellationToken interrupt)
    {
        var task = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var ended = Task.WhenAny(task, Interrupted(interrupt)).GetAwaiter().GetResult();
        return ended == task || Task.WhenAny(task, Task.Delay(Grace, CancellationToken.None)).GetAwaiter().GetResult() == task
            ? task.GetAwaiter().GetResult()
            : throw new OperationCanceledException(interrupt);
    }

    private static Task Interrupted(CancellationToken interrupt)
    {
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        interrupt.Register(waiting.SetResult);
        return waiting.Task;
    }
}
