using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Tests.Networks;
using Talweg.Tests.Storage;
using Talweg.Thermodynamics;
using Talweg.Training;

namespace Talweg.Tests.Thermodynamics;

public sealed class UpdateNoiseTests : IDisposable
{
    private static readonly FullyConnected Network = FullyConnected.Of(6, 8, 3);
    private static readonly LabelledSamples Samples = SmallNetworks.Clouds(100, 6, 3, 1);
    private static readonly SgdStrength Sgd = new(Samples, 20, 0.1);
    private static readonly DenseWeights Start = DenseWeights.Draw(Network, Initialisation.PyTorch, 1);

    /// <summary>Somewhat trained: at the start no direction has two sides on which the loss rises.</summary>
    private static readonly Lazy<DenseWeights> Trained = new(() => Train(Network));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static DenseWeights Train(FullyConnected network)
    {
        using var folder = new TemporaryFolder();
        var plan = new TrainingPlan { Network = network, BatchSize = 10, LearningRate = 0.1, Seed = 1, MaxEpochs = 60, ExtraEpochs = null, Recording = Recording.None };
        return (DenseWeights)Trainer.Run(plan, new(Samples, SmallNetworks.Clouds(40, 6, 3, 2)), folder["run"]).Weights;
    }

    /// <summary>∂ℓₖ/∂w of every sample by autograd, one at a time, layer by layer.</summary>
    private static double[][] SampleGradients(DenseWeights weights)
    {
        return [.. Enumerable.Range(0, Samples.Count).Select(sample =>
        {
            using var reference = new TorchReference(weights, new(Samples.Input(sample).ToArray(), [Samples.Labels[sample]], 6, 3));
            double[] before = [.. reference.Matrices.SelectMany(matrix => matrix.data<double>().ToArray())];
            reference.Step([0], 1);
            return before.Zip(reference.Matrices.SelectMany(matrix => matrix.data<double>().ToArray()), (a, b) => a - b).ToArray();
        })];
    }

    private static double[][] Kicks(IUpdateNoise noise, int count, DenseWeights weights)
    {
        float[] zero = new float[WeightSpace.All(weights.Network).Dimension];
        return [.. Enumerable.Range(1, count).Select(t =>
        {
            float[] kicked = [.. zero];
            noise.Add(t, kicked);
            return kicked.Select(x => (double)x).ToArray();
        })];
    }

    [Fact]
    public void The_strength_of_SGD_is_the_variance_of_its_updates()
    {
        double[][] gradients = SampleGradients(Start);
        double[] mean = [.. Enumerable.Range(0, gradients[0].Length).Select(i => gradients.Average(g => g[i]))];
        double trace = gradients.Average(g => g.Zip(mean, (a, b) => (a - b) * (a - b)).Sum());
        Close.Assert(0.01 * trace / 20 * 80 / 99, Sgd.TotalVariance(Start), 1e-5);

        // The same from minibatches drawn without replacement: 5,000 of them, whose squared norms spread by less than their mean.
        var random = new RandomStream(2, "minibatches");
        double total = Enumerable.Range(0, 5000).Average(_ =>
        {
            int[] batch = random.Permutation(100)[..20];
            return Enumerable.Range(0, mean.Length).Sum(i => Math.Pow(0.1 * (batch.Average(k => gradients[k][i]) - mean[i]), 2));
        });
        Close.Assert(total, Sgd.TotalVariance(Start), 4 / Math.Sqrt(5000));
    }

