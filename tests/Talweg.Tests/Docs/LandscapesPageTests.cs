using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Docs;

/// <summary>The examples of docs/landscapes.md, as they stand there.</summary>
public sealed class LandscapesPageTests : PageTests
{
    [Fact]
    public void Landscapes()
    {
        var weights = DenseWeights.Draw(FullyConnected.Of(784, 50, 50, 10), Initialisation.PyTorch, 1);
        double[] vectors = SmallNetwork.RandomDirection(2500, 1);
        var space = WeightSpace.Of(weights.Network, 2);
        using var landscape = Landscape.Of(weights, train, space);
        var directions = Directions.Of(vectors, space.Dimension);

        Profile profile = Transects.Along(landscape, directions, [-0.1, 0, 0.1], withSlopes: true)[0];
        Flatness flatness = Flatness.Along(landscape, directions)[0];
        Console.WriteLine($"L₀ = {flatness.LossAtOrigin}, F = {flatness.Value}, from {flatness.Left} to {flatness.Right}");

        EffectiveDimension sharp = EffectiveDimension.Measure(landscape, directions, ranks: [1], modes: 2500);
        Console.WriteLine($"D_s = {sharp.Value}, between {sharp.Sharp} and {sharp.Most}; {sharp.Open} open");

        Assert.Equal(flatness.Value < landscape.Norm ? 2500 : 0, sharp.Value);
        Assert.Equal(profile.Loss[1], landscape.LossAtOrigin);
        Assert.True(flatness.Right is null or > 0);
    }

    [Fact]
    public void Curvature()
    {
        var weights = DenseWeights.Draw(FullyConnected.Of(784, 50, 50, 10), Initialisation.PyTorch, 1);
        var space = WeightSpace.Of(weights.Network, 2);
        using var hessian = HessianOperator.Of(weights, train, space);
        Eigenpairs sharpest = Lanczos.Top(hessian, count: 5);
        Console.WriteLine($"λ₁ = {sharpest.Values[0]} ± {sharpest.Residuals[0]}: {sharpest.Ending} after {sharpest.Products} products");

        Estimate trace = OperatorTrace.Hutchinson(hessian, probes: 30, new RandomStream(1, "trace"));
        Console.WriteLine($"tr H = {trace.Value}, within {trace.Interval}");

        Assert.Equal(LanczosEnding.Converged, sharpest.Ending);
        Assert.Equal("30 probes", trace.Over);
    }

    [Fact]
    public void CurvatureAlongDirections()
    {
        var weights = DenseWeights.Draw(FullyConnected.Parse("fc:784-20-20-10,tanh"), Initialisation.PyTorch, 1);
        var space = WeightSpace.Of(weights.Network, 2);
        var directions = Directions.Of(SmallNetwork.RandomDirection(400, 1), space.Dimension);
        double[] curvatures = DirectionalCurvature.Along(weights, train, space, directions);   // pᵢᵀHpᵢ, exact

        using var hessian = HessianOperator.Of(weights, train, space);
        Eigenpairs mostNegative = Lanczos.Bottom(hessian, count: 3);
        Console.WriteLine($"{curvatures[0]}; λ_N = {mostNegative.Values[0]} ± {mostNegative.Residuals[0]}");

        HessianMatrix matrix = HessianMatrix.Of(weights, train, space);                         // [N, N], up to 8,192 weights
        Eigenpairs all = matrix.Diagonalise();

        Assert.Equal(all.Values[^1], mostNegative.Values[0], 1e-10);
        Assert.InRange(curvatures[0], all.Values[^1], all.Values[0]);
    }
}
