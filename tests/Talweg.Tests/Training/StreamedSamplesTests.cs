using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Tests.Networks;
using Talweg.Tests.Storage;
using Talweg.Training;

namespace Talweg.Tests.Training;

/// <summary>Samples that stay bytes give every measure and the training the same bits as samples in memory.</summary>
public sealed class StreamedSamplesTests : IDisposable
{
    private static readonly LabelledSamples Kept = LabelledSamples.Of(Images(120));
    private static readonly LabelledSamples Streamed = LabelledSamples.Of(Images(120), budget: 0);
    private static readonly DenseWeights Weights = DenseWeights.Draw(FullyConnected.Of(12, 6, 5, 3), Initialisation.He, 1);
    private static readonly WeightSpace Space = WeightSpace.Of(Weights.Network, 2);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(LandscapePrecision.Single), InlineData(LandscapePrecision.Double)]
    public void Transects(LandscapePrecision precision)
    {
        double[] direction = SmallNetwork.RandomDirection(Space.Dimension, 1);
        double[][] losses = [.. Both(samples =>
        {
            using var landscape = Landscape.Of(Weights, samples, Space, precision);
            var profile = landscape.Profile(direction, [-0.5, 0, 0.5], withSlopes: true);
            return (double[])[.. profile.Loss, .. profile.Slope!];
        })];
        Assert.Equal(losses[0], losses[1]);
    }

    [Fact]
    public void Gradients()
    {
        double[][] gradients = [.. Both(samples =>
        {
            using var sampleGradients = SampleGradients.Of(Weights, samples, WeightSpace.Of(Weights.Network, 1, 2, 3));
            return (double[])[.. sampleGradients.Mean(), .. sampleGradients.OfSample(5)];
        })];
        Assert.Equal(gradients[0], gradients[1]);
    }

    [Fact]
    public void Logits_of_a_few_samples()
    {
        double[][] logits = [.. Both(samples => Logits.Of(Weights, samples.First(7)))];
        Assert.Equal(logits[0], logits[1]);
    }

    [Fact]
    public void Training()
    {
        var plan = new TrainingPlan { Network = Weights.Network, BatchSize = 10, LearningRate = 0.1, Seed = 1, MaxEpochs = 3, RecordedLayers = [2] };
        float[][] trained = [.. Both(samples => Trainer.Run(plan, new(samples, samples), _folder[$"{samples.IsInMemory}"]).Weights.Tensors[1])];
        Assert.Equal(trained[0], trained[1]);
    }

    private static IEnumerable<T> Both<T>(Func<LabelledSamples, T> measure)
    {
        Assert.Equal((true, false), (Kept.IsInMemory, Streamed.IsInMemory));
        return [measure(Kept), measure(Streamed)];
    }

    private static ImageSet Images(int count)
    {
        var random = new Random(1);
        byte[] pixels = new byte[count * 12];
        random.NextBytes(pixels);
        return new("test", pixels, Enumerable.Range(0, count).Select(i => (byte)(i % 3)).ToArray(), 2, 2, 3, channels: 3);
    }
}
