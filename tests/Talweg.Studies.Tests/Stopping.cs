using Talweg.Studies.Running;

namespace Talweg.Studies.Tests;

/// <summary>Stops a run when a report says that it has come so far.</summary>
internal sealed class Stopping(Func<WorkProgress, bool> when, CancellationTokenSource stop) : IProgress<StudyProgress>
{
    public void Report(StudyProgress value)
    {
        if (when(value.Work))
            stop.Cancel();
    }
}
