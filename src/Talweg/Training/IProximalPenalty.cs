namespace Talweg.Training;

/// <summary>A penalty that can be followed implicitly: its minimum near a point is known exactly.</summary>
/// <remarks>
/// After a step w̃ = w − α ∂L^μ/∂w comes w ← argmin_v R(v) + ‖v − w̃‖²/(2α), the implicit Euler step of R (Parikh and Boyd, Proximal Algorithms, 2014). It rests where w ← w − α ∂(L + R)/∂w does, and is
/// stable for springs of any strength, where that one needs α times the largest curvature of R to be below 2.
/// </remarks>
public interface IProximalPenalty : IPenalty
{
    /// <summary>Directions with a spring.</summary>
    int Springs { get; }

    /// <summary>s of the stiffest, nats over squared weights: R is s x² along it, so a step w ← w − α ∂R/∂w makes (1 − 2αs) x of x, which is stable only while α s &lt; 1. 0 without springs.</summary>
    double Stiffness { get; }

    /// <summary>w ← argmin_v R(v) + ‖v − w‖²/(2α).</summary>
    /// <param name="rate">α, positive.</param>
    /// <param name="weights">w, [N]; overwritten.</param>
    void Relax(double rate, Span<float> weights);
}

/// <summary>How a run follows the penalty's gradient.</summary>
public enum PenaltyStep
{
    /// <summary>With the loss's, at the same weights: w ← w − α ∂(L^μ + R)/∂w. With any optimizer.</summary>
    Explicit,

    /// <summary>After the loss's, by <see cref="IProximalPenalty.Relax"/>: for plain SGD.</summary>
    Implicit,
}
