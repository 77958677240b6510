namespace Talweg.Studies.Running;

/// <summary>What a study needs to find its data, downloading them if need be.</summary>
public sealed record DataContext
{
    /// <summary>The user's data directory; null for the default.</summary>
    public string? DataRoot { get; init; }

    /// <summary>Where a download reports.</summary>
    public required IProgress<WorkProgress> Progress { get; init; }

    /// <summary>Cancelled when the user stops the run.</summary>
    public required CancellationToken Cancellation { get; init; }
}
