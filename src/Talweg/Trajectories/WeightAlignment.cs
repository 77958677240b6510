namespace Talweg.Trajectories;

/// <summary>How a direction lies to the weights themselves: moving along an aligned one amplifies all of them.</summary>
/// <remarks>|cos(p₁, w₀)| of Feng and Tu, PNAS 118, e2015617118 (2021), below Fig. 1: the drift mode is highly aligned with w₀.</remarks>
public sealed record WeightAlignment
{
    /// <summary>|p · w₀|/(‖p‖ ‖w₀‖), in [0, 1]; null where one of them vanishes.</summary>
    public required double? Cosine { get; init; }

    /// <summary>The sign, +1 or −1, by which to multiply p so that ‖w₀ + δ p‖ grows with δ at δ = 0.</summary>
    public required int Orientation { get; init; }

    /// <param name="direction">p, [N].</param>
    /// <param name="weights">w₀, [N]: a window's last row, or its mean.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static WeightAlignment Of(ReadOnlySpan<double> direction, ReadOnlySpan<double> weights)
    {
        if (direction.Length != weights.Length)
            throw new ArgumentException($"The direction has {direction.Length} components, but there are {weights.Length} weights.", nameof(weights));
        double product = 0, directionSquared = 0, weightsSquared = 0;
        for (int j = 0; j < direction.Length; j++)
        {
            product += direction[j] * weights[j];
            directionSquared += direction[j] * direction[j];
            weightsSquared += weights[j] * weights[j];
        }
        double cosine = Math.Abs(product) / (Math.Sqrt(directionSquared) * Math.Sqrt(weightsSquared));
        return new() { Cosine = double.IsFinite(cosine) ? Math.Min(1, cosine) : null, Orientation = product < 0 ? -1 : 1 };
    }

    /// <inheritdoc cref="Of(ReadOnlySpan{double}, ReadOnlySpan{double})"/>
    public static WeightAlignment Of(ReadOnlySpan<double> direction, ReadOnlySpan<float> weights)
    {
        double[] converted = new double[weights.Length];
        for (int j = 0; j < converted.Length; j++)
            converted[j] = weights[j];
        return Of(direction, converted);
    }
}
