using Talweg.Conventions;
using Talweg.Data;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Tests.Networks;
using Talweg.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Tests.Training;

public sealed class DenseModelTests
{
    /// <summary>Eight steps on minibatches of changing size, against autograd in double precision.</summary>
    /// <remarks>
    /// The first layer adds up to 100 samples a step to each weight, rounding by up to 6e-8 of it each time; all in the same sense where
    /// all samples are one, as for fc:3-2 (measured: 2.1e-6 of the largest weight there).
    /// </remarks>
    [Theory, MemberData(nameof(SmallNetworks.Names), MemberType = typeof(SmallNetworks))]
    public void Steps_are_those_of_autograd_in_double_precision(string name)
    {
        const double rate = 0.2;
        var small = SmallNetworks.Get(name);
        var data = new SparseInputs(small.Samples);
        var random = new RandomStream(1, "batches");
        using var reference = new TorchReference(small.Weights, small.Samples);
        using var model = new DenseModel(small.Weights, 100);
        for (int step = 0; step < 8; step++)
        {
            int[] batch = [.. Enumerable.Range(0, 1 + random.Next(100)).Select(_ => random.Next(small.Samples.Count))];
            double expected = reference.Step([.. batch.Select(i => (long)i)], rate);
            Close.Assert(expected, model.Step(data, batch, rate), 3e-6, what: $"loss of step {step}");
        }

        var weights = model.Weights();
        for (int layer = 0; layer < small.Network.Layers; layer++)
        {
            Compare(reference.Matrices[layer], weights.Matrices[layer]);
            if (small.Network.Bias)
                Compare(reference.Biases[layer], weights.Biases[layer]);
        }

        static void Compare(Tensor expected, float[] found)
        {
            double[] values = expected.data<double>().ToArray();
            double scale = values.Max(Math.Abs);
            for (int i = 0; i < values.Length; i++)
                Close.Assert(values[i], found[i], 5e-6, scale, $"weight {i}");
        }
    }

    /// <summary>Made for 60 samples at once, the model adds up larger minibatches in chunks.</summary>
    [Theory, MemberData(nameof(SmallNetworks.Names), MemberType = typeof(SmallNetworks))]
    public void Gradients_are_those_of_autograd_in_double_precision(string name)
    {
        var small = SmallNetworks.Get(name);
        var all = WeightSpace.All(small.Network);
        var random = new RandomStream(1, "batches");
        using var reference = new TorchReference(small.Weights, small.Samples);
        using var model = new DenseModel(small.Weights, 60);
        float[] found = new float[all.Dimension];
        foreach (int size in new[] { 1, 7, 59, 150 })
        {
            int[] batch = [.. Enumerable.Range(0, size).Select(_ => random.Next(small.Samples.Count))];
            double loss = model.Gradient(new(small.Samples), batch, found);
            long[] places = [.. batch.Select(i => (long)i)];
            double[] expected = reference.Gradient(all, places);
            Close.Assert(reference.Loss(places), loss, 3e-6);
            double scale = expected.Max(Math.Abs);
            for (int i = 0; i < expected.Length; i++)
                Close.Assert(expected[i], found[i], 5e-6, scale, $"component {i} at {size} samples");
        }

        Assert.Equal(small.Weights.Tensors, model.Weights().Tensors);
    }

    /// <summary>Layers of three panels of 64, and one that a panel more than fills.</summary>
    [Theory]
    [InlineData("fc:5-130-3")]
    [InlineData("fc:5-140-129-3,bias,tanh")]
    public void Wide_layers_have_autograds_gradient_and_step(string text)
    {
        var network = FullyConnected.Parse(text);
        var weights = DenseWeights.Draw(network, Initialisation.PyTorch, seed: 1);
        var samples = SmallNetworks.Clouds(20, 5, 3, seed: 1);
        var all = WeightSpace.All(network);
        using var reference = new TorchReference(weights, samples);
        using var model = new DenseModel(weights, 20);
        float[] found = new float[all.Dimension], stepped = new float[all.Dimension];
        int[] batch = [.. Enumerable.Range(0, 20)];
        model.Gradient(new(samples), batch, found);
        double[] expected = reference.Gradient(all, [.. batch.Select(i => (long)i)]);
        model.Step(new(samples), batch, 0.5);
        model.Read(all, stepped);
        double scale = expected.Max(Math.Abs);
        float[] start = all.Flatten(weights);
        for (int i = 0; i < expected.Length; i++)
        {
            Close.Assert(expected[i], found[i], 5e-6, scale, $"component {i}");
            Close.Assert(start[i] - 0.5 * expected[i], stepped[i], 5e-6, 1, $"weight {i}");
        }
    }

