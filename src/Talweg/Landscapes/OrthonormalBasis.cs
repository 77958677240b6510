using System.Numerics;
using System.Runtime.InteropServices;
using Talweg.Statistics;

namespace Talweg.Landscapes;

/// <summary>Orthonormal vectors that grow in number: 8·N bytes each.</summary>
internal sealed class OrthonormalBasis(int dimension)
{
    /// <summary>Below this, what orthogonalisation left of a vector of norm 1 is too much roundoff to build on.</summary>
    private const double Nothing = 1e-8;

    private readonly List<double[]> _vectors = [];

    public int Count => _vectors.Count;

    /// <summary>Whether the vectors span the whole space.</summary>
    public bool IsWhole => Count >= dimension;

    public double[] this[int index] => _vectors[index];

    public void Add(double[] vector) => _vectors.Add(vector);

    /// <summary>Removes from <paramref name="vector"/> its components along all vectors: twice, after which only roundoff is left of them (Giraud et al., 2005).</summary>
    public void Orthogonalise(Span<double> vector)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            foreach (double[] other in _vectors)
                AddScaled(vector, other, -Dot(vector, other));
        }
    }

    /// <summary>A random vector of norm 1 orthogonal to all of these; for a basis that <see cref="IsWhole"/> there is none.</summary>
    public double[] RandomBeside(RandomStream random)
    {
        double[] vector = new double[dimension];
        double left;
        do
        {
            foreach (ref double value in vector.AsSpan())
                value = random.NextNormal();
            Scale(vector, 1 / Norm(vector));
            Orthogonalise(vector);
            left = Norm(vector);
            Scale(vector, 1 / left);
        }
        while (!(left > Nothing));
        return vector;
    }

    /// <summary>Turns a vector so that its largest component is positive: the sign that eigenvectors are given.</summary>
    public static void PointUp(Span<double> vector)
    {
        double largest = 0;
        foreach (double value in vector)
            largest = Math.Abs(value) > Math.Abs(largest) ? value : largest;
        Scale(vector, largest < 0 ? -1 : 1);
    }

    public static double Norm(ReadOnlySpan<double> vector) => Math.Sqrt(Dot(vector, vector));

    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var left = MemoryMarshal.Cast<double, Vector<double>>(a);
        var right = MemoryMarshal.Cast<double, Vector<double>>(b);
        var (even, odd) = (Vector<double>.Zero, Vector<double>.Zero);
        int i = 0;
        for (; i + 1 < left.Length; i += 2)
        {
            even += left[i] * right[i];
            odd += left[i + 1] * right[i + 1];
        }

        double sum = Vector.Sum(even + odd);
        for (int j = i * Vector<double>.Count; j < a.Length; j++)
            sum += a[j] * b[j];
        return sum;
    }

    public static void AddScaled(Span<double> target, ReadOnlySpan<double> summand, double factor)
    {
        var lanes = MemoryMarshal.Cast<double, Vector<double>>(target);
        var summands = MemoryMarshal.Cast<double, Vector<double>>(summand);
        for (int i = 0; i < lanes.Length; i++)
            lanes[i] += factor * summands[i];
        for (int j = lanes.Length * Vector<double>.Count; j < target.Length; j++)
            target[j] += factor * summand[j];
    }

    public static void Scale(Span<double> vector, double factor)
    {
        foreach (ref double value in vector)
            value *= factor;
    }
}
