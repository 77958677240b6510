namespace Talweg.Benchmarks.Curvature;

/// <summary>The benchmarks of curvature, in the order of the table.</summary>
internal static class CurvatureBenchmarks
{
    public static BenchmarkSet Set { get; } = new("curvature", "What the Hessian's products, directional curvatures and eigenpairs cost.",
    [
        new HessianProduct(),
        new DirectionalCurvatures(),
        new LanczosAgainstPowerIteration(),
        new LanczosAgainstArpack(),
    ]);
}
