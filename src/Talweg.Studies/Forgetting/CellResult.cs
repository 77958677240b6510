using Talweg.Studies.Running;

namespace Talweg.Studies.Forgetting;

/// <summary>What a cell found besides its tables.</summary>
public sealed record CellResult
{
    /// <summary>Its file in the cell's folder.</summary>
    public const string FileName = "forgetting.json";

    /// <summary>N, the weights that are trained task after task.</summary>
    public required int Weights { get; init; }

    /// <summary>T, iterations of the first task's window.</summary>
    public required int Window { get; init; }

    /// <summary>Modes of the first task that were found: all there are of the pair, N_c at most of a sequence.</summary>
    public required int Modes { get; init; }

    /// <summary>The least flatness among the N_c modes, NaN where none is known: F²/α is the λ below which explicit steps are stable.</summary>
    public required double LeastFlatness { get; init; }

    /// <summary>The first task's first epoch with zero training error; null if there was none.</summary>
    public required int? ZeroErrorEpoch { get; init; }

    /// <summary>ε₁ after the first task.</summary>
    public required double FirstError { get; init; }

    /// <summary>Of the first N_c modes those whose valley has an open side, which are not constrained.</summary>
    public required int OpenModes { get; init; }

    /// <summary>Writes it as JSON.</summary>
    public void Write(string path) => ResultFile.Write(path, this);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static CellResult Read(string path) => ResultFile.Read<CellResult>(path, "a cell's result");
}
