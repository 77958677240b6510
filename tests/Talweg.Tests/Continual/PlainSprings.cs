using MathNet.Numerics.LinearAlgebra;
using Talweg.Statistics;

namespace Talweg.Tests.Continual;

/// <summary>Springs of any number of tasks as plain loops in double precision, term by term: R(w) = Σ s ((w − c)·p)².</summary>
internal sealed class PlainSprings(int dimension)
{
    private readonly List<(double Strength, double[] Direction, double[] Centre)> _springs = [];

    public void Add(double strength, ReadOnlySpan<double> direction, float[] centre) => _springs.Add((strength, direction.ToArray(), Wide(centre)));

    /// <summary>A spring at every weight.</summary>
    public void Add(IReadOnlyList<double> strengths, float[] centre)
    {
        for (int k = 0; k < dimension; k++)
            Add(strengths[k], Axis(dimension, k), centre);
    }

    public double Value(double[] weights) => _springs.Sum(spring => spring.Strength * Stretch(spring, weights) * Stretch(spring, weights));

    public double[] Gradient(double[] weights)
    {
        double[] gradient = new double[dimension];
        foreach (var spring in _springs)
        {
            double force = 2 * spring.Strength * Stretch(spring, weights);
            for (int k = 0; k < dimension; k++)
                gradient[k] += force * spring.Direction[k];
        }

        return gradient;
    }

    /// <summary>Σ 2 s p pᵀ, the Hessian.</summary>
    public Matrix<double> Curvature()
    {
        var matrix = Matrix<double>.Build.Dense(dimension, dimension);
        foreach (var (strength, direction, _) in _springs)
        {
            var p = Vector<double>.Build.Dense(direction);
            matrix += 2 * strength * p.OuterProduct(p);
        }

        return matrix;
    }

    /// <summary>argmin R(v) + ½ (v − b)ᵀ A (v − b), by a linear solve.</summary>
    public double[] Minimum(Matrix<double> a, double[] b)
    {
        double[] pull = [.. Gradient(new double[dimension]).Select(slope => -slope)];
        return (Curvature() + a).Solve(Vector<double>.Build.Dense(pull) + a * Vector<double>.Build.Dense(b)).ToArray();
    }

    /// <summary>argmin R(v) + ‖v − w‖²/(2α).</summary>
    public double[] Relaxed(double rate, double[] weights) => Minimum(Matrix<double>.Build.DenseIdentity(dimension) / rate, weights);

    public static double[] Wide(IEnumerable<float> numbers) => [.. numbers.Select(number => (double)number)];

    public static float[] Narrow(IEnumerable<double> numbers) => [.. numbers.Select(number => (float)number)];

    /// <summary>Normal numbers of some scale.</summary>
    public static float[] Draw(int count, long seed, double scale = 1)
    {
        var random = new RandomStream(seed, "numbers");
        return [.. Enumerable.Range(0, count).Select(_ => (float)(scale * random.NextNormal()))];
    }

    /// <summary>Some rows of a random orthogonal matrix, [count, dimension].</summary>
    public static double[] Orthonormal(int count, int dimension, long seed)
    {
        var random = new RandomStream(seed, "orthonormal");
        var q = Matrix<double>.Build.Dense(dimension, dimension, (_, _) => random.NextNormal()).QR().Q;
        return [.. Enumerable.Range(0, count).SelectMany(row => q.Column(row))];
    }

    public static double[] Axis(int dimension, int k)
    {
        double[] axis = new double[dimension];
        axis[k] = 1;
        return axis;
    }

    private double Stretch((double Strength, double[] Direction, double[] Centre) spring, double[] weights)
    {
        double stretch = 0;
        for (int k = 0; k < dimension; k++)
            stretch += (weights[k] - spring.Centre[k]) * spring.Direction[k];
        return stretch;
    }
}
