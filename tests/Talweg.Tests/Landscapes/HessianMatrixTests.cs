using MathNet.Numerics.LinearAlgebra;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Tests.Networks;
using TorchSharp;

namespace Talweg.Tests.Landscapes;

/// <summary>Hessians written out, against products column by column, differences of autograd's gradient, and another program's diagonalisation.</summary>
public sealed class HessianMatrixTests
{
    [Theory, MemberData(nameof(SmallNetworks.Spaces), MemberType = typeof(SmallNetworks))]
    public void Rows_are_products_with_unit_vectors(string name, string layers, bool withBiases)
    {
        var small = SmallNetworks.Get(name);
        var space = WeightSpace.Parse(small.Network, layers, withBiases);
        using var reference = HessianOperator.Of(small.Weights, small.Samples, space);
        var matrix = HessianMatrix.Of(small.Weights, small.Samples, space);
        double scale = matrix.Entries.ToArray().Max(Math.Abs);
        foreach (int i in (int[])[0, space.Dimension / 3, space.Dimension - 1])
        {
            double[] unit = new double[space.Dimension], expected = new double[space.Dimension], found = new double[space.Dimension];
            unit[i] = 1;
            reference.Apply(unit, expected);
            matrix.Apply(unit, found);
            for (int j = 0; j < space.Dimension; j++)
            {
                Close.Assert(expected[j], matrix[i][j], 1e-12, scale, $"entry {i}, {j}");
                Assert.Equal(matrix[j][i], matrix[i][j]);
                Assert.Equal(matrix[i][j], found[j]);
            }
        }
    }

    /// <summary>Central differences of autograd's gradient, error h²·L⁗/6 ≈ 1e-10: the whole matrix of a middle layer.</summary>
    [Theory]
    [InlineData("fc:6-8-7-5,bias,tanh", "2")]
    [InlineData("fc:4-6-5-9-3,tanh", "1")]
    [InlineData("fc:5-13-9-3", "2")]
    public void The_matrix_is_that_of_differences_of_the_gradient(string name, string layer)
    {
        const double h = 1e-5;
        var small = SmallNetworks.Get(name);
        var space = WeightSpace.Parse(small.Network, layer);
        var matrix = HessianMatrix.Of(small.Weights, small.Samples, space);
        double scale = matrix.Entries.ToArray().Max(Math.Abs);
        for (int i = 0; i < space.Dimension; i++)
        {
            double[] unit = new double[space.Dimension];
            unit[i] = 1;
            double[] above = GradientAt(small, space, unit, h), below = GradientAt(small, space, unit, -h);
            for (int j = 0; j < space.Dimension; j++)
                Close.Assert((above[j] - below[j]) / (2 * h), matrix[i][j], 1e-7, scale, $"entry {i}, {j}");
        }
    }

    [Fact]
    public void All_eigenpairs_are_those_of_another_diagonalisation_and_of_Lanczos_at_both_ends()
    {
        var small = SmallNetworks.Get("fc:6-8-7-5,bias,tanh");
        var matrix = HessianMatrix.Of(small.Weights, small.Samples, WeightSpace.Of(small.Network, 2));
        var all = matrix.Diagonalise();
        var evd = Matrix<double>.Build.DenseOfRowMajor(56, 56, matrix.Entries.ToArray()).Evd(Symmetricity.Symmetric);
        double norm = all.Values.Max(Math.Abs);
        for (int i = 0; i < 56; i++)
        {
            Close.Assert(evd.EigenValues[55 - i].Real, all.Values[i], 1e-13, norm, $"eigenvalue {i}");
            Assert.True(all.Residuals[i] <= 1e-14 * norm, $"residual {i}: {all.Residuals[i]:G3}");
            Assert.True(all.Vector(i)[all.Vector(i).ToArray().Select(Math.Abs).ToList().IndexOf(all.Vector(i).ToArray().Max(Math.Abs))] > 0);
        }

        Assert.True(all.Values[^1] < 0);
        Eigenpairs top = Lanczos.Top(matrix, 10), bottom = Lanczos.Bottom(matrix, 10);
        for (int i = 0; i < 10; i++)
        {
            Close.Assert(all.Values[i], top.Values[i], 1e-8, what: $"top {i}");
            Close.Assert(all.Values[55 - i], bottom.Values[i], 1e-8, what: $"bottom {i}");
        }
    }

    /// <summary>Several chunks and threads add up to what one thread gives, and do so to the bit every time.</summary>
    [Fact]
    public void Threads_share_the_samples()
    {
        var network = new FullyConnected([30, 40, 20, 4], bias: true, Activation.Tanh);
        var weights = DenseWeights.Draw(network, Initialisation.PyTorch, 1);
        var samples = SmallNetworks.Clouds(2000, 30, 4, 1);           // 714 samples a chunk
        var space = WeightSpace.Of(network, 2);
        var one = HessianMatrix.Of(weights, samples, space, new(1));
        var two = HessianMatrix.Of(weights, samples, space, new(2));
        double scale = one.Entries.ToArray().Max(Math.Abs);
        for (int i = 0; i < one.Entries.Length; i++)
            Close.Assert(one.Entries[i], two.Entries[i], 1e-13, scale);
        Assert.Equal(two.Entries, HessianMatrix.Of(weights, samples, space, new(2)).Entries);
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_no_tensor_stays_alive()
    {
        var large = FullyConnected.Of(100, 100, 3);
        var space = WeightSpace.Of(large, 1);
        Assert.Contains("A Hessian of 10000 × 10000 is too large to write out; up to 8192 weights are.", Assert.Throws<ArgumentException>(() =>
            HessianMatrix.Of(DenseWeights.Draw(large, Initialisation.He, 1), SmallNetworks.Clouds(5, 100, 3, 1), space)).Message, StringComparison.Ordinal);
        var small = SmallNetworks.Get("fc:6-8-7-5,bias,tanh");
        var layer = WeightSpace.Of(small.Network, 2);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var matrix = HessianMatrix.Of(small.Weights, small.Samples, layer, new(1));
        matrix.Diagonalise();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Contains("The Hessian is 56 × 56, but the vectors have 55 and 56 numbers.", Assert.Throws<ArgumentException>(() => matrix.Apply(new double[55], new double[56])).Message, StringComparison.Ordinal);
    }

    private static double[] GradientAt(SmallNetwork small, WeightSpace space, double[] direction, double t)
    {
        using var moved = new TorchReference(small.Weights, small.Samples);
        moved.Move(space, direction, t);
        return moved.Gradient(small.Samples, space);
    }
}
