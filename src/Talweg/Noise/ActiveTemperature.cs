using Talweg.Landscapes;

namespace Talweg.Noise;

/// <summary>The active temperature along one direction: how strongly minibatches disagree about the slope of the loss.</summary>
/// <remarks>
/// Tᵢ(δθ) = (α/2)·⟨(∂L^μ/∂θᵢ − ∂L/∂θᵢ)²⟩_μ at w₀ + δθ·pᵢ: Feng and Tu (2020), Eq. 17, which is Eq. 15 of Feng and Tu, PNAS 118, e2015617118
/// (2021). The mean over μ is the population's, over all minibatches, and L is the mean of the same minibatches, so that samples which fill
/// no minibatch count nowhere. Slopes are exact. 2αT is the variance that the choice of the minibatch gives to one step of SGD along pᵢ.
/// </remarks>
public sealed record ActiveTemperature
{
    /// <summary>Minibatches × displacements that are held at once.</summary>
    private const int NumbersAtOnce = 1 << 22;

    /// <summary>δθ, lengths in weight space, [D].</summary>
    public required IReadOnlyList<double> Displacements { get; init; }

    /// <summary>T at each displacement; not a number where a slope is not.</summary>
    public required IReadOnlyList<double> Temperature { get; init; }

    /// <summary>
    /// (α/2)·√((m₄ − m₂²)/n), the standard error of the temperature over n minibatches, m₂ and m₄ being the central moments of their slopes;
    /// null for a single minibatch.
    /// </summary>
    /// <remarks>
    /// The delta method: it holds for many independent minibatches, and for two it is always 0. Minibatches of one epoch without
    /// replacement are independent up to a share B/M.
    /// </remarks>
    public required IReadOnlyList<double>? StandardError { get; init; }

    /// <summary>L at each displacement: the mean over the minibatches, nats.</summary>
    public required IReadOnlyList<double> Loss { get; init; }

    /// <summary>The temperature of an ensemble of profiles.</summary>
    /// <param name="profiles">With slopes.</param>
    /// <param name="learningRate">α.</param>
    /// <exception cref="ArgumentException">The profiles hold no slopes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">α is not a positive number.</exception>
    public static ActiveTemperature Of(MinibatchProfiles profiles, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        LearningRate.RequirePositive(learningRate);
        if (!profiles.HasSlopes)
            throw new ArgumentException("A temperature needs the minibatches' slopes, but the profiles hold none. Measure them with slopes.", nameof(profiles));
        int n = profiles.Count;
        var (loss, slope) = Means(profiles);
        var (second, fourth) = CentralMoments(profiles, slope);
        return new()
        {
            Displacements = profiles.Displacements,
            Temperature = Array.ConvertAll(second, m2 => learningRate / 2 * m2),
            // Rounding may leave less than nothing where all squares are equal.
            StandardError = n < 2 ? null : [.. second.Zip(fourth, (m2, m4) => learningRate / 2 * Math.Sqrt(Math.Max(m4 - m2 * m2, 0) / n))],
            Loss = loss,
        };
    }

    /// <summary>The temperature along every direction, one transect with slopes each.</summary>
    /// <remarks>Memory: some 130 MB a thread at most, since minibatches × displacements beyond four million are taken in turns.</remarks>
    /// <param name="landscape">Where, and on which samples.</param>
    /// <param name="directions">[K, N].</param>
    /// <param name="sets">Which of these samples form which minibatches.</param>
    /// <param name="learningRate">α.</param>
    /// <param name="displacements">δθ, the same for all directions.</param>
    /// <param name="options">Threads, progress, cancellation.</param>
    /// <exception cref="ArgumentException">The minibatches are drawn from another number of samples, or there is no displacement.</exception>
    /// <exception cref="ArgumentOutOfRangeException">α is not a positive number.</exception>
    public static IReadOnlyList<ActiveTemperature> Along(
        Landscape landscape, Directions directions, MinibatchSets sets, double learningRate, IReadOnlyList<double> displacements, WorkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sets);
        return Along(landscape, directions, sets, learningRate, displacements, options, Math.Max(1, NumbersAtOnce / sets.Count));
    }

    /// <summary>As above, so many displacements at once; the result does not depend on how many.</summary>
    internal static IReadOnlyList<ActiveTemperature> Along(
        Landscape landscape, Directions directions, MinibatchSets sets, double learningRate, IReadOnlyList<double> displacements, WorkOptions? options, int atOnce)
    {
        MinibatchProfiles.RequireFit(landscape, sets);
        ArgumentNullException.ThrowIfNull(displacements);
        LearningRate.RequirePositive(learningRate);
        if (displacements.Count == 0)
            throw new ArgumentException("There must be at least one displacement.", nameof(displacements));
        double[][] chunks = [.. displacements.Chunk(atOnce)];
        return Transects.Each(directions, "temperatures", (_, direction) => Measure(landscape, direction, sets, learningRate, chunks), options);
    }

    private static ActiveTemperature Measure(Landscape landscape, ReadOnlySpan<double> direction, MinibatchSets sets, double learningRate, double[][] chunks)
    {
        var parts = new ActiveTemperature[chunks.Length];
        for (int i = 0; i < chunks.Length; i++)
            parts[i] = Of(MinibatchProfiles.Along(landscape, direction, sets, chunks[i], withSlopes: true), learningRate);
        return parts.Length == 1 ? parts[0] : new()
        {
            Displacements = [.. chunks.SelectMany(chunk => chunk)],
            Temperature = [.. parts.SelectMany(part => part.Temperature)],
            StandardError = parts[0].StandardError is null ? null : [.. parts.SelectMany(part => part.StandardError!)],
            Loss = [.. parts.SelectMany(part => part.Loss)],
        };
    }

    private static (double[] Loss, double[] Slope) Means(MinibatchProfiles profiles)
    {
        double[] loss = new double[profiles.Displacements.Count], slope = new double[loss.Length];
        for (int minibatch = 0; minibatch < profiles.Count; minibatch++)
        {
            var losses = profiles.Loss(minibatch);
            var slopes = profiles.Slope(minibatch);
            for (int i = 0; i < loss.Length; i++)
            {
                loss[i] += losses[i];
                slope[i] += slopes[i];
            }
        }

        return (Divide(loss, profiles.Count), Divide(slope, profiles.Count));
    }

    private static (double[] Second, double[] Fourth) CentralMoments(MinibatchProfiles profiles, double[] mean)
    {
        double[] second = new double[mean.Length], fourth = new double[mean.Length];
        for (int minibatch = 0; minibatch < profiles.Count; minibatch++)
        {
            var slopes = profiles.Slope(minibatch);
            for (int i = 0; i < mean.Length; i++)
            {
                double square = (slopes[i] - mean[i]) * (slopes[i] - mean[i]);
                second[i] += square;
                fourth[i] += square * square;
            }
        }

        return (Divide(second, profiles.Count), Divide(fourth, profiles.Count));
    }

    private static double[] Divide(double[] sums, int count) => Array.ConvertAll(sums, sum => sum / count);
}
