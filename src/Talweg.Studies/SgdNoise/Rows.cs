namespace Talweg.Studies.SgdNoise;

/// <summary>Motion along one mode of a window and how flat the landscape is there.</summary>
public sealed record MotionRow
{
    /// <summary>i, from 1.</summary>
    public required int Rank { get; init; }

    /// <summary>σ²ᵢ.</summary>
    public required double Variance { get; init; }

    /// <summary>Fᵢ at level e around the window's last weights; null where a side is open.</summary>
    public required double? Flatness { get; init; }

    /// <summary>Δᵥ,ᵢ.</summary>
    public required double VelocityVariance { get; init; }

    /// <summary>Its standard error over epochs.</summary>
    public required double? VelocityVarianceError { get; init; }

    /// <summary>τᵢ = σ²ᵢ/Δᵥ,ᵢ in iterations.</summary>
    public required double? CorrelationTime { get; init; }

    /// <summary>Its standard error over epochs.</summary>
    public required double? CorrelationTimeError { get; init; }

    /// <summary>⟨vᵢ⟩, a length per iteration.</summary>
    public required double MeanVelocity { get; init; }
}

/// <summary>The ensemble of minibatch losses along one mode, and what the random-landscape theory makes of it.</summary>
public sealed record EnsembleRow
{
    /// <summary>i, from 1.</summary>
    public required int Rank { get; init; }

    /// <summary>Fᵢ, measured; null where a side is open.</summary>
    public required double? Flatness { get; init; }

    /// <summary>Minibatches in all.</summary>
    public required int Minibatches { get; init; }

    /// <summary>Those whose valley has fewer than 7 points of the grid.</summary>
    public required int TooSteep { get; init; }

    /// <summary>Those without a minimum in the window.</summary>
    public required int Unbounded { get; init; }

    /// <summary>Median R² of the fits.</summary>
    public required double? MedianRSquared { get; init; }

    /// <summary>⟨θ̃⟩.</summary>
    public required double? MinimumMean { get; init; }

    /// <summary>σ̃².</summary>
    public required double? MinimumVariance { get; init; }

    /// <summary>M⁽⁰⁾.</summary>
    public required double? Curvature { get; init; }

    /// <summary>σ_M².</summary>
    public required double? CurvatureVariance { get; init; }

    /// <summary>F predicted with the greatest σ_θ² that the minima allow.</summary>
    public required double? PredictedFlatnessLow { get; init; }

    /// <summary>F predicted with σ_θ² = 0 in the term of σ_M².</summary>
    public required double? PredictedFlatness { get; init; }

    /// <summary>D by 2020 Eq. 14.</summary>
    public required double? PredictedDiffusion { get; init; }

    /// <summary>α²⟨(L₀Mθ̃)²⟩ over the minibatches with a minimum, without taking the three for independent.</summary>
    public required double? CorrelatedDiffusion { get; init; }

    /// <summary>The product of means in its place, over the same minibatches.</summary>
    public required double? MeanFieldDiffusion { get; init; }

    /// <summary>⟨v⟩ by 2020 Eq. 13.</summary>
    public required double? PredictedDrift { get; init; }

    /// <summary>Pearson's correlation of L₀^μ and M^μ.</summary>
    public required double? LossCurvature { get; init; }

    /// <summary>Of L₀^μ and θ̃^μ.</summary>
    public required double? LossMinimum { get; init; }

    /// <summary>Of M^μ and θ̃^μ.</summary>
    public required double? CurvatureMinimum { get; init; }

    /// <summary>Skewness of θ̃^μ.</summary>
    public required double? MinimumSkewness { get; init; }

    /// <summary>Excess kurtosis of θ̃^μ.</summary>
    public required double? MinimumKurtosis { get; init; }

    /// <summary>Skewness of M^μ.</summary>
    public required double? CurvatureSkewness { get; init; }

    /// <summary>Excess kurtosis of M^μ.</summary>
    public required double? CurvatureKurtosis { get; init; }
}

/// <summary>Active temperature at one displacement along one mode.</summary>
public sealed record TemperatureRow
{
    /// <summary>Updates made so far.</summary>
    public required long Iteration { get; init; }

    /// <summary>The epoch that ends there, for times spread over epochs; null for the others.</summary>
    public required double? Epoch { get; init; }