    [Fact]
    public void Isotropic_noise_has_the_total_variance_that_it_says_in_equal_shares()
    {
        double[][] kicks = Kicks(IsotropicNoise.Constant(0.5, 1), 4000, Start);
        int weights = kicks[0].Length;
        Close.Assert(0.5, kicks.Average(kick => kick.Sum(x => x * x)), 4 * Math.Sqrt(2.0 / (4000 * weights)));
        // 72 weights: the largest of as many deviations from 4,000 draws stays within four errors of √(2/4000).
        for (int i = 0; i < weights; i++)
            Close.Assert(0.5 / weights, kicks.Average(kick => kick[i] * kick[i]), 4 * Math.Sqrt(2.0 / 4000), what: $"variance of weight {i}");
        Assert.NotEqual(kicks[0], kicks[1]);
        Assert.Equal(kicks[7], Kicks(IsotropicNoise.Constant(0.5, 1), 8, Start)[7]);
        Assert.NotEqual(kicks[7], Kicks(IsotropicNoise.Constant(0.5, 2), 8, Start)[7]);
        Assert.Contains("0 or more and finite", Assert.Throws<ArgumentOutOfRangeException>(() => IsotropicNoise.Constant(double.NaN, 1)).Message);
        Assert.Equal("isotropic, total variance 0.5, seed 1", IsotropicNoise.Constant(0.5, 1).Description);
    }

    [Fact]
    public void Following_noise_is_as_strong_as_SGD_where_it_refreshed()
    {
        var noise = IsotropicNoise.Following(Sgd, 5, 1);
        Assert.Equal(5, noise.RefreshEvery);
        Assert.Equal("isotropic, as strong as SGD of batch size 20 and learning rate 0.1 every 5 epochs, seed 1", noise.Description);
        foreach (long seed in new[] { 1L, 9L })
        {
            var weights = DenseWeights.Draw(Network, Initialisation.He, seed);
            noise.Refresh(weights);
            double[][] followed = Kicks(noise, 3, weights);
            double[][] constant = Kicks(IsotropicNoise.Constant(Sgd.TotalVariance(weights), 1), 3, weights);
            Assert.Equal(constant, followed);
        }
    }

    [Fact]
    public void Flatness_noise_has_the_total_of_SGD_in_shares_of_the_inverse_square_of_the_flatness()
    {
        var noise = new FlatnessNoise(Sgd, 4, 3, 1);
        var weights = Trained.Value;
        noise.Refresh(weights);
        var spread = noise.Spread;
        Assert.InRange(spread.Count, 5, 8);
        Assert.Equal([1, 2], spread.Select(s => s.Layer).Distinct());
        Close.Assert(Sgd.TotalVariance(weights), spread.Sum(s => s.Variance), 1e-9);
        double share = spread[0].Variance * spread[0].Flatness * spread[0].Flatness;
        Assert.All(spread, s => Close.Assert(share, s.Variance * s.Flatness * s.Flatness, 1e-9));

        // Per layer, the kicks' covariance has the top eigenvectors of the gradients' covariance, found here by a dense product.
        double[][] gradients = SampleGradients(weights);
        double[][] kicks = Kicks(noise, 3000, weights);
        Close.Assert(Sgd.TotalVariance(weights), kicks.Average(kick => kick.Sum(x => x * x)), 4 * Math.Sqrt(2.0 / 3000));
        foreach (var segment in WeightSpace.All(Network).Segments)
        {
            double[] v = Top(gradients, segment);
            var space = WeightSpace.Of(Network, segment.Layer + 1);
            using var landscape = Landscape.Of(weights, Samples, space);
            double? width = Flatness.Measure(landscape, v, new() { Fit = false }).Value;
            double along = kicks.Average(kick => Math.Pow(v.Select((x, i) => x * kick[segment.Start + i]).Sum(), 2));
            Close.Assert(width is { } f ? share / (f * f) : 0, along, 5 * Math.Sqrt(2.0 / 3000), share / 100, $"variance along the top eigenvector of layer {segment.Layer + 1}");
        }
    }

    [Fact]
    public void Each_seed_has_kicks_of_its_own_and_the_same_seed_the_same()
    {
        var weights = Trained.Value;
        double[] Flat(long seed)
        {
            var noise = new FlatnessNoise(Sgd, 2, 3, seed);
            noise.Refresh(weights);
            return Kicks(noise, 1, weights)[0];
        }

        double[] Isotropic(long seed) => Kicks(IsotropicNoise.Constant(0.5, seed), 1, weights)[0];
        foreach (var kick in (Func<long, double[]>[])[Flat, Isotropic])
        {
            Assert.NotEqual(kick(1), kick(2));
            Assert.Equal(kick(1), kick(1));
        }
    }

