using System.Runtime.InteropServices;

namespace Talweg.Trajectories;

/// <summary>How the weights move along one mode: drift or diffusion.</summary>
/// <remarks>
/// Feng and Tu, PNAS 118, e2015617118 (2021), Fig. 1C and Eqs. 11 to 13. Time is counted in iterations (Δt = 1); E is the number of
/// iterations an epoch. The window begins with an epoch, as recorded ones do: its first row holds the weights after the epoch's first step, so epochs end at
/// rows E − 1, 2E − 1, …, counted from 0. Only complete ones enter what is said to be over epochs; the first, whose start is in no row, is none.
/// A value is null where the window is too short for it or nothing moves.
/// </remarks>
public sealed record ModeDrift
{
    /// <summary>Complete epochs in the window, ⌊T/E⌋ − 1.</summary>
    public required int Epochs { get; init; }

    /// <summary>θ(T) − θ(0), from the first to the last iteration of the window, a length in weight space.</summary>
    public required double Displacement { get; init; }

    /// <summary>The mean drift velocity, displacement over T − 1 steps: a length per iteration.</summary>
    public required double MeanVelocity { get; init; }

    /// <summary>Its standard error: the spread of the epochs' mean velocities over √epochs, epochs taken as independent. At least 2 epochs.</summary>
    public required double? MeanVelocityError { get; init; }

    /// <summary>σ², the population variance of θ over the window.</summary>
    public required double Variance { get; init; }

    /// <summary>s = |θ(T) − θ(0)|/(√12 σ): 1 for motion at constant speed.</summary>
    public required double? Straightness { get; init; }

    /// <summary>
    /// Lag-1 correlation of the epochs' displacements about zero, Σ DₑDₑ₊₁/√(Σ Dₑ² Σ Dₑ₊₁²) over consecutive pairs: 1 for a steady drift,
    /// about 0 where each epoch forgets the one before. At least 3 epochs. About zero, because the drift itself is what persists.
    /// </summary>
    public required double? DisplacementCorrelation { get; init; }

    /// <summary>Its standard error by the jackknife over the pairs; 1/√pairs is what independent displacements would give.</summary>
    public required double? DisplacementCorrelationError { get; init; }

    /// <summary>The same correlation about the mean displacement: what is left of it when a constant drift is taken away.</summary>
    public required double? DisplacementCorrelationAboutMean { get; init; }

    /// <summary>Δ_v, the population variance of v(t) = θ(t + 1) − θ(t): squared lengths per squared iteration.</summary>
    public required double VelocityVariance { get; init; }

    /// <summary>
    /// Its standard error by the jackknife over epochs: right where velocities forget each other within an epoch, whatever the drift and
    /// however slowly θ itself relaxes. At least 2 epochs.
    /// </summary>
    public required double? VelocityVarianceError { get; init; }

    /// <summary>
    /// τ = σ²/(Δ_v Δt), in iterations (2021, Eq. 13). T/6 for a random walk, about E/6 for noise that sums to zero over each epoch, and
    /// (1/2k)[1 − (2/kT)(1 − (1 − e^−kT)/kT)] for an Ornstein–Uhlenbeck process of rate k.
    /// </summary>
    public required double? CorrelationTime { get; init; }

    /// <summary>
    /// Its standard error by the jackknife over epochs. Too small where θ stays correlated over more than an epoch, as a random walk does:
    /// then only other windows or seeds tell the spread.
    /// </summary>
    public required double? CorrelationTimeError { get; init; }

    /// <summary>Measures the motion along one mode.</summary>
    /// <param name="projection">θ(t), [T], T at least 2.</param>
    /// <param name="iterationsPerEpoch">E, at least 1.</param>
    /// <exception cref="ArgumentException">There are fewer than 2 iterations.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="iterationsPerEpoch"/> is less than 1.</exception>
    public static ModeDrift Of(ReadOnlySpan<double> projection, int iterationsPerEpoch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterationsPerEpoch, 1);
        if (projection.Length < 2)
            throw new ArgumentException($"A motion needs at least 2 iterations, but there are {projection.Length}.", nameof(projection));
        var epochs = new EpochDisplacements(projection, iterationsPerEpoch);
        var (correlation, correlationError) = epochs.Correlation();
        var (moments, velocityError, timeError) = Moments(projection, iterationsPerEpoch);
        double displacement = projection[^1] - projection[0];
        return new()
        {
            Epochs = epochs.Count,
            Displacement = displacement,
            MeanVelocity = displacement / (projection.Length - 1),
            MeanVelocityError = epochs.VelocityError(),
            Variance = moments.Variance,
            Straightness = Finite(Math.Abs(displacement) / Math.Sqrt(12 * moments.Variance)),
            DisplacementCorrelation = correlation,
            DisplacementCorrelationError = correlationError,
            DisplacementCorrelationAboutMean = epochs.CorrelationAboutMean(),
            VelocityVariance = moments.VelocityVariance,
            VelocityVarianceError = velocityError,
            CorrelationTime = Finite(moments.CorrelationTime),
            CorrelationTimeError = timeError,
        };
    }

    /// <summary>Measures the motion along the leading modes, in their order.</summary>
    /// <param name="modes">Found in this window or, for a held-out measurement, in another.</param>
    /// <param name="window">At least 2 iterations.</param>
    /// <param name="iterationsPerEpoch">E, at least 1.</param>
    /// <param name="count">How many modes; all that have directions where null.</param>
    /// <exception cref="ArgumentException">The window has another number of weights than the modes, or fewer than 2 iterations.</exception>
    /// <exception cref="ArgumentOutOfRangeException">E is less than 1, or there are fewer than <paramref name="count"/> modes.</exception>
    public static IReadOnlyList<ModeDrift> OfModes(PrincipalModes modes, IWindow window, int iterationsPerEpoch, int? count = null)
    {
        ArgumentNullException.ThrowIfNull(modes);
        ArgumentNullException.ThrowIfNull(window);
        const int AtOnce = 256;
        int wanted = count ?? modes.Count;
        List<ModeDrift> drifts = new(wanted);
        for (int first = 0; first < wanted; first += AtOnce)
        {
            double[,] projections = modes.Projections(window, first, Math.Min(AtOnce, wanted - first));
            for (int i = 0; i < projections.GetLength(0); i++)
            {
                var projection = MemoryMarshal.CreateReadOnlySpan(ref projections[i, 0], window.Iterations);
                drifts.Add(Of(projection, iterationsPerEpoch));
            }
        }
        return drifts;
    }

    private static (MotionMoments All, double? VelocityError, double? TimeError) Moments(ReadOnlySpan<double> projection, int iterationsPerEpoch)
    {
        double origin = 0;
        foreach (double x in projection)
            origin += x / projection.Length;
        var epochs = new WindowEpochs(projection.Length, iterationsPerEpoch);
        var complete = new MotionMoments[epochs.Complete];
        for (int e = 0; e < complete.Length; e++)
            complete[e] = MotionMoments.Of(projection, origin, epochs.Before(e) + 1, epochs.End(e) + 1);
        var all = MotionMoments.Of(projection, origin, 0, projection.Length);
        MotionMoments[] leftOut = [.. complete.Select(epoch => all - epoch)];
        return (all, Error(leftOut, moments => moments.VelocityVariance), Error(leftOut, moments => moments.CorrelationTime));
    }

    private static double? Error(MotionMoments[] leftOut, Func<MotionMoments, double> statistic) =>
        Jackknife.StandardError(Array.ConvertAll(leftOut, moments => statistic(moments)));

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
