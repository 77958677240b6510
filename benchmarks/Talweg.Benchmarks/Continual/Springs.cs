using Talweg.Benchmarks.MainJob;
using Talweg.Continual;
using Talweg.Networks;

namespace Talweg.Benchmarks.Continual;

/// <summary>Memories of one task in the middle layer, N = 2,500, about the trained weights: weak enough to be followed explicitly.</summary>
internal static class Springs
{
    /// <summary>N_c.</summary>
    public const int Modes = 200;

    private const double Lambda = 0.01;

    /// <summary>F of the first mode; it grows with the rank as it does in training.</summary>
    private const double LeastFlatness = 0.5;

    public static WeightSpace Space => MiddleLayer.Space;

    /// <summary>Landscape-dependent constraints along orthonormal directions.</summary>
    public static LandscapeMemory Landscape(DenseWeights centre) =>
        LandscapeMemory.Of(Space, Space.Flatten(centre), MiddleLayer.Directions(Modes), Flatness, Lambda);

    /// <summary>F along the directions.</summary>
    public static IReadOnlyList<double?> Flatness => [.. Enumerable.Range(1, Modes).Select(rank => (double?)(LeastFlatness * Math.Sqrt(rank)))];

    /// <summary>√λ/F along the directions.</summary>
    public static double[] Scales => [.. Flatness.Select(flatness => Math.Sqrt(Lambda) / flatness!.Value)];

    /// <summary>Elastic weights.</summary>
    public static DiagonalMemory Elastic(DenseWeights centre) =>
        DiagonalMemory.Of("benchmark", Space, [.. Enumerable.Range(1, Space.Dimension).Select(k => Lambda / k)], Space.Flatten(centre));
}
