using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Tests.Networks;
using Talweg.Training;

namespace Talweg.Tests.Docs;

/// <summary>The examples of docs/noise.md, as they stand there.</summary>
public sealed class NoisePageTests : PageTests
{
    [Fact]
    public void Noise()
    {
        var weights = DenseWeights.Draw(FullyConnected.Of(784, 50, 50, 10), Initialisation.PyTorch, 1);
        double[] vectors = SmallNetwork.RandomDirection(2500, 1);
        var space = WeightSpace.Of(weights.Network, 2);
        using var landscape = Landscape.Of(weights, train, space);
        var directions = Directions.Of(vectors, space.Dimension);
        var sets = MinibatchSets.Consecutive(train.Count, batchSize: 50);

        ActiveTemperature temperature = ActiveTemperature.Along(landscape, directions, sets, learningRate: 0.1, [-0.2, 0, 0.2])[0];
        Console.WriteLine($"T = {temperature.Temperature[1]} ± {temperature.StandardError![1]}");

        MinibatchEnsemble ensemble = MinibatchEnsemble.Along(landscape, directions, sets)[0];
        Console.WriteLine($"{ensemble.WithoutMinimum} of {ensemble.Minibatches} have no minimum; σ̃² = {ensemble.Minimum?.Variance}, M = {ensemble.Curvature?.Mean}");

        Assert.True(temperature.Temperature[1] > 0);
        Assert.Equal(6, ensemble.Minibatches);
    }

    [Fact]
    public void GradientsAndLayers()
    {
        var weights = DenseWeights.Draw(FullyConnected.Of(784, 50, 50, 10), Initialisation.PyTorch, 1);
        var space = WeightSpace.Of(weights.Network, 2);
        var directions = Directions.Of(SmallNetwork.RandomDirection(2500, 1), space.Dimension);
        var sets = MinibatchSets.Consecutive(train.Count, batchSize: 50);

        using SampleGradients gradients = SampleGradients.Of(weights, train, space);
        double[,] slopes = gradients.Projections(sets, directions);                      // ∂L^μ/∂w · pᵢ, [minibatches, directions]

        DiffusionOperator noise = DiffusionMatrix.Of(gradients).OfBatch(50, Drawing.WithReplacement);
        Eigenpairs steepest = Lanczos.Top(noise, count: 3);
        Console.WriteLine($"tr D/B = {noise.Trace}, of which {steepest.Values.Sum()} along three directions");

        foreach (LayerSignal layer in LayerSignals.Measure(weights, train, sets))
            Console.WriteLine($"layer {layer.Layer}: signal {layer.Signal}, noise {layer.Deviation}, ratio {layer.SignalToNoise}");

        Assert.Equal((6, 1), (slopes.GetLength(0), slopes.GetLength(1)));
        Assert.InRange(steepest.Values.Sum(), 0, noise.Trace);
    }

    [Fact]
    public void RandomLandscapes()
    {
        var weights = DenseWeights.Draw(FullyConnected.Of(784, 50, 50, 10), Initialisation.PyTorch, 1);
        var space = WeightSpace.Of(weights.Network, 2);
        using var landscape = Landscape.Of(weights, train, space);
        var directions = Directions.Of(SmallNetwork.RandomDirection(2500, 1), space.Dimension);

        var sets = MinibatchSets.Consecutive(train.Count, batchSize: 50);
        MinibatchEnsemble along = MinibatchEnsemble.Along(landscape, directions, sets)[0];
        RandomLandscape theory = RandomLandscape.Of(along, learningRate: 0.1);
        Console.WriteLine($"F from {theory.Flatness?.Least} to {theory.Flatness?.Most}, measured {along.Flatness.Value}; D = {theory.DiffusionConstant}");

        MeanFieldCheck check = MeanFieldCheck.Of(along, learningRate: 0.1);
        Console.WriteLine($"⟨v²⟩ is {check.Ratio} times Eq. 14; r(L₀, M) = {check.LossCurvature?.Pearson.Coefficient}");

        var hessians = MinibatchHessians.Of(weights, train, space, directions, sets);      // all off-diagonal terms: small networks, up to 64 directions
        FullRandomLandscape full = FullRandomLandscape.Of(hessians.Losses, learningRate: 0.1, driftMode: null);
        Console.WriteLine($"{full.WithoutMinimum} of {full.Minibatches} have no minimum");

        Assert.Equal(6, full.Minibatches);
        Assert.Equal(landscape.LossAtOrigin, full.Loss, 1e-6);     // the landscape is in single precision
        Assert.Equal(theory.Loss, full.Loss, 1e-6);
    }

    /// <summary>The same slopes by two roads: products of inputs and errors, and the transect's tangents.</summary>
    [Fact]
    public void Projected_gradients_are_the_slopes_of_the_minibatch_profiles()
    {
        var weights = DenseWeights.Draw(FullyConnected.Of(784, 50, 50, 10), Initialisation.PyTorch, 1);
        var space = WeightSpace.Of(weights.Network, 2);
        var directions = Directions.Of(SmallNetwork.RandomDirection(2500, 1), space.Dimension);
        var sets = MinibatchSets.Consecutive(train.Count, batchSize: 50);
        using var landscape = Landscape.Of(weights, train, space, LandscapePrecision.Double);
        using var gradients = SampleGradients.Of(weights, train, space, LandscapePrecision.Double);
        double[,] slopes = gradients.Projections(sets, directions);
        var profiles = MinibatchProfiles.Along(landscape, directions[0], sets, [0], withSlopes: true);
        for (int minibatch = 0; minibatch < sets.Count; minibatch++)
            Close.Assert(profiles.Slope(minibatch)[0], slopes[minibatch, 0], 1e-9, what: $"slope of minibatch {minibatch}");
    }
}
