using Talweg.Landscapes;

namespace Talweg.Continual;

/// <summary>How far weights went along the modes of an earlier task, against how far its valley reaches.</summary>
/// <remarks>qᵢ = |(w₂ − w₁)·p₁ᵢ| and ξᵢ = 0.008 F₁ᵢ: Feng and Tu (2020), Figure 4B and 4D.</remarks>
public sealed record ModeDisplacements
{
    /// <summary>ξᵢ/Fᵢ, as the paper has it.</summary>
    public const double ThresholdShare = 0.008;

    /// <summary>qᵢ, lengths in weight space.</summary>
    public required IReadOnlyList<double> Displacements { get; init; }

    /// <summary>Fᵢ; null for an open side.</summary>
    public required IReadOnlyList<double?> Flatness { get; init; }

    /// <summary>ξᵢ; null where F is.</summary>
    public IReadOnlyList<double?> Thresholds => [.. Flatness.Select(flatness => ThresholdShare * flatness)];

    /// <summary>Measures them.</summary>
    /// <param name="directions">p₁ᵢ.</param>
    /// <param name="flatness">F₁ᵢ.</param>
    /// <param name="from">w₁, [N].</param>
    /// <param name="to">w₂, [N].</param>
    /// <exception cref="ArgumentException">Numbers do not match.</exception>
    public static ModeDisplacements Of(Directions directions, IReadOnlyList<double?> flatness, ReadOnlySpan<float> from, ReadOnlySpan<float> to)
    {
        ArgumentNullException.ThrowIfNull(directions);
        ArgumentNullException.ThrowIfNull(flatness);
        if (flatness.Count != directions.Count || from.Length != directions.Dimension || to.Length != directions.Dimension)
            throw new ArgumentException($"There are {directions.Count} directions of {directions.Dimension} weights, but {flatness.Count} values of flatness, and {from.Length} and {to.Length} weights.", nameof(directions));
        double[] displacements = new double[directions.Count];
        for (int i = 0; i < displacements.Length; i++)
        {
            var direction = directions[i];
            for (int k = 0; k < direction.Length; k++)
                displacements[i] += ((double)to[k] - from[k]) * direction[k];
            displacements[i] = Math.Abs(displacements[i]);
        }

        return new() { Displacements = displacements, Flatness = flatness };
    }
}
