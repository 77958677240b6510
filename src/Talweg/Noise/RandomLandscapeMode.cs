namespace Talweg.Noise;

/// <summary>What the random-landscape theory says of one mode, term by term, and what the same minibatches give without it.</summary>
/// <remarks>
/// The paper's equations are those of Feng and Tu (2020). With d the drift mode and Sᵢ = Σ_{j≠i} σᵢⱼ² [σ_θ,ⱼ² + δⱼ_d (θ_d⁽⁰⁾)²], the theory
/// follows from ∂ᵢln L^μ(0) = −Σⱼ M^μᵢⱼ θⱼ^μ. Three things that the paper lost are put back: the drift mode's (θ_d⁽⁰⁾)² in Eq. 11; σ_θ,ᵢ
/// without the tilde in the first form of Eq. 14; and σ_M,d² (θ_d⁽⁰⁾)² in the curvature of the drift mode itself.
/// </remarks>
public sealed record RandomLandscapeMode
{
    /// <summary>M⁽⁰⁾ᵢᵢ, the mean of M^μᵢᵢ, an inverse square length.</summary>
    public required double MeanCurvature { get; init; }

    /// <summary>σ_M,ᵢ², the variance of M^μᵢᵢ.</summary>
    public required double CurvatureVariance { get; init; }

    /// <summary>θᵢ⁽⁰⁾, the mean of θᵢ^μ, a length; the theory takes it for 0 but in the drift mode.</summary>
    public required double MeanMinimum { get; init; }

    /// <summary>σ_θ,ᵢ², the variance of θᵢ^μ, a squared length.</summary>
    public required double MinimumVariance { get; init; }

    /// <summary>Sᵢ, what the other modes' minima contribute through the off-diagonal curvatures; the theory takes their means for 0.</summary>
    public required double OffDiagonal { get; init; }

    /// <summary>σ_M,d² (θ_d⁽⁰⁾)² in the drift mode, 0 in any other.</summary>
    public required double DriftSpread { get; init; }

    /// <summary>Mᵢᵢ = M⁽⁰⁾ᵢᵢ + σ_θ,ᵢ² (M⁽⁰⁾ᵢᵢ)² + σ_θ,ᵢ² σ_M,ᵢ² + Sᵢ (below Eq. 10), and the drift mode's own term: the curvature of ln L.</summary>
    public double Curvature =>
        MeanCurvature + MinimumVariance * MeanCurvature * MeanCurvature + MinimumVariance * CurvatureVariance + OffDiagonal + DriftSpread;

    /// <summary>Fᵢ = (8/Mᵢᵢ)^½, the width of ln L at level e, without the slope that ln L has along the drift mode.</summary>
    public double Flatness => Math.Sqrt(8 / Curvature);

    /// <summary>The second derivative of ln⟨L^μ⟩ at the origin, ⟨L₀^μ (M^μᵢᵢ + sᵢ²)⟩/L₀ − ⟨L₀^μ sᵢ⟩²/L₀², sᵢ = ∂ᵢln L^μ(0): exact, no theory.</summary>
    public required double MeasuredCurvature { get; init; }

    /// <summary>σ̃² = σ_θ,ᵢ² + Sᵢ/(M⁽⁰⁾ᵢᵢ)² (Eq. 11): the variance of minima along the mode alone.</summary>
    public double MinimumAlongVariance => MinimumVariance + OffDiagonal / (MeanCurvature * MeanCurvature);

    /// <summary>The variance of θ̃ᵢ^μ itself, <see cref="InverseGaussianLoss.MinimumAlong"/>.</summary>
    public required double MeasuredMinimumAlongVariance { get; init; }

    /// <summary>D = α² C₀ [(M⁽⁰⁾ᵢᵢ)² σ_θ,ᵢ² + Sᵢ] (Eq. 14, first form), squared lengths per iteration; without the drift.</summary>
    public required double DiffusionConstant { get; init; }

    /// <summary>
    /// D = α² C₀ (M⁽⁰⁾ᵢᵢ)² σ̃² (Eq. 14, second form) with the measured variance of θ̃ᵢ^μ; with that of Eq. 11 it is the first form again.
    /// </summary>
    public required double DiffusionConstantOfMinima { get; init; }

