using Talweg.Conventions;
using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Statistics;
using Talweg.Tests.Networks;
using Talweg.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Tests.Noise;

/// <summary>Gradients of modules that Talweg has never seen, by the general path.</summary>
public sealed class ModuleGradientsTests
{
    [Theory, MemberData(nameof(LayeredNetworks.Names), MemberType = typeof(LayeredNetworks))]
    public void The_general_path_finds_what_the_layered_one_finds(string name)
    {
        var (_, layers, weights, samples) = LayeredNetworks.Get(name);
        using var module = TorchModules.Of(layers, weights).to(ScalarType.Float32);
        using var network = ModuleNetwork.Of(module, [layers.Input.Channels, layers.Input.Rows, layers.Input.Columns], layers.Outputs, "same");
        WeightSpace space = WeightSpace.All(network), same = WeightSpace.All(layers);
        using var general = SampleGradients.Of(network.Weights(), samples, space, LandscapePrecision.Double);
        using var layered = SampleGradients.Of(weights, samples, same, LandscapePrecision.Double);
        Assert.Equal(("general", "layered"), (general.Path, layered.Path));
        AssertClose(layered.Mean(), general.Mean(), 1e-10);
        AssertClose(layered.OfSample(3), general.OfSample(3), 1e-10);
        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 1);
        AssertClose(layered.Along(direction), general.Along(direction), 1e-10);
        Close.Assert(layered.MeanSquaredNorm(), general.MeanSquaredNorm(), 1e-10);
        var sets = MinibatchSets.Shuffled(samples.Count, 6, new RandomStream(1, "sets"));
        var signals = LayerSignals.Measure(network.Weights(), samples, sets, precision: LandscapePrecision.Double);
        var expected = LayerSignals.Measure(weights, samples, sets, precision: LandscapePrecision.Double);
        for (int layer = 0; layer < expected.Count; layer++)
            AssertClose([.. expected[layer].Values], [.. signals[layer].Values], 1e-10);
    }

    /// <summary>ℓ = ln(1 + e^−m) with the margin m of the label, of two classes: ∂ℓ · v = −(v · x)/(1 + e^m).</summary>
    [Fact]
    public void A_module_of_a_single_parameter_has_slopes()
    {
        var layers = (LayeredNetwork)Network.Parse("net:1x1x6/dense2");
        var weights = NetworkWeights.Draw(layers, Initialisation.He, 1);
        var samples = SmallNetworks.Clouds(20, 6, 2, 1);
        using var module = TorchModules.Of(layers, weights).to(ScalarType.Float32);
        using var network = ModuleNetwork.Of(module, [1, 1, 6], 2, "one parameter");
        using var gradients = SampleGradients.Of(network.Weights(), samples, WeightSpace.All(network), LandscapePrecision.Double);
        double[] direction = SmallNetwork.RandomDirection(12, 1);
        AssertClose([.. Enumerable.Range(0, 20).Select(sample =>
        {
            float[] x = samples.Input(sample).ToArray();
            int sign = samples.Labels[sample] == 0 ? 1 : -1;
            double Margin(Func<int, double> w) => sign * Enumerable.Range(0, 6).Sum(i => (w(i) - w(6 + i)) * x[i]);
            return -Margin(i => direction[i]) / (1 + Math.Exp(Margin(i => weights.Tensors[0][i])));
        })], gradients.Along(direction), 1e-10);
    }

    /// <summary>A parameter of three dimensions, one that is frozen, one that nothing depends on; more samples than pass at a time.</summary>
    [Fact]
    public void A_module_of_ones_own_has_autograds_gradients()
    {
        const int count = 230;
        using var module = new Odd();
        using var network = ModuleNetwork.Of(module, [6], 3, "odd");
        var samples = SmallNetworks.Clouds(count, 6, 3, 1);
        var space = WeightSpace.All(network);
        var weights = network.Weights();
        using var inDouble = SampleGradients.Of(weights, samples, space, LandscapePrecision.Double);
        using var inSingle = SampleGradients.Of(weights, samples, space);
        double[][] rows = [.. Enumerable.Range(0, count).Select(sample => Gradient(module, samples, [sample]))];
        AssertClose(rows[7], inDouble.OfSample(7), 1e-10);
        double[] mean = Gradient(module, samples, [.. Enumerable.Range(0, count)]);
        Assert.Equal(0, mean[^1]);                                                 // the unused one
        AssertClose(mean, inDouble.Mean(), 1e-10);
        foreach (int size in new[] { 9, 115, count })
        {
            var sets = MinibatchSets.WithReplacement(count, size, 4, new RandomStream(2, "sets"));
            var found = inDouble.Minibatches(sets, new(2));
            var coarse = inSingle.Minibatches(sets);
            for (int minibatch = 0; minibatch < sets.Count; minibatch++)
            {
                double[] expected = Gradient(module, samples, sets.SamplesOf(minibatch).ToArray());
                AssertClose(expected, Row(found, minibatch), 1e-10);
                AssertClose(expected, Row(coarse, minibatch), 1e-5);               // single precision through three layers, sums of up to 230
            }
        }

        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 1), product = new double[space.Dimension];
        double[] slopes = [.. rows.Select(row => row.Zip(direction, (x, y) => x * y).Sum())];
        AssertClose(slopes, inDouble.Along(direction), 1e-10);
        var diffusion = DiffusionMatrix.Of(inDouble);
        diffusion.Apply(direction, product);
        AssertClose([.. Enumerable.Range(0, space.Dimension).Select(k => Enumerable.Range(0, count).Average(i => (slopes[i] - slopes.Average()) * rows[i][k]))], product, 1e-10);
        Close.Assert(rows.Average(row => row.Sum(x => x * x)) - mean.Sum(x => x * x), diffusion.Trace, 1e-10);
        Close.Assert(diffusion.Trace / 5, diffusion.OfBatch(5, Drawing.WithReplacement).Trace, 1e-12);
        Assert.False(module.Frozen.requires_grad);
        Assert.All(module.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
    }

    /// <summary>Several calls at once from several threads take turns.</summary>
    [Fact]
    public void Calls_from_several_threads_take_turns()
    {
        using var module = new Odd();
        using var network = ModuleNetwork.Of(module, [6], 3, "odd");
        var samples = SmallNetworks.Clouds(40, 6, 3, 1);
        using var gradients = SampleGradients.Of(network.Weights(), samples, WeightSpace.All(network), LandscapePrecision.Double);
        var sets = MinibatchSets.Consecutive(40, 5);
        double[,] alone = gradients.Minibatches(sets);
        double[] mean = gradients.Mean();
        Parallel.For(0, 8, i =>
        {
            if (i % 2 == 0)
                Assert.Equal(alone, gradients.Minibatches(sets));
            else
                Assert.Equal(mean, gradients.Mean());
        });
    }

    private static double[] Gradient(Odd module, LabelledSamples samples, int[] batch)
    {
        using var scope = NewDisposeScope();
        var inputs = tensor(batch.SelectMany(sample => samples.Input(sample).ToArray()).ToArray(), dtype: ScalarType.Float64).reshape(batch.Length, 6);
        Tensor[] parameters = [.. module.parameters().Select(parameter => parameter.detach().to(ScalarType.Float64).requires_grad_())];
        var loss = nn.functional.cross_entropy(Odd.Logits(inputs, parameters), tensor(batch.Select(sample => (long)samples.Labels[sample]).ToArray()));
        var found = autograd.grad([loss], parameters, allow_unused: true);
        return cat([.. found.Select((part, i) => part is { IsInvalid: false } ? part.flatten() : zeros_like(parameters[i]).flatten())]).data<double>().ToArray();
    }

    private static double[] Row(double[,] matrix, int row) => [.. Enumerable.Range(0, matrix.GetLength(1)).Select(column => matrix[row, column])];

    private static void AssertClose(double[] expected, double[] found, double relative)
    {
        Assert.Equal(expected.Length, found.Length);
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Close.Assert(expected[i], found[i], relative, scale, $"number {i}");
    }

    /// <summary>Products of units, a sine, and a matrix that is used twice.</summary>
    private sealed class Odd : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Parameter _products;
        private readonly TorchSharp.Modules.Parameter _frozen;
        private readonly TorchSharp.Modules.Parameter _twice;
        private readonly TorchSharp.Modules.Parameter _unused;

        public Odd()
            : base("odd")
        {
            _products = nn.Parameter(zeros(5, 6, 6));
            _frozen = nn.Parameter(zeros(5, 5), requires_grad: false);
            _twice = nn.Parameter(zeros(3, 5));
            _unused = nn.Parameter(zeros(2));
            RegisterComponents();
            this.Fixed();
        }

        public Tensor Frozen => _frozen;

        public static Tensor Logits(Tensor x, Tensor[] parameters)
        {
            var h = einsum("ni,oij,nj->no", x, parameters[0], x).sin();
            h = h.matmul(parameters[1]).tanh();
            return h.matmul(parameters[2].t()) * h.matmul(parameters[2].t()).cos();
        }

        public override Tensor forward(Tensor input) => Logits(input, [_products, _frozen, _twice, _unused]);
    }
}
