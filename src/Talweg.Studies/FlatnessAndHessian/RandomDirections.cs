using Talweg.Statistics;

namespace Talweg.Studies.FlatnessAndHessian;

/// <summary>Random orthonormal directions, in a whole space or in a span.</summary>
internal static class RandomDirections
{
    /// <summary>Uniform among all sets of <paramref name="count"/> orthonormal vectors, [count, dimension]: normal numbers, orthonormalised one after the other, twice for rounding.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many in as many dimensions.</exception>
    public static double[] In(int dimension, int count, RandomStream random)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, dimension);
        double[] vectors = new double[count * dimension];
        for (int i = 0; i < count; i++)
        {
            var vector = vectors.AsSpan(i * dimension, dimension);
            foreach (ref double value in vector)
                value = random.NextNormal();
            for (int pass = 0; pass < 2; pass++)
            {
                for (int j = 0; j < i; j++)
                    Add(vector, vectors.AsSpan(j * dimension, dimension), -Dot(vector, vectors.AsSpan(j * dimension, dimension)));
                double norm = Math.Sqrt(Dot(vector, vector));
                foreach (ref double value in vector)
                    value /= norm;
            }
        }

        return vectors;
    }

    /// <summary>Likewise within the span of orthonormal rows, [count, dimension].</summary>
    public static double[] InSpan(ReadOnlySpan<double> rows, int dimension, int count, RandomStream random)
    {
        int span = rows.Length / dimension;
        double[] coefficients = In(span, count, random), vectors = new double[count * dimension];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < span; j++)
                Add(vectors.AsSpan(i * dimension, dimension), rows.Slice(j * dimension, dimension), coefficients[i * span + j]);
        }

        return vectors;
    }

    /// <summary>Σᵢⱼ (aᵢ·bⱼ)² over the rows of two orthonormal sets of as many, divided by their number.</summary>
    public static double Overlap(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int dimension)
    {
        double sum = 0;
        int count = a.Length / dimension;
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
                sum += Math.Pow(Dot(a.Slice(i * dimension, dimension), b.Slice(j * dimension, dimension)), 2);
        }

        return sum / count;
    }

    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static void Add(Span<double> target, ReadOnlySpan<double> summand, double factor)
    {
        for (int i = 0; i < target.Length; i++)
            target[i] += factor * summand[i];
    }
}