    /// <summary>⟨vᵢ²⟩ = α² ⟨(L₀^μ sᵢ)²⟩, squared lengths per squared iteration, drift included: exact, no theory.</summary>
    public required double MeasuredSquaredVelocity { get; init; }

    /// <summary>vᵢ = α L₀ M⁽⁰⁾ᵢᵢ θᵢ⁽⁰⁾ (Eq. 13), a length per iteration, positive towards positive θ; the theory takes it for 0 but in the drift mode.</summary>
    public required double Drift { get; init; }

    /// <summary>⟨vᵢ⟩ = −α ⟨L₀^μ sᵢ⟩, the slope of the mean loss times −α: exact, no theory.</summary>
    public required double MeasuredDrift { get; init; }

    /// <param name="all">Every minibatch.</param>
    /// <param name="valleys">Those with a minimum, at least one.</param>
    /// <param name="learningRate">α.</param>
    /// <param name="squaredLoss">C₀.</param>
    /// <param name="driftMode">d, or null.</param>
    internal static RandomLandscapeMode[] All(
        IReadOnlyList<InverseGaussianLoss> all, InverseGaussianLoss[] valleys, double learningRate, double squaredLoss, int? driftMode)
    {
        int modes = valleys[0].Modes;
        EnsembleMoments[] minima = [.. Enumerable.Range(0, modes).Select(i => Moments(valleys, valley => valley.Minimum[i]))];
        double OffDiagonal(int i)
        {
            double sum = 0;
            for (int j = 0; j < modes; j++)
            {
                if (j == i)
                    continue;
                double minimum = minima[j].Variance + (j == driftMode ? minima[j].Mean * minima[j].Mean : 0);
                sum += Moments(valleys, valley => valley.Curvature[i * modes + j]).Variance * minimum;
            }

            return sum;
        }

        return [.. Enumerable.Range(0, modes).Select(i => One(i, minima[i], OffDiagonal(i), all, valleys, learningRate, squaredLoss, i == driftMode))];
    }

    private static RandomLandscapeMode One(
        int mode, EnsembleMoments minimum, double offDiagonal, IReadOnlyList<InverseGaussianLoss> all, InverseGaussianLoss[] valleys,
        double learningRate, double squaredLoss, bool drifts)
    {
        var curvature = Moments(valleys, valley => valley.Curvature[mode * (valley.Modes + 1)]);
        double along = Moments(valleys, valley => valley.MinimumAlong(mode)!.Value).Variance;     // Mᵢᵢ > 0 where M is positive definite
        double loss = all.Average(each => each.LossAtOrigin);
        double slope = all.Average(each => each.LossAtOrigin * each.Slope[mode]);
        double bend = all.Average(each => each.LossAtOrigin * (each.Curvature[mode * (each.Modes + 1)] + each.Slope[mode] * each.Slope[mode]));
        double noise = learningRate * learningRate * squaredLoss;
        double square = curvature.Mean * curvature.Mean;
        return new()
        {
            MeanCurvature = curvature.Mean,
            CurvatureVariance = curvature.Variance,
            MeanMinimum = minimum.Mean,
            MinimumVariance = minimum.Variance,
            OffDiagonal = offDiagonal,
            DriftSpread = drifts ? curvature.Variance * minimum.Mean * minimum.Mean : 0,
            MeasuredCurvature = bend / loss - slope / loss * (slope / loss),
            MeasuredMinimumAlongVariance = along,
            DiffusionConstant = noise * (square * minimum.Variance + offDiagonal),
            DiffusionConstantOfMinima = noise * square * along,
            MeasuredSquaredVelocity = learningRate * learningRate * all.Average(each => Math.Pow(each.LossAtOrigin * each.Slope[mode], 2)),
            Drift = learningRate * loss * curvature.Mean * minimum.Mean,
            MeasuredDrift = -learningRate * slope,
        };
    }

    private static EnsembleMoments Moments(InverseGaussianLoss[] valleys, Func<InverseGaussianLoss, double> of) =>
        EnsembleMoments.Of([.. valleys.Select(of)])!;
}
