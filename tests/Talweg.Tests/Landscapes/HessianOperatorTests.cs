using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Landscapes;

/// <summary>Exact Hessian-vector products, over all small networks and weight spaces.</summary>
public sealed class HessianOperatorTests
{
    [Theory, MemberData(nameof(SmallNetworks.Spaces), MemberType = typeof(SmallNetworks))]
    public void Products_are_those_of_double_backward(string name, string layers, bool withBiases)
    {
        var small = SmallNetworks.Get(name);
        var space = WeightSpace.Parse(small.Network, layers, withBiases);
        double[] vector = SmallNetwork.RandomDirection(space.Dimension, 8);
        using var hessian = HessianOperator.Of(small.Weights, small.Samples, space);
        using var reference = new TorchReference(small.Weights, small.Samples);
        AssertClose(reference.HessianProduct(small.Samples, space, vector), Product(hessian, vector), 1e-12);
    }

    /// <remarks>
    /// Error h²·L⁗/6 ≈ 1e-10 and rounding 1e-16/h ≈ 1e-11 of terms near 1. No ReLU of these samples switches within ±1e-5 along these directions, as the
    /// test's passing says.
    /// </remarks>
    [Theory, MemberData(nameof(SmallNetworks.Spaces), MemberType = typeof(SmallNetworks))]
    public void Products_are_central_differences_of_the_gradient(string name, string layers, bool withBiases)
    {
        const double h = 1e-5;
        var small = SmallNetworks.Get(name);
        var space = WeightSpace.Parse(small.Network, layers, withBiases);
        double[] vector = SmallNetwork.RandomDirection(space.Dimension, 8);
        using var hessian = HessianOperator.Of(small.Weights, small.Samples, space);
        double[] above = GradientAt(h), below = GradientAt(-h);
        AssertClose([.. above.Zip(below, (a, b) => (a - b) / (2 * h))], Product(hessian, vector), 1e-7);

        double[] GradientAt(double t)
        {
            using var moved = new TorchReference(small.Weights, small.Samples);
            moved.Move(space, vector, t);
            return moved.Gradient(small.Samples, space);
        }
    }

    [Theory, MemberData(nameof(SmallNetworks.Spaces), MemberType = typeof(SmallNetworks))]
    public void The_matrix_is_symmetric(string name, string layers, bool withBiases)
    {
        var small = SmallNetworks.Get(name);
        var space = WeightSpace.Parse(small.Network, layers, withBiases);
        using var hessian = HessianOperator.Of(small.Weights, small.Samples, space);
        double[] u = SmallNetwork.RandomDirection(space.Dimension, 1), v = SmallNetwork.RandomDirection(space.Dimension, 2);
        double[] hu = Product(hessian, u), hv = Product(hessian, v);
        Close.Assert(Dot(u, hv), Dot(v, hu), 1e-12, scale: Math.Sqrt(Dot(hv, hv)));
    }

    /// <summary>One linear layer: ℓ's Hessian is (diag p − p pᵀ) ⊗ x xᵀ, whose trace is Σₙ pₙ (1 − pₙ)·‖x‖², positive semi-definite.</summary>
    [Fact]
    public void Trace_and_spectrum_of_a_linear_classifier_are_the_closed_form()
    {
        var small = SmallNetworks.Get("fc:7-3");
        using var hessian = HessianOperator.Of(small.Weights, small.Samples, WeightSpace.Of(small.Network, 1));
        double trace = 0;
        for (int sample = 0; sample < small.Samples.Count; sample++)
        {
            float[] x = small.Samples.Input(sample).ToArray();
            double[] e = [.. Enumerable.Range(0, 3).Select(n => Math.Exp(x.Select((value, i) => (double)value * small.Weights.Matrices[0][n * 7 + i]).Sum()))];
            trace += e.Sum(p => p / e.Sum() * (1 - p / e.Sum())) * x.Sum(value => (double)value * value) / small.Samples.Count;
        }

        Close.Assert(trace, OperatorTrace.Exact(hessian), 1e-12);
        var all = Lanczos.Top(hessian, 21);
        Close.Assert(trace, all.Values.Sum(), 1e-12);
        Assert.All(all.Values[..14], value => Assert.True(value > 1e-6));
        Assert.All(all.Values[14..], value => Assert.True(Math.Abs(value) < 1e-14, "adding a constant to all logits changes nothing: 7 eigenvalues are 0"));
    }

    /// <summary>Several chunks and threads add up to what one chunk on one thread gives, and do so to the bit every time.</summary>
    [Fact]
    public void Threads_share_the_samples()
    {
        var network = new FullyConnected([700, 6, 4], bias: true, Activation.Tanh);   // 748 samples a chunk
        var weights = DenseWeights.Draw(network, Initialisation.PyTorch, 1);
        var samples = SmallNetworks.Clouds(2000, 700, 4, 1);
        var space = WeightSpace.Of(network, [1, 2], withBiases: true);
        double[] vector = SmallNetwork.RandomDirection(space.Dimension, 8);
        using var one = HessianOperator.Of(weights, samples, space, threads: 1);
        using var two = HessianOperator.Of(weights, samples, space, threads: 2);
        double[] expected = Product(one, vector);
        AssertClose(expected, Product(two, vector), 1e-13);
        Assert.Equal(Product(two, vector), Product(two, vector));
        using var reference = new TorchReference(weights, samples);
        AssertClose(reference.HessianProduct(samples, space, vector), expected, 1e-12);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var small = SmallNetworks.Get("fc:7-3");
        var space = WeightSpace.Of(small.Network, 1);
        Assert.Contains("The weight space belongs to fc:3-2, but the weights to fc:7-3.",
            Assert.Throws<ArgumentException>(() => HessianOperator.Of(small.Weights, small.Samples, WeightSpace.Of(FullyConnected.Of(3, 2), 1))).Message, StringComparison.Ordinal);
        Assert.Contains("fc:7-3 takes 7 inputs and 3 classes, but the samples have 3 and 2.",
            Assert.Throws<ArgumentException>(() => HessianOperator.Of(small.Weights, SmallNetworks.Get("fc:3-2").Samples, space)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => HessianOperator.Of(small.Weights, small.Samples, space, threads: 0));
        var hessian = HessianOperator.Of(small.Weights, small.Samples, space);
        Assert.Contains("The Hessian is 21 × 21, but the vectors have 20 and 21 numbers.",
            Assert.Throws<ArgumentException>(() => hessian.Apply(new double[20], new double[21])).Message, StringComparison.Ordinal);
        hessian.Dispose();
        hessian.Dispose();
        Assert.Throws<ObjectDisposedException>(() => hessian.Apply(new double[21], new double[21]));
    }

    private static double[] Product(HessianOperator hessian, double[] vector)
    {
        double[] product = new double[hessian.Dimension];
        hessian.Apply(vector, product);
        return product;
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static void AssertClose(double[] expected, double[] found, double relative)
    {
        Assert.Equal(expected.Length, found.Length);
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Close.Assert(expected[i], found[i], relative, scale, $"weight {i}");
    }
}
