using System.Text.Json.Serialization;
using Talweg.Statistics;
using Talweg.Studies.Running;

namespace Talweg.Studies.EinsteinRelation;

/// <summary>What the thermal control found besides its tables of modes.</summary>
public sealed record ControlResult
{
    /// <summary>Its file in the cell's folder.</summary>
    public const string FileName = "control.json";

    /// <summary>SGD's first epoch with zero training error; null if there was none.</summary>
    public required int? ZeroErrorEpoch { get; init; }

    /// <summary>SGD's window in iterations.</summary>
    public required int SgdIterations { get; init; }

    /// <summary>L(w₀) at the solution, where thermal motion starts.</summary>
    public required double SolutionLoss { get; init; }

    /// <summary>λ_k, the K top eigenvalues of the Hessian at the solution, descending.</summary>
    public required IReadOnlyList<double> Curvatures { get; init; }

    /// <summary>‖∇L‖² over all weights of the layer.</summary>
    public required double SquaredGradient { get; init; }

    /// <summary>The same in the span of the K directions.</summary>
    public required double SquaredGradientInSpan { get; init; }

    /// <summary>α of thermal motion.</summary>
    public required double StepSize { get; init; }

    /// <summary>T.</summary>
    public required double Temperature { get; init; }

    /// <summary>Steps of the window.</summary>
    public required int Steps { get; init; }

    /// <summary>Steps from one loss below to the next.</summary>
    public required int Stride { get; init; }

    /// <summary>L during the burn-in.</summary>
    public required IReadOnlyList<double> BurnInLosses { get; init; }

    /// <summary>L in the window.</summary>
    public required IReadOnlyList<double> Losses { get; init; }

    /// <summary>Change of the loss over the window, in units of its mean.</summary>
    public required double LossDrift { get; init; }

    /// <summary>Lower end of its interval.</summary>
    public required double LossDriftLow { get; init; }

    /// <summary>Upper end of its interval.</summary>
    public required double LossDriftHigh { get; init; }

    /// <summary>What that interval is over.</summary>
    public required string LossDriftOver { get; init; }

    /// <summary>The drift with its interval.</summary>
    [JsonIgnore]
    public Estimate Drift => new(LossDrift, new Interval(LossDriftLow, LossDriftHigh), LossDriftOver);

    /// <summary>Writes it as JSON.</summary>
    public void Write(string path) => ResultFile.Write(path, this);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static ControlResult Read(string path) => ResultFile.Read<ControlResult>(path, "a control's result");
}
