namespace Talweg.Landscapes;

/// <summary>Directions in a weight space, each of Euclidean norm 1, in double precision.</summary>
public sealed class Directions
{
    /// <summary>How far from 1 a given norm may lie before it is taken for a mistake.</summary>
    public const double NormTolerance = 1e-3;

    private readonly double[] _values;

    private Directions(double[] values, int count, int dimension)
    {
        _values = values;
        Count = count;
        Dimension = dimension;
    }

    /// <summary>K, the number of directions.</summary>
    public int Count { get; }

    /// <summary>N, the number of weights.</summary>
    public int Dimension { get; }

    /// <summary>Checks each direction's norm to be 1 within 1e-3 and normalises it in double precision.</summary>
    /// <param name="values">[count, dimension], row-major; copied.</param>
    /// <param name="dimension">N.</param>
    /// <exception cref="ArgumentException">The length is no multiple of N, or a norm is not 1 (or not a number).</exception>
    public static Directions Of(ReadOnlySpan<double> values, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (values.Length == 0 || values.Length % dimension != 0)
            throw new ArgumentException($"Directions of {dimension} weights need a positive multiple of {dimension} numbers, but there are {values.Length}.", nameof(values));
        double[] copy = values.ToArray();
        int count = copy.Length / dimension;
        for (int i = 0; i < count; i++)
            Normalise(copy.AsSpan(i * dimension, dimension), i);
        return new(copy, count, dimension);
    }

    /// <summary>Direction number <paramref name="index"/>, [N].</summary>
    public ReadOnlySpan<double> this[int index] => _values.AsSpan(index * Dimension, Dimension);

    private static void Normalise(Span<double> direction, int index)
    {
        double square = 0;
        foreach (double value in direction)
            square += value * value;
        double norm = Math.Sqrt(square);
        if (!(Math.Abs(norm - 1) <= NormTolerance))
            throw new ArgumentException($"Direction {index} must have norm 1 within {NormTolerance}, but its norm over {direction.Length} weights is {norm:G6}. Divide it by its norm first.");
        foreach (ref double value in direction)
            value /= norm;
    }
}
