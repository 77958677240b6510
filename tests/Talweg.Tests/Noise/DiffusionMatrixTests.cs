using MathNet.Numerics.LinearAlgebra;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Statistics;
using Talweg.Tests.Networks;
using Talweg.Training;

namespace Talweg.Tests.Noise;

/// <summary>The diffusion matrix against outer products of autograd's gradients, and against what minibatches do.</summary>
public sealed class DiffusionMatrixTests
{
    /// <summary>Without the two of 4,000 weights, whose outer products alone take seconds; 1,580 are seven panels.</summary>
    public static TheoryData<string, string, bool> Spaces =>
        [.. SmallNetworks.Spaces.Where(row => WeightSpace.Parse(FullyConnected.Parse(row.Data.Item1), row.Data.Item2, row.Data.Item3).Dimension < 4000)];

    [Theory, MemberData(nameof(Spaces))]
    public void Matrix_operator_and_trace_are_those_of_outer_products(string name, string layers, bool withBiases)
    {
        var small = SmallNetworks.Get(name);
        var space = WeightSpace.Parse(small.Network, layers, withBiases);
        var samples = small.Samples.First(Math.Min(small.Samples.Count, 40));
        using var gradients = SampleGradients.Of(small.Weights, samples, space, LandscapePrecision.Double);
        var expected = OuterProducts(small, samples, space);
        double scale = Math.Max(expected.Enumerate().Max(Math.Abs), 1e-30);   // one sample alone has no spread at all
        double[,] dense = DiffusionMatrix.Dense(gradients);
        for (int i = 0; i < space.Dimension; i++)
        {
            for (int j = 0; j < space.Dimension; j++)
            {
                if (!(Math.Abs(expected[i, j] - dense[i, j]) <= 1e-11 * scale) || dense[i, j] != dense[j, i])
                    Assert.Fail($"({i}, {j}): expected {expected[i, j]:G17}, found {dense[i, j]:G17} and {dense[j, i]:G17}");
            }
        }

        var diffusion = DiffusionMatrix.Of(gradients);
        double[] vector = SmallNetwork.RandomDirection(space.Dimension, 3);
        double[] product = new double[space.Dimension];
        diffusion.Apply(vector, product);
        var slow = expected * Vector<double>.Build.DenseOfArray(vector);
        for (int i = 0; i < product.Length; i++)
            Close.Assert(slow[i], product[i], 1e-11, Math.Max(slow.AbsoluteMaximum(), 1e-30), $"product {i}");
        Close.Assert(expected.Trace(), diffusion.Trace, 1e-12, scale: 1e-3);
    }

