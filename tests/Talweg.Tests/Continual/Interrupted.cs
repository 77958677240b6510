namespace Talweg.Tests.Continual;

/// <summary>Runs that are cancelled and called again.</summary>
internal static class Interrupted
{
    /// <summary>Calls again until it ends, cancelling the i-th call at its i-th report of progress.</summary>
    /// <returns>The result, and how often it was cancelled.</returns>
    public static (T Result, int Cancelled) Run<T>(Func<WorkOptions, T> call)
    {
        for (int attempt = 1; ; attempt++)
        {
            using var source = new CancellationTokenSource();
            try
            {
                return (call(new(1, new CancelAt(attempt, source), source.Token)), attempt - 1);
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    private sealed class CancelAt(int report, CancellationTokenSource source) : IProgress<WorkProgress>
    {
        private int _reports;

        public void Report(WorkProgress value)
        {
            if (++_reports == report)
                source.Cancel();
        }
    }
}