    /// <summary>i, from 1.</summary>
    public required int Rank { get; init; }

    /// <summary>δθ.</summary>
    public required double Displacement { get; init; }

    /// <summary>T.</summary>
    public required double Temperature { get; init; }

    /// <summary>Its standard error over minibatches.</summary>
    public required double? StandardError { get; init; }

    /// <summary>L, mean over the same minibatches.</summary>
    public required double Loss { get; init; }
}

/// <summary>A point of one minibatch's profile, for the figure.</summary>
public sealed record ProfileRow
{
    /// <summary>−1 for the mean over all.</summary>
    public required int Minibatch { get; init; }

    /// <summary>δθ.</summary>
    public required double Displacement { get; init; }

    /// <summary>L^μ.</summary>
    public required double Loss { get; init; }
}

/// <summary>One minibatch's valley along the shown mode, for the figure.</summary>
public sealed record ValleyRow
{
    /// <summary>Its number.</summary>
    public required int Minibatch { get; init; }

    /// <summary>θ̃^μ; null without a minimum in the window.</summary>
    public required double? Minimum { get; init; }

    /// <summary>M^μ; likewise.</summary>
    public required double? Curvature { get; init; }

    /// <summary>L₀^μ.</summary>
    public required double LossAtOrigin { get; init; }
}

/// <summary>One mode of a null surrogate.</summary>
public sealed record SurrogateRow
{
    /// <summary>Which surrogate.</summary>
    public required string Surrogate { get; init; }

    /// <summary>i, from 1.</summary>
    public required int Rank { get; init; }

    /// <summary>F around the real w₀; null where open.</summary>
    public required double? Flatness { get; init; }

    /// <summary>Δᵥ.</summary>
    public required double VelocityVariance { get; init; }

    /// <summary>τ.</summary>
    public required double? CorrelationTime { get; init; }
}

/// <summary>Training signal of one layer at one time.</summary>
public sealed record SignalRow
{
    /// <summary>Updates made so far.</summary>
    public required long Iteration { get; init; }

    /// <summary>Training loss there, nats.</summary>
    public required double Loss { get; init; }

    /// <summary>Counted from 1.</summary>
    public required int Layer { get; init; }

    /// <summary>s_I, mean over minibatches.</summary>
    public required double Signal { get; init; }

    /// <summary>Its standard deviation over minibatches.</summary>
    public required double Deviation { get; init; }
}

/// <summary>One mode of the small network, whose minibatch Hessians are known, among so many leading modes.</summary>
public sealed record TheoryRow
{
    /// <summary>K: the theory is that of the K leading modes' span.</summary>
    public required int Modes { get; init; }

    /// <summary>Minibatches.</summary>
    public required int Minibatches { get; init; }

    /// <summary>Those whose Hessian of ln L is not positive definite on the K modes: without a minimum, they enter no term.</summary>
    public required int WithoutMinimum { get; init; }

    /// <summary>i, from 1.</summary>
    public required int Rank { get; init; }

    /// <summary>Fᵢ, measured.</summary>
    public required double? Flatness { get; init; }

    /// <summary>F by every term of M_ii.</summary>
    public required double? PredictedFlatness { get; init; }

    /// <summary>(8/M)^½ with M the exact curvature of ln L at the origin: what the theory's terms approximate.</summary>
    public required double? ExactFlatness { get; init; }

    /// <summary>Δᵥ + ⟨v⟩², measured: ⟨v²⟩.</summary>
    public required double MeanSquareVelocity { get; init; }

    /// <summary>D by 2020 Eq. 14 with the off-diagonal terms.</summary>
    public required double? PredictedDiffusion { get; init; }

    /// <summary>α²⟨(∂L^μ)²⟩ at the window's end, without theory.</summary>
    public required double? ExactDiffusion { get; init; }

    /// <summary>M⁽⁰⁾_ii.</summary>
    public required double? Curvature { get; init; }

    /// <summary>σ_θ².</summary>
    public required double? MinimumVariance { get; init; }

    /// <summary>Σ_{j≠i} σᵢⱼ² [σ_θ,ⱼ² + δⱼ₁ (θ₁⁽⁰⁾)²].</summary>
    public required double? OffDiagonal { get; init; }
}
