using Talweg.Studies.Running;
using Talweg.Training;

namespace Talweg.Studies.InverseVarianceFlatness;

/// <summary>What a cell found besides its tables.</summary>
public sealed record CellResult
{
    /// <summary>Why training ended.</summary>
    public required Ending Ending { get; init; }

    /// <summary>The first epoch with zero training error; null if there was none.</summary>
    public required int? ZeroErrorEpoch { get; init; }

    /// <summary>E.</summary>
    public required int IterationsPerEpoch { get; init; }

    /// <summary>One record an epoch.</summary>
    public required IReadOnlyList<EpochRecord> Epochs { get; init; }

    /// <summary>The windows, in order of time.</summary>
    public required IReadOnlyList<WindowResult> Windows { get; init; }

    /// <summary>Mode 1 of every recorded epoch.</summary>
    public required IReadOnlyList<EpochDrift> Drift { get; init; }

    /// <summary>Writes it as JSON.</summary>
    public void Write(string path) => ResultFile.Write(path, this);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static CellResult Read(string path) => ResultFile.Read<CellResult>(path, "a cell's result");
}

/// <summary>Scalars of one window.</summary>
public sealed record WindowResult
{
    /// <summary>Its first epoch, counted from 1.</summary>
    public required int FirstEpoch { get; init; }

    /// <summary>Its last epoch, at whose end w₀ is taken.</summary>
    public required int LastEpoch { get; init; }

    /// <summary>L₀ at w₀, nats.</summary>
    public required double LossAtOrigin { get; init; }

    /// <summary>‖w₀‖ of the layer under study.</summary>
    public required double Norm { get; init; }

    /// <summary>|cos(p₁, w₀)|.</summary>
    public required double? Alignment { get; init; }

    /// <summary>Mode 1 against the weights' growth; p₁ is oriented so that ‖w‖ grows.</summary>
    public required DriftMode DriftMode { get; init; }
}

/// <summary>The landscape along mode 1.</summary>
public sealed record DriftMode
{
    /// <summary>β of ln L = ln L₀ − βθ₁ + β₂θ₁², over one window's drift on either side.</summary>
    public required double Beta { get; init; }

    /// <summary>The same for each of ten tenths of the training samples.</summary>
    public required IReadOnlyList<double> BetaOfTenths { get; init; }

    /// <summary>R² of the quadratic fit.</summary>
    public required double FitRSquared { get; init; }

    /// <summary>Median over samples of R² of the straight line through ΔYₖ(θ₁).</summary>
    public required double MedianMarginRSquared { get; init; }

    /// <summary>Share of the samples whose margin grows along p₁.</summary>
    public required double GrowingMargins { get; init; }
}

/// <summary>Drift along the window's own mode 1 within one epoch.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Window">Which window's mode 1.</param>
/// <param name="Velocity">Displacement along p₁ over the epoch's iterations, a length per iteration.</param>
/// <param name="Loss">Training loss, geometric mean of the epoch's beginning and end.</param>
public sealed record EpochDrift(int Epoch, int Window, double Velocity, double Loss);
