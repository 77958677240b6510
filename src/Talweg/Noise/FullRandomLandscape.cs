namespace Talweg.Noise;

/// <summary>The random-landscape theory with every term: what statistics of the minibatches' curvatures and minima say of flatness, noise and drift.</summary>
/// <remarks>
/// Feng and Tu (2020), Eqs. 10 to 14, where M^μᵢᵢ, M^μᵢⱼ, θᵢ^μ and L₀^μ are uncorrelated, M^μᵢⱼ (i ≠ j) has mean 0, and θᵢ^μ has mean 0 in
/// every mode but the drift mode d, the first. All parameters are population variances over the minibatches that have a minimum in the
/// span of the modes; L₀, C₀ and what is measured without the theory are over all of them. What the paper's equations have lost is put
/// back: see <see cref="RandomLandscapeMode"/>.
/// </remarks>
public sealed record FullRandomLandscape
{
    /// <summary>Number of minibatches.</summary>
    public required int Minibatches { get; init; }

    /// <summary>Those whose M^μ is not positive definite.</summary>
    public required int WithoutMinimum { get; init; }

    /// <summary>L₀ = ⟨L₀^μ⟩, nats.</summary>
    public required double Loss { get; init; }

    /// <summary>C₀ = ⟨(L₀^μ)²⟩, nats squared.</summary>
    public required double SquaredLoss { get; init; }

    /// <summary>One a mode, in their order; none where no minibatch has a minimum.</summary>
    public required IReadOnlyList<RandomLandscapeMode> Modes { get; init; }

    /// <summary>Takes the statistics of an ensemble and puts them into the theory.</summary>
    /// <param name="losses">One a minibatch, all of the same modes.</param>
    /// <param name="learningRate">α, positive.</param>
    /// <param name="driftMode">d, which of the modes drifts, counted from 0: principal mode 1 if it is there; null for none.</param>
    /// <exception cref="ArgumentException">There is no minibatch, or they have different numbers of modes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The learning rate is not positive, or there is no mode d.</exception>
    public static FullRandomLandscape Of(IReadOnlyList<InverseGaussianLoss> losses, double learningRate, int? driftMode = 0)
    {
        ArgumentNullException.ThrowIfNull(losses);
        if (losses.Count == 0)
            throw new ArgumentException("An ensemble needs at least one minibatch, but there is none.", nameof(losses));
        int modes = losses[0].Modes;
        if (losses.FirstOrDefault(loss => loss.Modes != modes) is { } other)
            throw new ArgumentException($"All minibatches must have the same modes, but some have {modes} and some {other.Modes}.", nameof(losses));
        LearningRate.RequirePositive(learningRate);
        if (driftMode < 0 || driftMode >= modes)
            throw new ArgumentOutOfRangeException(nameof(driftMode), driftMode, $"The modes are numbered 0 … {modes - 1}.");
        InverseGaussianLoss[] valleys = [.. losses.Where(loss => loss.HasMinimum)];
        double squaredLoss = losses.Average(loss => loss.LossAtOrigin * loss.LossAtOrigin);
        return new()
        {
            Minibatches = losses.Count,
            WithoutMinimum = losses.Count - valleys.Length,
            Loss = losses.Average(loss => loss.LossAtOrigin),
            SquaredLoss = squaredLoss,
            Modes = valleys.Length == 0 ? [] : RandomLandscapeMode.All(losses, valleys, learningRate, squaredLoss, driftMode),
        };
    }
}