    [Theory, MemberData(nameof(SmallNetworks.Names), MemberType = typeof(SmallNetworks))]
    public void Evaluation_is_that_of_a_plain_forward_pass(string name)
    {
        var small = SmallNetworks.Get(name);
        using var reference = new TorchReference(small.Weights, small.Samples);
        using var model = new DenseModel(small.Weights, 1);
        var (loss, error, _) = model.Evaluate(new SparseInputs(small.Samples));
        Close.Assert(reference.Loss(), loss, 1e-6);
        Assert.Equal(reference.Error(), error, 12);
    }

    [Theory, MemberData(nameof(SmallNetworks.Spaces), MemberType = typeof(SmallNetworks))]
    public void A_weight_space_is_read_as_it_is_flattened(string name, string layers, bool withBiases)
    {
        var small = SmallNetworks.Get(name);
        var space = WeightSpace.Parse(small.Network, layers, withBiases);
        using var model = new DenseModel(small.Weights, 1);
        var flat = new float[space.Dimension];
        model.Read(space, flat);
        Assert.Equal(space.Flatten(small.Weights), flat);
        Assert.Equal(small.Weights.Matrices, model.Weights().Matrices);
        Assert.Equal(small.Weights.Biases, model.Weights().Biases);
    }

    [Fact]
    public void A_tie_for_the_largest_logit_is_an_error()
    {
        var network = FullyConnected.Of(2, 3);
        using var model = new DenseModel(DenseWeights.Of(network, [[1, 0, 1, 0, 0, 0]]), 1);
        var (loss, error, _) = model.Evaluate(new SparseInputs(new([1, 0, 1, 0], [0, 1], 2, 3)));
        Assert.Equal(1, error);
        Close.Assert(Math.Log(2 + Math.Exp(-1)), loss, 1e-6);
    }

    /// <summary>The network of Feng and Tu, as one writes it in TorchSharp but for its optimizer, which does not hold its scalars: the first 200 losses agree.</summary>
    [Fact]
    public void Two_hundred_losses_are_those_of_idiomatic_TorchSharp()
    {
        const int batchSize = 50;
        var network = FullyConnected.Of(784, 50, 50, 10);
        var samples = SparseImages(2000);
        var weights = DenseWeights.Draw(network, Initialisation.PyTorch, 1);
        var minibatches = new Minibatches(samples.Count, batchSize, Drawing.WithoutReplacement, 1);

        using var scope = NewDisposeScope();
        var layers = new[] { nn.Linear(784, 50, hasBias: false).Fixed(), nn.Linear(50, 50, hasBias: false).Fixed(), nn.Linear(50, 10, hasBias: false).Fixed() };
        using (no_grad())
        {
            for (int layer = 0; layer < layers.Length; layer++)
                layers[layer].weight!.copy_(tensor(weights.Matrices[layer]).reshape(layers[layer].weight!.shape));
        }

        using var module = nn.Sequential(layers[0], nn.ReLU(), layers[1], nn.ReLU(), layers[2]);
        using var step = (-0.1).ToScalar();
        using var criterion = nn.CrossEntropyLoss();
        var inputs = tensor(samples.Inputs).reshape(samples.Count, 784);
        var labels = tensor(samples.Labels.Select(label => (long)label).ToArray());

        var data = new SparseInputs(samples);
        using var model = new DenseModel(weights, batchSize);
        double first = 0, loss = 0;
        for (int t = 0; t < 200; t++)
        {
            using var inner = NewDisposeScope();
            int[] batch = minibatches.Epoch(1 + t / minibatches.PerEpoch).AsSpan(t % minibatches.PerEpoch * batchSize, batchSize).ToArray();
            var chosen = tensor(batch.Select(i => (long)i).ToArray());
            module.zero_grad();
            var torchLoss = criterion.forward(module.forward(inputs.index_select(0, chosen)), labels.index_select(0, chosen));
            torchLoss.backward();
            using (no_grad())
            {
                foreach (var parameter in module.parameters())
                    parameter.add_(parameter.grad!, step);
            }

            loss = model.Step(data, batch, 0.1);
            first = t == 0 ? loss : first;
            Close.Assert(torchLoss.item<float>(), loss, 1e-4, what: $"loss of step {t}");
        }

        Assert.True(loss < 0.5 * first, "it learns");
    }

    /// <summary>784 numbers in [0, 1], four fifths of them 0, as MNIST's.</summary>
    private static LabelledSamples SparseImages(int count)
    {
        var random = new RandomStream(1, "images");
        bool[][] strokes = [.. Enumerable.Range(0, 10).Select(_ => Enumerable.Range(0, 784).Select(_ => random.NextDouble() < 0.2).ToArray())];
        var inputs = new float[count * 784];
        int[] labels = [.. Enumerable.Range(0, count).Select(_ => random.Next(10))];
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = strokes[labels[i / 784]][i % 784] && random.NextDouble() < 0.8 ? (float)random.NextDouble() : 0;
        return new(inputs, labels, 784, 10);
    }
}