    [Fact]
    public void Flatness_noise_gives_biases_nothing_and_says_what_it_is()
    {
        var network = new FullyConnected([6, 8, 3], bias: true);
        var weights = Train(network);
        var noise = new FlatnessNoise(Sgd, 3, 2, 4);
        noise.Refresh(weights);
        double[] kick = Kicks(noise, 1, weights)[0];
        foreach (var segment in WeightSpace.All(network).Segments)
            Assert.Equal(segment.IsBias, kick.Skip(segment.Start).Take(segment.Length).All(x => x == 0));
        noise.Refresh(DenseWeights.Draw(network, Initialisation.PyTorch, 1));
        Assert.All(Kicks(noise, 1, weights)[0], x => Assert.Equal(0, x));    // a loss that falls to one side has no width
        Assert.Equal("spread by flatness over 3 directions a layer, as strong as SGD of batch size 20 and learning rate 0.1 every 2 epochs, seed 4", noise.Description);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlatnessNoise(Sgd, 0, 2, 4));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Training_with_it_goes_on_bit_for_bit_from_a_refresh(bool flatness)
    {
        // At this rate flatness noise finds directions at every refresh but the first; at a tenth of it none, and so no noise.
        var sgd = Sgd with { LearningRate = 1 };
        IUpdateNoise Noise() => flatness ? new FlatnessNoise(sgd, 4, 4, 1) : IsotropicNoise.Following(sgd, 4, 1);
        var data = new TrainingData(Samples, SmallNetworks.Clouds(40, 6, 3, 2));
        var plan = new TrainingPlan { Network = Network, BatchSize = 100, LearningRate = 1, Seed = 1, MaxEpochs = 20, ExtraEpochs = null, Recording = Recording.None, EvaluateEvery = 1 };
        var noise = Noise();
        var whole = Trainer.Run(plan, data, _folder["whole"], null, TimeSpan.Zero, new() { Noise = noise });
        var quiet = Trainer.Run(plan, data, _folder["quiet"]);
        if (noise is FlatnessNoise { Spread: var spread })
            Assert.InRange(spread.Count, 3, 8);
        Assert.NotEqual(quiet.Epochs[7], whole.Epochs[7]);      // there is noise before the refresh, after epoch 8, from which the stopped run goes on
        Assert.NotEqual(quiet.Weights.Tensors, whole.Weights.Tensors);
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Trainer.Run(plan, data, _folder["stopped"], new(1, new CancelAt(10, source), source.Token), TimeSpan.Zero, new() { Noise = Noise() }));
        var resumed = Trainer.Run(plan, data, _folder["stopped"], null, TimeSpan.Zero, new() { Noise = Noise() });
        Assert.Equal(whole.Epochs, resumed.Epochs);
        Assert.Equal(whole.Weights.Tensors, resumed.Weights.Tensors);
    }

    /// <summary>The top eigenvector of one layer's gradient covariance, by power iteration on the samples.</summary>
    private static double[] Top(double[][] gradients, WeightSpace.Segment segment)
    {
        double[][] part = [.. gradients.Select(g => g[segment.Start..(segment.Start + segment.Length)])];
        double[] mean = [.. Enumerable.Range(0, segment.Length).Select(i => part.Average(g => g[i]))];
        double[] v = SmallNetwork.RandomDirection(segment.Length, 1);
        for (int iteration = 0; iteration < 1000; iteration++)
        {
            double[] next = new double[v.Length];
            foreach (double[] g in part)
            {
                double along = g.Select((x, i) => (x - mean[i]) * v[i]).Sum();
                for (int i = 0; i < v.Length; i++)
                    next[i] += along * (g[i] - mean[i]);
            }

            double norm = Math.Sqrt(next.Sum(x => x * x));
            v = [.. next.Select(x => x / norm)];
        }

        return v;
    }

    private sealed class CancelAt(int epoch, CancellationTokenSource source) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value)
        {
            if (value.Done == epoch)
                source.Cancel();
        }
    }
}
