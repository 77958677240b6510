using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Training;

namespace Talweg.Tests.Networks;

/// <summary>The per-sample loss log1p(Σ exp(zₙ − z_k)) against fifty digits, through the kernels, with networks whose logits are known exactly.</summary>
/// <remarks>Logits are multiples of 2⁻¹⁶ below 64, so that their differences are exact in single precision too.</remarks>
public sealed class PerSampleLossTests
{
    private const int Classes = 10;

    public static TheoryData<double, double> Margins => new()
    {
        { 0, 1 }, { 5, 3 }, { 20, 5 }, { 40, 10 }, { 55, 5 },            // right by this much
        { -5, 3 }, { -60, 3 },                                           // wrong by this much
    };

    [Fact]
    public void The_oracle_agrees_with_values_that_everyone_knows()
    {
        Close.Assert(Math.Log(2), FiftyDigits.LogOnePlusSumOfExponentials([0]), 1e-15);
        Close.Assert(Math.Log(10), FiftyDigits.LogOnePlusSumOfExponentials(Enumerable.Repeat(0.0, 9)), 1e-15);
        // python3 -c "from decimal import *; getcontext().prec=60; print((1+Decimal(-60).exp()).ln())"
        Close.Assert(8.756510762696520338488732879391e-27, FiftyDigits.LogOnePlusSumOfExponentials([-60]), 1e-15);
        Close.Assert(60.0, FiftyDigits.LogOnePlusSumOfExponentials([60]), 1e-15);
    }

    [Theory, MemberData(nameof(Margins))]
    public void Losses_keep_relative_precision_at_any_margin(double margin, double spread)
    {
        var samples = Samples(margin, spread);
        double[] exact = [.. Enumerable.Range(0, samples.Count).Select(sample => Exact(samples, sample))];
        // Two layers of ones on the diagonal: logits are the inputs. The fused kernel with and without a tail, torch in single and double.
        foreach (var (layer, precision, relative) in new[] { (1, LandscapePrecision.Single, 1e-6), (2, LandscapePrecision.Single, 1e-6), (2, LandscapePrecision.Double, 1e-14) })
        {
            var weights = Identity();
            using var landscape = Landscape.Of(weights, samples, WeightSpace.Of(weights.Network, layer), precision);
            var losses = PerSample.Of(landscape, SmallNetwork.RandomDirection(Classes * Classes, 1), [0.0]);
            for (int sample = 0; sample < samples.Count; sample++)
                Close.Assert(exact[sample], losses.Losses[0][sample], relative, what: $"{landscape.Path} {precision} layer {layer}, sample {sample}");
        }
    }

    [Theory, MemberData(nameof(Margins))]
    public void Training_sees_the_same_losses(double margin, double spread)
    {
        var samples = Samples(margin, spread);
        using var model = new DenseModel(Identity(), 64);
        var (loss, error, _) = model.Evaluate(new SparseInputs(samples));
        Close.Assert(Enumerable.Range(0, samples.Count).Average(sample => Exact(samples, sample)), loss, 1e-6);
        if (Math.Abs(margin) > spread)
            Assert.Equal(margin > 0 ? 0 : 1, error);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1e4)]
    [InlineData(1e30)]
    public void A_sample_that_is_hopelessly_wrong_costs_its_margin(double margin)
    {
        var inputs = new float[2 * Classes];
        inputs[1] = (float)margin;
        inputs[Classes + 1] = inputs[Classes + 2] = (float)margin;
        var samples = new LabelledSamples(inputs, [0, 0], Classes, Classes);
        foreach (var precision in new[] { LandscapePrecision.Single, LandscapePrecision.Double })
        {
            var weights = Identity();
            using var landscape = Landscape.Of(weights, samples, WeightSpace.Of(weights.Network, 2), precision);
            var p = new double[Classes * Classes];
            p[Classes] = 1;                                   // input 0 (which is 0) to output 1: nothing moves
            var found = PerSample.Of(landscape, p, [0.0], withSlopes: true);
            Close.Assert(margin, found.Losses[0][0], 1e-6);
            Close.Assert(margin + Math.Log(2), found.Losses[0][1], 1e-6);
            Assert.Equal([0, 0], found.Slopes![0]);
        }
    }

    private static double Exact(LabelledSamples samples, int sample)
    {
        float[] logits = samples.Input(sample).ToArray();
        int label = samples.Labels[sample];
        return FiftyDigits.LogOnePlusSumOfExponentials(logits.Where((_, n) => n != label).Select(logit => (double)logit - logits[label]));
    }

    private static DenseWeights Identity()
    {
        float[] identity = [.. Enumerable.Range(0, Classes * Classes).Select(i => i % (Classes + 1) == 0 ? 1f : 0f)];
        return DenseWeights.Of(FullyConnected.Of(Classes, Classes, Classes), [identity, identity]);
    }

    private static LabelledSamples Samples(double margin, double spread)
    {
        const int count = 70;
        var random = new RandomStream(11, $"margins {margin}");
        var inputs = new float[count * Classes];
        int[] labels = [.. Enumerable.Range(0, count).Select(_ => random.Next(Classes))];
        for (int i = 0; i < inputs.Length; i++)
        {
            double logit = i % Classes == labels[i / Classes] ? Math.Max(margin, 0) : Math.Max(-margin, 0) + spread * random.NextDouble();
            // Right by `margin`: own logit is the margin, the others lie within `spread` above 0.
            inputs[i] = (float)(Math.Round(logit * 65536) / 65536);
        }

        return new(inputs, labels, Classes, Classes);
    }
}