    /// <summary>Both from the same gradients in single precision: their own error is in neither.</summary>
    [Fact]
    public void Largest_eigenvalues_through_products_are_those_of_the_matrix()
    {
        var small = SmallNetworks.Get("fc:6-8-7-5,bias,tanh");
        using var gradients = SampleGradients.Of(small.Weights, small.Samples, WeightSpace.Of(small.Network, [2, 3], withBiases: true));
        var dense = Matrix<double>.Build.DenseOfArray(DiffusionMatrix.Dense(gradients));
        double[] expected = [.. dense.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).OrderDescending()];
        var diffusion = DiffusionMatrix.Of(gradients);
        var top = Lanczos.Top(diffusion, 10);
        for (int i = 0; i < 10; i++)
            Close.Assert(expected[i], top.Values[i], 1e-10, what: $"eigenvalue {i}");
        Close.Assert(expected.Sum(), diffusion.Trace, 1e-10);
        Assert.True(expected[^1] > -1e-15);
    }

    [Theory]
    [InlineData(Drawing.WithReplacement)]
    [InlineData(Drawing.WithoutReplacement)]
    public void Minibatch_gradients_scatter_as_the_matrix_over_the_batch_size_says(Drawing drawing)
    {
        const int size = 20;
        var small = SmallNetworks.Get("fc:7-3");
        var space = WeightSpace.Of(small.Network, 1);
        using var gradients = SampleGradients.Of(small.Weights, small.Samples, space, LandscapePrecision.Double);
        var diffusion = Matrix<double>.Build.DenseOfArray(DiffusionMatrix.Dense(gradients));
        var deviations = Deviations(gradients, drawing, size).ToList();
        var covariance = Matrix<double>.Build.Dense(21, 21);
        double fourth = 0;
        foreach (var x in deviations)
        {
            covariance += x.OuterProduct(x) / deviations.Count;
            fourth += Math.Pow(x.L2Norm(), 4) / deviations.Count;
        }

        double factor = DiffusionMatrix.BatchFactor(65, size, drawing);
        Close.Assert(drawing == Drawing.WithReplacement ? 1.0 / 20 : 45.0 / (20 * 64), factor, 1e-14);

        // ‖Ĉ − C‖_F² is in the mean (⟨‖x‖⁴⟩ − ‖C‖_F²)/n for n independent x; minibatches of one epoch exclude each other, which only helps.
        double allowed = 2 * Math.Sqrt((fourth - Math.Pow(covariance.FrobeniusNorm(), 2)) / deviations.Count);
        Assert.True((covariance - factor * diffusion).FrobeniusNorm() <= allowed, $"off by {(covariance - factor * diffusion).FrobeniusNorm():G3}, allowed {allowed:G3}");
        double other = DiffusionMatrix.BatchFactor(65, size, 1 - drawing);
        Assert.True((covariance - other * diffusion).FrobeniusNorm() > 3 * allowed, "the other way of drawing must not pass too");
    }

    /// <summary>A minibatch of all samples without replacement has no noise at all.</summary>
    [Fact]
    public void The_operator_of_a_batch_is_the_matrix_times_a_number()
    {
        var small = SmallNetworks.Get("fc:5-13-9-3");
        using var gradients = SampleGradients.Of(small.Weights, small.Samples, WeightSpace.Of(small.Network, 2), LandscapePrecision.Double);
        var diffusion = DiffusionMatrix.Of(gradients);
        double[] vector = SmallNetwork.RandomDirection(117, 1), whole = new double[117], part = new double[117];
        diffusion.Apply(vector, whole);
        var batch = diffusion.OfBatch(10, Drawing.WithoutReplacement);
        batch.Apply(vector, part);
        double factor = 87.0 / (10 * 96);
        for (int i = 0; i < 117; i++)
            Close.Assert(factor * whole[i], part[i], 1e-12, scale: 1e-12 * whole.Max(Math.Abs));
        Close.Assert(factor * diffusion.Trace, batch.Trace, 1e-14);
        Close.Assert(diffusion.Trace / 4, batch.OfBatch(4, Drawing.WithReplacement).Trace, 1e-14);
        Assert.Equal(0, diffusion.OfBatch(97, Drawing.WithoutReplacement).Trace);
        Assert.Throws<ArgumentOutOfRangeException>(() => diffusion.OfBatch(98, Drawing.WithReplacement));
        Assert.Throws<ArgumentOutOfRangeException>(() => diffusion.OfBatch(0, Drawing.WithReplacement));
        Assert.Contains("The diffusion matrix is 117 × 117, but the vectors have 117 and 3 numbers.",
            Assert.Throws<ArgumentException>(() => diffusion.Apply(vector, new double[3])).Message, StringComparison.Ordinal);
    }

    /// <summary>More weights than are written out, and more samples than a chunk: columns of the operator are what is checked.</summary>
    [Fact]
    public void Beyond_five_thousand_weights_there_is_the_operator_only()
    {
        var network = new FullyConnected([72, 70, 3], bias: true, Activation.Tanh);
        var samples = SmallNetworks.Clouds(1100, 72, 3, 1);
        var weights = DenseWeights.Draw(network, Initialisation.PyTorch, 1);
        using var gradients = SampleGradients.Of(weights, samples, WeightSpace.Of(network, [1], withBiases: true), LandscapePrecision.Double, threads: 2);
        Assert.Contains("A dense diffusion matrix is made of up to 5000 weights, but the weight space has 5110. Take DiffusionMatrix.Of, which only multiplies.",
            Assert.Throws<ArgumentException>(() => DiffusionMatrix.Dense(gradients)).Message, StringComparison.Ordinal);
        double[] unit = new double[5110], column = new double[5110], mean = gradients.Mean();
        unit[5100] = 1;
        DiffusionMatrix.Of(gradients).Apply(unit, column);
        foreach (int row in new[] { 0, 2500, 5050, 5100 })
        {
            double covariance = Enumerable.Range(0, 1100).Average(sample =>
            {
                double[] gradient = gradients.OfSample(sample);
                return (gradient[row] - mean[row]) * (gradient[5100] - mean[5100]);
            });
            Close.Assert(covariance, column[row], 1e-10, scale: 1e-3 * column.Max(Math.Abs), what: $"row {row}");
        }
    }

    private static Matrix<double> OuterProducts(SmallNetwork small, Talweg.Data.LabelledSamples samples, WeightSpace space)
    {
        using var reference = new TorchReference(small.Weights, samples);
        var rows = Matrix<double>.Build.DenseOfRowArrays(Enumerable.Range(0, samples.Count).Select(sample => reference.Gradient(samples, space, [sample])));
        var mean = rows.ColumnSums() / samples.Count;
        return rows.TransposeThisAndMultiply(rows) / samples.Count - mean.OuterProduct(mean);
    }

    private static IEnumerable<Vector<double>> Deviations(SampleGradients gradients, Drawing drawing, int size)
    {
        var random = new RandomStream(1, "minibatches");
        double[] mean = gradients.Mean();
        for (int epoch = 0; epoch < 1500; epoch++)
        {
            var sets = drawing == Drawing.WithReplacement
                ? MinibatchSets.WithReplacement(gradients.Samples, size, 3, random)
                : MinibatchSets.Shuffled(gradients.Samples, size, random);
            double[,] drawn = gradients.Minibatches(sets, new(1));
            for (int minibatch = 0; minibatch < sets.Count; minibatch++)
                yield return Vector<double>.Build.Dense(mean.Length, i => drawn[minibatch, i] - mean[i]);
        }
    }
}
