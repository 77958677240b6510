using Talweg.Studies.Running;
using Talweg.Training;

namespace Talweg.Studies.Universality;

/// <summary>What a cell found besides its tables.</summary>
public sealed record CellResult
{
    /// <summary>Why training ended.</summary>
    public required Ending Ending { get; init; }

    /// <summary>The first epoch with zero training error; null if there was none.</summary>
    public required int? ZeroErrorEpoch { get; init; }

    /// <summary>E.</summary>
    public required int IterationsPerEpoch { get; init; }

    /// <summary>The window's first epoch, counted from 1.</summary>
    public required int FirstEpoch { get; init; }

    /// <summary>One record an epoch.</summary>
    public required IReadOnlyList<EpochRecord> Epochs { get; init; }

    /// <summary>The layers under study.</summary>
    public required IReadOnlyList<LayerResult> Layers { get; init; }

    /// <summary>Writes it as JSON.</summary>
    public void Write(string path) => ResultFile.Write(path, this);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static CellResult Read(string path) => ResultFile.Read<CellResult>(path, "a cell's result");
}

/// <summary>What holds for a layer as a whole.</summary>
/// <param name="Layer">Counted from 1.</param>
/// <param name="Shape">Of its weights: [outputs, inputs], or [outputs, inputs, rows, columns].</param>
/// <param name="Stride">Iterations from one kept row of the window to the next.</param>
/// <param name="LossAtOrigin">L₀, nats.</param>
/// <param name="Norm">‖w₀‖ of the layer.</param>
/// <param name="Path">Which way the landscape was computed.</param>
public sealed record LayerResult(int Layer, IReadOnlyList<int> Shape, int Stride, double LossAtOrigin, double Norm, string Path);
