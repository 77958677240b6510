using Talweg.Statistics;

namespace Talweg.Noise;

/// <summary>What the mean-field assumption of the random-landscape theory leaves out along one direction, and what that costs.</summary>
/// <remarks>
/// Feng and Tu (2020) take L₀^μ, M^μ and θ̃^μ for uncorrelated normal variables. Everything here is over the minibatches that have a minimum,
/// so that only the assumption differs between the two sides of <see cref="Ratio"/>; C₀ and with it Eq. 14 may therefore differ from
/// <see cref="RandomLandscape"/>'s, which is over all. Intervals take minibatches for independent; they say nothing of another seed.
/// </remarks>
public sealed record MeanFieldCheck
{
    /// <summary>Minibatches with a minimum.</summary>
    public required int Minibatches { get; init; }

    /// <summary>Of L₀^μ and M^μ.</summary>
    public required MeanFieldPair? LossCurvature { get; init; }

    /// <summary>Of L₀^μ and θ̃^μ.</summary>
    public required MeanFieldPair? LossMinimum { get; init; }

    /// <summary>Of M^μ and θ̃^μ.</summary>
    public required MeanFieldPair? CurvatureMinimum { get; init; }

    /// <summary>How normal L₀^μ is, nats; null without a minibatch.</summary>
    public required Normality? Loss { get; init; }

    /// <summary>How normal M^μ is, inverse square lengths.</summary>
    public required Normality? Curvature { get; init; }

    /// <summary>How normal θ̃^μ is, lengths.</summary>
    public required Normality? Minimum { get; init; }

    /// <summary>α² ⟨(L₀^μ M^μ θ̃^μ)²⟩, squared lengths per squared iteration: the mean square velocity of these inverse Gaussians.</summary>
    public required double? SquaredVelocity { get; init; }

    /// <summary>α ⟨L₀^μ M^μ θ̃^μ⟩, their mean velocity, a length per iteration; its square is the drift's share in <see cref="SquaredVelocity"/>.</summary>
    public required double? MeanVelocity { get; init; }

    /// <summary>α² C₀ (M⁽⁰⁾)² σ̃² (Eq. 14), over the same minibatches.</summary>
    public required double? MeanFieldSquaredVelocity { get; init; }

    /// <summary>
    /// How many times the mean square velocity exceeds Eq. 14: 1 where the assumption holds and nothing drifts; null where no minimum differs from
    /// another.
    /// </summary>
    public double? Ratio => MeanFieldSquaredVelocity > 0 ? SquaredVelocity / MeanFieldSquaredVelocity : null;

    /// <summary>Checks an ensemble.</summary>
    /// <param name="ensemble">Of any number of minibatches; what needs more than there are is null.</param>
    /// <param name="learningRate">α, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">The learning rate is not positive.</exception>
    public static MeanFieldCheck Of(MinibatchEnsemble ensemble, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        LearningRate.RequirePositive(learningRate);
        MinibatchValley[] valleys = [.. ensemble.Valleys.OfType<MinibatchValley>()];
        double[] losses = Array.ConvertAll(valleys, valley => valley.LossAtOrigin);
        double[] curvatures = Array.ConvertAll(valleys, valley => valley.Curvature);
        double[] minima = Array.ConvertAll(valleys, valley => valley.Minimum);
        double[] velocities = Array.ConvertAll(valleys, valley => learningRate * valley.LossAtOrigin * valley.Curvature * valley.Minimum);
        bool any = valleys.Length > 0;
        double? squaredLoss = any ? losses.Average(loss => loss * loss) : null;
        double? meanCurvature = any ? curvatures.Average() : null;
        return new()
        {
            Minibatches = valleys.Length,
            LossCurvature = MeanFieldPair.Of(losses, curvatures),
            LossMinimum = MeanFieldPair.Of(losses, minima),
            CurvatureMinimum = MeanFieldPair.Of(curvatures, minima),
            Loss = any ? Normality.Of(losses) : null,
            Curvature = any ? Normality.Of(curvatures) : null,
            Minimum = any ? Normality.Of(minima) : null,
            SquaredVelocity = any ? velocities.Average(velocity => velocity * velocity) : null,
            MeanVelocity = any ? velocities.Average() : null,
            MeanFieldSquaredVelocity = learningRate * learningRate * squaredLoss * meanCurvature * meanCurvature * EnsembleMoments.Of(minima)?.Variance,
        };
    }
}

/// <summary>How two quantities that the mean-field assumption takes for uncorrelated go together over minibatches.</summary>
/// <param name="Pearson">Linearly; its interval is that of normal variables.</param>
/// <param name="Spearman">In order, whatever their distributions.</param>
public sealed record MeanFieldPair(CorrelationResult Pearson, CorrelationResult Spearman)
{
    /// <summary>Both coefficients; null for fewer than 3 minibatches or where one quantity has no spread.</summary>
    internal static MeanFieldPair? Of(double[] x, double[] y) => x.Length >= 3 && HasSpread(x) && HasSpread(y) ? new(Correlation.Pearson(x, y), Correlation.Spearman(x, y)) : null;

    private static bool HasSpread(double[] values) => values.AsSpan().ContainsAnyExcept(values[0]);
}
