namespace Talweg.Noise;

/// <summary>The random-landscape theory along one direction: what the minibatches' valleys there say of flatness, noise and drift.</summary>
/// <remarks>
/// Feng and Tu (2020), Eqs. 10 to 14, from the one-dimensional valleys that a <see cref="MinibatchEnsemble"/> has measured. Curvatures and
/// minima are those of the minibatches with a minimum; L₀ and C₀ are over all minibatches. Everything that needs a valley is null where no
/// minibatch has one. For several directions at once, off-diagonal curvatures included: <see cref="FullRandomLandscape"/>.
/// </remarks>
public sealed record RandomLandscape
{
    /// <summary>M⁽⁰⁾ and σ_M²: mean and population variance of the curvatures M^μ, inverse square lengths.</summary>
    public required EnsembleMoments? Curvature { get; init; }

    /// <summary>⟨θ̃^μ⟩, along the drift mode θ₁⁽⁰⁾, and σ̃²: mean and population variance of the minima along the direction, lengths.</summary>
    public required EnsembleMoments? Minimum { get; init; }

    /// <summary>L₀ = ⟨L₀^μ⟩, nats.</summary>
    public required double Loss { get; init; }

    /// <summary>C₀ = ⟨(L₀^μ)²⟩, nats squared.</summary>
    public required double SquaredLoss { get; init; }

    /// <summary>F = (8/M)^½ with M = M⁽⁰⁾ + (M⁽⁰⁾)² σ̃² + σ_θ² σ_M² (below Eq. 10, and Eq. 11).</summary>
    /// <remarks>
    /// σ_θ², the spread of θ^μ that is not due to the other directions, cannot be seen along one, but 0 ≤ σ_θ² ≤ σ̃²: hence two ends. Along
    /// mode 1 the drift is neglected: the slope of ln L there, and σ_M² (θ₁⁽⁰⁾)² in M.
    /// </remarks>
    public required PredictedFlatness? Flatness { get; init; }

    /// <summary>D = α² C₀ (M⁽⁰⁾)² σ̃² (Eq. 14 and, as Δ_v, 2021 Eq. 12), squared lengths per iteration; without the drift of mode 1.</summary>
    /// <remarks>Eq. 14's first form prints σ̃ where only σ_θ leads to this, its second form.</remarks>
    public required double? DiffusionConstant { get; init; }

    /// <summary>v = α L₀ M⁽⁰⁾ ⟨θ̃^μ⟩ (Eq. 13), a length per iteration, positive towards positive displacements; the theory takes it for 0 but along mode 1.</summary>
    public required double? Drift { get; init; }

    /// <summary>What an ensemble predicts.</summary>
    /// <param name="ensemble">Of at least one minibatch.</param>
    /// <param name="learningRate">α, positive.</param>
    /// <exception cref="ArgumentException">There is no minibatch.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The learning rate is not positive.</exception>
    public static RandomLandscape Of(MinibatchEnsemble ensemble, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        if (ensemble.Minibatches == 0)
            throw new ArgumentException("An ensemble needs at least one minibatch, but there is none.", nameof(ensemble));
        LearningRate.RequirePositive(learningRate);
        double loss = ensemble.LossesAtOrigin.Average();
        double squaredLoss = ensemble.LossesAtOrigin.Average(each => each * each);
        var (curvature, minimum) = (ensemble.Curvature, ensemble.Minimum);
        return new()
        {
            Curvature = curvature,
            Minimum = minimum,
            Loss = loss,
            SquaredLoss = squaredLoss,
            Flatness = curvature is null || minimum is null ? null : Predict(curvature, minimum),
            DiffusionConstant = learningRate * learningRate * squaredLoss * curvature?.Mean * curvature?.Mean * minimum?.Variance,
            Drift = learningRate * loss * curvature?.Mean * minimum?.Mean,
        };
    }

    private static PredictedFlatness Predict(EnsembleMoments curvature, EnsembleMoments minimum)
    {
        double least = curvature.Mean + curvature.Mean * curvature.Mean * minimum.Variance;
        return new(Math.Sqrt(8 / (least + minimum.Variance * curvature.Variance)), Math.Sqrt(8 / least));
    }
}
