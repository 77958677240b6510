using Talweg.Studies.Running;

namespace Talweg.Studies.EffectiveDimensions;

/// <summary>What a cell found besides its tables.</summary>
public sealed record CellResult
{
    /// <summary>Its file in the cell's folder.</summary>
    public const string FileName = "result.json";

    /// <summary>The first epoch with zero training error; null if there was none.</summary>
    public required int? ZeroErrorEpoch { get; init; }

    /// <summary>Epochs trained.</summary>
    public required int Epochs { get; init; }

    /// <summary>Share of the test samples that are wrong at the end.</summary>
    public required double TestError { get; init; }

    /// <summary>Rows of the window: iterations recorded.</summary>
    public required int Rows { get; init; }

    /// <summary>L₀ at w₀, the window's last weights, over the training samples; nats.</summary>
    public required double LossAtOrigin { get; init; }

    /// <summary>‖w₀‖ of the layer under study.</summary>
    public required double Norm { get; init; }

    /// <summary>D_L at 90% of the same window with every second of its rows: how much thinning matters.</summary>
    public required int ThinnedLearningDimension90 { get; init; }

    /// <summary>Likewise at 99%.</summary>
    public required int ThinnedLearningDimension99 { get; init; }

    /// <summary>Writes it as JSON.</summary>
    public void Write(string path) => ResultFile.Write(path, this);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static CellResult Read(string path) => ResultFile.Read<CellResult>(path, "a cell's result");
}
