using System.Numerics;
using Talweg.Landscapes;

namespace Talweg.Thermodynamics;

/// <summary>A potential on the plane through a point that orthonormal directions span: L(w₀ + Σ cₖ pₖ) as a function of c.</summary>
/// <remarks>
/// Its gradient has components ∇L·pₖ. Isotropic noise in c is isotropic noise in the plane, and a principal mode of c is one of w.
/// All other directions are held fixed.
/// </remarks>
public sealed class SubspacePotential : IPotential
{
    private const double OrthogonalityTolerance = 1e-6;

    private readonly IPotential _potential;
    private readonly double[] _origin;
    private readonly Directions _directions;
    private readonly double[] _weights;
    private readonly double[] _gradient;

    /// <param name="potential">L over N weights.</param>
    /// <param name="origin">w₀, [N].</param>
    /// <param name="directions">pₖ, [K, N], orthogonal to each other within 1e-6.</param>
    /// <exception cref="ArgumentException">The numbers of weights differ, or two directions are not orthogonal.</exception>
    public SubspacePotential(IPotential potential, ReadOnlySpan<double> origin, Directions directions)
    {
        ArgumentNullException.ThrowIfNull(potential);
        ArgumentNullException.ThrowIfNull(directions);
        if (origin.Length != potential.Dimension || directions.Dimension != potential.Dimension)
            throw new ArgumentException($"The potential has {potential.Dimension} weights, but the origin has {origin.Length} and the directions {directions.Dimension}.", nameof(directions));
        for (int i = 0; i < directions.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (!(Math.Abs(Dot(directions[i], directions[j])) <= OrthogonalityTolerance))
                    throw new ArgumentException($"Directions must be orthogonal, but {j} and {i} have the product {Dot(directions[i], directions[j]):G3}.", nameof(directions));
            }
        }

        _potential = potential;
        _origin = origin.ToArray();
        _directions = directions;
        _weights = new double[origin.Length];
        _gradient = new double[origin.Length];
    }

    /// <summary>K, the number of directions.</summary>
    public int Dimension => _directions.Count;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span has not K numbers.</exception>
    public double Gradient(ReadOnlySpan<double> weights, Span<double> gradient)
    {
        if (weights.Length != Dimension || gradient.Length != Dimension)
            throw new ArgumentException($"The plane has {Dimension} coordinates, but there are {weights.Length}, and room for {gradient.Length} of the gradient.", nameof(weights));
        _origin.CopyTo(_weights, 0);
        for (int k = 0; k < Dimension; k++)
            AddScaled(_weights, weights[k], _directions[k]);
        double loss = _potential.Gradient(_weights, _gradient);
        for (int k = 0; k < Dimension; k++)
            gradient[k] = Dot(_directions[k], _gradient);
        return loss;
    }

    /// <summary>Σ cₖ pₖ [N]: the direction in weight space of a direction in the plane, and its displacement from w₀.</summary>
    public double[] Lift(ReadOnlySpan<double> coordinates)
    {
        if (coordinates.Length != Dimension)
            throw new ArgumentException($"The plane has {Dimension} coordinates, but there are {coordinates.Length}.", nameof(coordinates));
        double[] lifted = new double[_origin.Length];
        for (int k = 0; k < Dimension; k++)
            AddScaled(lifted, coordinates[k], _directions[k]);
        return lifted;
    }

    private static void AddScaled(Span<double> target, double factor, ReadOnlySpan<double> summand)
    {
        int i = 0;
        for (; i + Vector<double>.Count <= target.Length; i += Vector<double>.Count)
            (new Vector<double>(target[i..]) + factor * new Vector<double>(summand[i..])).CopyTo(target[i..]);
        for (; i < target.Length; i++)
            target[i] += factor * summand[i];
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sums = Vector<double>.Zero;
        int i = 0;
        for (; i + Vector<double>.Count <= a.Length; i += Vector<double>.Count)
            sums += new Vector<double>(a[i..]) * new Vector<double>(b[i..]);
        double sum = Vector.Sum(sums);
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
