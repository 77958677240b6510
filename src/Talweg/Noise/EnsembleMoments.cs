namespace Talweg.Noise;

/// <summary>What an ensemble of minibatches says of one quantity.</summary>
/// <param name="Mean">⟨x⟩ over the minibatches that have the quantity.</param>
/// <param name="Variance">⟨(x − ⟨x⟩)²⟩, the population's (divided by the number of minibatches).</param>
public sealed record EnsembleMoments(double Mean, double Variance)
{
    /// <summary>The moments of the values; null where there is none.</summary>
    internal static EnsembleMoments? Of(double[] values)
    {
        if (values.Length == 0)
            return null;
        double mean = values.Average();
        return new(mean, values.Average(value => (value - mean) * (value - mean)));
    }
}
