namespace Talweg.Studies.Tests;

/// <summary>Hears of progress and says nothing.</summary>
internal sealed class Silent : IProgress<WorkProgress>
{
    public void Report(WorkProgress value)
    {
    }
}
