namespace Talweg;

/// <summary>How long work is done: on how many threads, with what progress, and until when.</summary>
/// <param name="Threads">At most this many threads.</param>
/// <param name="Progress">Told of every unit done, from any thread; null for none.</param>
/// <param name="Cancellation">Ends the work with <see cref="OperationCanceledException"/>.</param>
public sealed record WorkOptions(int Threads, IProgress<WorkProgress>? Progress = null, CancellationToken Cancellation = default)
{
    /// <summary>All processors, no progress, no cancellation.</summary>
    public static WorkOptions Default { get; } = new(Environment.ProcessorCount);
}
