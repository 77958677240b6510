using System.Runtime.Intrinsics;
using Talweg.Networks.Kernels;

namespace Talweg.Tests.Networks;

/// <summary>Dense scans against double precision, whose own error is a billionth of the allowance.</summary>
public sealed class VectorMathTests
{
    private const double Allowance = 2.5e-7;

    private delegate Vector512<float> Function(Vector512<float> x);

    /// <summary>Every float from low to high, thinned to every <paramref name="step"/>-th: floats are dense where they are small.</summary>
    private static double LargestRelativeError(float low, float high, int step, Function function, Func<double, double> exact)
    {
        double worst = 0;
        int end = BitConverter.SingleToInt32Bits(high);
        var lanes = new float[16];
        for (int bits = BitConverter.SingleToInt32Bits(low); bits <= end; bits += 16 * step)
        {
            for (int i = 0; i < 16; i++)
                lanes[i] = BitConverter.Int32BitsToSingle(Math.Min(bits + i * step, end));
            var y = function(Vector512.Create(lanes));
            for (int i = 0; i < 16; i++)
            {
                double expected = exact(lanes[i]);
                worst = Math.Max(worst, Math.Abs(y[i] - expected) / Math.Abs(expected));
            }
        }

        return worst;
    }

    [Theory]
    [InlineData(1e-12f, 88f, 1)]
    [InlineData(1e-12f, 87f, -1)]
    public void Exp_is_exact_to_the_stated_error(float low, float high, int sign)
    {
        double error = LargestRelativeError(low, high, 97, x => VectorMath.Exp(x * sign), x => Math.Exp(sign * x));
        Assert.True(error < Allowance, $"{error:G3}");
    }

    [Fact]
    public void Exp_ends_in_zero_and_in_its_largest_value()
    {
        var y = VectorMath.Exp(Vector512.Create(-87.001f, -88, -1e3f, -1e30f, float.NegativeInfinity, 88, 89, 1e3f, float.PositiveInfinity, float.NaN, 0, -0f, float.Epsilon, -float.Epsilon, 1, -1));
        Assert.Equal([0, 0, 0, 0, 0], new[] { y[0], y[1], y[2], y[3], y[4] });
        Assert.Equal([y[5], y[5], y[5]], new[] { y[6], y[7], y[8] });
        Assert.Equal(1, y[5] / (float)Math.Exp(88), 1e-6f);
        Assert.True(float.IsNaN(y[9]));
        Assert.Equal([1, 1, 1, 1], new[] { y[10], y[11], y[12], y[13] });
    }

    /// <summary>ln(1 + x) in double: <c>Math.Log(1 + x)</c> loses x below 1e-16, so small x take the series.</summary>
    private static double ExactLog1P(double x) => x < 1e-4 ? x * (1 - x * (1.0 / 2 - x * (1.0 / 3 - x / 4))) : Math.Log(1 + x);

    [Theory]
    [InlineData(1e-37f, 1e-6f, 1999)]
    [InlineData(1e-6f, 0.4f, 61)]
    [InlineData(0.4f, 3f, 13)]
    [InlineData(3f, 1e38f, 997)]
    public void Log1P_is_exact_to_the_stated_error(float low, float high, int step)
    {
        double error = LargestRelativeError(low, high, step, VectorMath.Log1P, ExactLog1P);
        Assert.True(error < Allowance, $"{error:G3}");
    }

    [Fact]
    public void Log1P_of_zero_is_zero() => Assert.Equal(Vector512<float>.Zero, VectorMath.Log1P(Vector512<float>.Zero));

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Tanh_is_exact_to_the_stated_errors(int sign)
    {
        double worst = 0;
        for (float x = 0; x < 20; x += 1e-4f)
            worst = Math.Max(worst, Math.Abs(VectorMath.Tanh(Vector512.Create(sign * x)).ToScalar() - Math.Tanh((double)sign * x)));
        Assert.True(worst < 3e-7, $"absolute {worst:G3}");
        double relative = LargestRelativeError(1e-20f, 100, 997, x => VectorMath.Tanh(x * sign), x => Math.Tanh(sign * x));
        Assert.True(relative < 2.5e-6, $"relative {relative:G3}");
    }

    [Fact]
    public void Sums_are_those_of_a_loop()
    {
        for (int length = 0; length < 40; length++)
        {
            double[] values = [.. Enumerable.Range(1, length).Select(i => 1.0 / i)];
            Assert.Equal(values.Sum(), VectorMath.Sum(values), 13);
        }

        Assert.Equal(120, VectorMath.SumLanes(Vector512.CreateSequence(0f, 1f)));
    }
}
