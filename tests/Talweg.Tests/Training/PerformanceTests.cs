using Talweg.Data;
using Talweg.Networks;
using Talweg.Tests.Networks;
using Talweg.Training;

namespace Talweg.Tests.Training;

/// <summary>Loss and errors over test samples, among all classes and among the samples' own.</summary>
public sealed class PerformanceTests
{
    /// <summary>A network that hands its inputs on: logits are inputs, which the test writes down.</summary>
    [Theory, InlineData("fc:4-4"), InlineData("net:4x1x1/dense4")]
    public void Of_logits_written_down_errors_are_counted_by_hand(string text)
    {
        float[] identity = new float[16];
        for (int i = 0; i < 4; i++)
            identity[5 * i] = 1;
        var weights = NetworkWeights.Of(Network.Parse(text), [identity]);
        float[] logits =
        [
            3, 1, 2, 0,     // 0: right
            1, 0, 5, 0,     // 0: wrong, but of 0 and 1 right
            1, 2, 0, 9,     // 1: likewise
            4, 2, 3, 1,     // 1: wrong, also of 0 and 1
            2, 2, 1, 0,     // 0: a tie with 1 is wrong
            2, 1, 2, 0,     // 0: a tie with 2, which is not among the samples, is wrong of all and right of its own
            -1, -2, -3, -9, // 0: right
            0, 3, 2, 1,     // 1: right
        ];
        int[] labels = [0, 0, 1, 1, 0, 0, 0, 1];
        var test = new LabelledSamples(logits, labels, 4, 4);
        var found = Performance.OnTest(weights, new(new([0, 0, 0, 0], [3], 4, 4), test));
        Assert.Equal(5 / 8.0, found.Error, 12);
        Assert.Equal(2 / 8.0, found.OwnError, 12);
        double loss = Enumerable.Range(0, 8).Average(i => Math.Log(logits[(4 * i)..(4 * i + 4)].Sum(y => Math.Exp(y - logits[4 * i + labels[i]]))));
        Close.Assert(loss, found.Loss, 1e-6);                                  // single precision, eight terms
        // Of samples of one class none competes.
        Assert.Equal(0, Performance.OnTest(weights, new(test, new([0, 5, 0, 0], [0], 4, 4))).OwnError);
    }

    [Fact]
    public void On_both_paths_they_are_those_of_plain_loops()
    {
        foreach (string text in (string[])["fc:6-8-5,bias,tanh", "net:1x2x3/conv4k2b/bn/tanh/dense5b"])
        {
            var network = Network.Parse(text);
            var weights = NetworkWeights.Draw(network, Initialisation.He, 3);
            // Labels 0, 2 and 3 of five classes; more samples than pass at once.
            var all = SmallNetworks.Clouds(2500, 6, 5, 1);
            int[] which = [.. Enumerable.Range(0, all.Count).Where(sample => all.Labels[sample] is 0 or 2 or 3)];
            float[] inputs = new float[6 * which.Length];
            all.Read(which, inputs);
            var samples = new LabelledSamples(inputs, [.. which.Select(sample => all.Labels[sample])], 6, 5);
            var layered = network as LayeredNetwork ?? LayeredNetwork.Of((FullyConnected)network);
            using var module = TorchModules.Of(layered, NetworkWeights.Of(layered, weights.Tensors));
            using var scope = TorchSharp.torch.NewDisposeScope();
            double[][] logits = [.. module.call(layered.Shaped(TorchSharp.torch.tensor(inputs, dtype: TorchSharp.torch.ScalarType.Float64).reshape(which.Length, 6))).data<double>().ToArray().Chunk(5)];
            var found = Performance.OnTest(weights, new(all, samples));
            Assert.Equal(Share(logits, samples.Labels, [0, 1, 2, 3, 4]), found.Error, 12);
            Assert.Equal(Share(logits, samples.Labels, [0, 2, 3]), found.OwnError, 12);
            Assert.True(found.OwnError < found.Error);
            Close.Assert(logits.Zip(samples.Labels, (row, label) => Math.Log(row.Sum(y => Math.Exp(y - row[label])))).Average(), found.Loss, 1e-5);
        }
    }

    [Fact]
    public void Samples_that_do_not_fit_are_refused()
    {
        var weights = DenseWeights.Draw(FullyConnected.Of(6, 3), Initialisation.He, 1);
        Assert.StartsWith("fc:6-3 has 6 inputs and 3 outputs, but the samples have 5 and 2 classes.",
            Assert.Throws<ArgumentException>(() => Performance.OnTest(weights, new(SmallNetworks.Clouds(9, 5, 2, 1), SmallNetworks.Clouds(9, 5, 2, 1)))).Message, StringComparison.Ordinal);
        Assert.StartsWith("fc:6-3 has 6 inputs and 3 outputs, but the samples have 6 and 4 classes.",
            Assert.Throws<ArgumentException>(() => Performance.OnTest(weights, new(SmallNetworks.Clouds(9, 6, 4, 1), SmallNetworks.Clouds(9, 6, 4, 1)))).Message, StringComparison.Ordinal);
    }

    /// <summary>Share of samples whose label's logit is not larger than each of some classes' others.</summary>
    private static double Share(double[][] logits, int[] labels, int[] classes) =>
        logits.Zip(labels, (row, label) => classes.Any(rival => rival != label && row[rival] >= row[label]) ? 1.0 : 0).Average();
}
