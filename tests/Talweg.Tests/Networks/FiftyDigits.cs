using System.Numerics;

namespace Talweg.Tests.Networks;

/// <summary>Exponential and logarithm in fixed-point arithmetic of 90 decimals by their power series: over 50 digits for numbers above 1e-38.</summary>
internal static class FiftyDigits
{
    private static readonly BigInteger One = BigInteger.Pow(10, 90);

    /// <summary>ln(1 + Σ exp(mₙ)), exact to 50 digits, of margins that are exact as given.</summary>
    public static double LogOnePlusSumOfExponentials(IEnumerable<double> margins) =>
        ToDouble(LogOnePlus(margins.Aggregate(BigInteger.Zero, (sum, margin) => sum + Exp(Exact(margin)))));

    /// <summary>Every double is a whole number times a power of two.</summary>
    private static BigInteger Exact(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52 & 0x7FF);
        BigInteger mantissa = exponent == 0 ? 0 : bits & 0xFFFFFFFFFFFFF | 1L << 52;
        int power = exponent - 1075;
        var scaled = power >= 0 ? mantissa * One << power : mantissa * One >> -power;
        return x < 0 ? -scaled : scaled;
    }

    private static BigInteger Exp(BigInteger x)
    {
        const int halvings = 12;
        var reduced = x >> halvings;
        BigInteger sum = One, term = One;
        for (int n = 1; !term.IsZero && n < 200; n++)
        {
            term = term * reduced / One / n;
            sum += term;
        }

        // Squaring twelve times multiplies the error by 2¹², four of the ninety digits.
        for (int i = 0; i < halvings; i++)
            sum = sum * sum / One;
        return sum;
    }

    private static BigInteger LogOnePlus(BigInteger x)
    {
        // ln(u) = ln(2)·k + 2·artanh((v − 1)/(v + 1)) with v = u/2ᵏ near 1.
        var u = One + x;
        int k = 0;
        while (u >> k > 3 * One / 2)
            k++;
        return k == 0 ? Twice(x, 2 * One + x) : k * Twice(One, 3 * One) + Twice(u - (One << k), u + (One << k));
    }

    private static BigInteger Twice(BigInteger numerator, BigInteger denominator)
    {
        var ratio = numerator * One / denominator;
        var square = ratio * ratio / One;
        BigInteger sum = 0;
        for (var (power, n) = (ratio, 1); !power.IsZero && power != BigInteger.MinusOne; (power, n) = (power * square / One, n + 2))
            sum += power / n;
        return 2 * sum;
    }

    private static double ToDouble(BigInteger x) => (double)x / 1e90;
}
