using System.Globalization;
using System.Runtime.Intrinsics;
using Talweg.Networks;
using Talweg.Storage;
using Talweg.Training;
using Talweg.Training.Updates;

namespace Talweg.Continual;

/// <summary>A spring at every weight: R(w) = Σ_k s_k (w_k − c_k)² + R₀.</summary>
/// <remarks>
/// Springs of several tasks are one: Σₜ s_kₜ (w_k − c_kₜ)² has the strength Σₜ s_kₜ, the strength-weighted mean of the c_kₜ as its centre, and a constant R₀. So it takes 24 N bytes (strengths and centres in double and in single precision)
/// however many tasks are remembered.
/// </remarks>
public sealed class DiagonalMemory : IMemory, IProximalPenalty
{
    private readonly double[] _strengths;
    private readonly double[] _centre;
    private readonly float[] _doubled;
    private readonly float[] _centres;

    private DiagonalMemory(string method, WeightSpace space, double[] strengths, double[] centre, double offset)
    {
        Space = space;
        Offset = offset;
        _strengths = strengths;
        _centre = centre;
        _doubled = [.. strengths.Select(strength => (float)(2 * strength))];
        _centres = [.. centre.Select(weight => (float)weight)];
        Method = method;
        Description = string.Create(CultureInfo.InvariantCulture, $"{method}, springs {Checksum(strengths, centre)}");
    }

    /// <summary>The method that it was made by.</summary>
    public string Method { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public WeightSpace Space { get; }

    /// <summary>R₀, nats: what springs of several tasks cannot be freed of.</summary>
    public double Offset { get; }

    /// <inheritdoc/>
    public int Springs => _strengths.Count(strength => strength > 0);

    /// <inheritdoc/>
    public double Stiffness => _strengths.DefaultIfEmpty(0).Max();

    /// <inheritdoc/>
    public long Bytes => 2 * (sizeof(double) + sizeof(float)) * (long)Space.Dimension;

    /// <summary>Springs of one task.</summary>
    /// <param name="method">What made them, for descriptions.</param>
    /// <param name="space">Of which weights.</param>
    /// <param name="strengths">s, [N], nats over squared weights, 0 or more.</param>
    /// <param name="centre">c, [N].</param>
    /// <exception cref="ArgumentException">Not N numbers, or a strength that is negative or not finite.</exception>
    public static DiagonalMemory Of(string method, WeightSpace space, ReadOnlySpan<double> strengths, ReadOnlySpan<float> centre)
    {
        ArgumentNullException.ThrowIfNull(space);
        if (strengths.Length != space.Dimension || centre.Length != space.Dimension)
            throw new ArgumentException($"The weight space has {space.Dimension} weights, but there are {strengths.Length} strengths and {centre.Length} centres.", nameof(strengths));
        foreach (double strength in strengths)
        {
            if (!(strength >= 0 && double.IsFinite(strength)))
                throw new ArgumentException($"Strengths must be 0 or positive numbers, but there is {strength}.", nameof(strengths));
        }

        return new(method, space, strengths.ToArray(), Array.ConvertAll(centre.ToArray(), weight => (double)weight), 0);
    }

    /// <summary>These springs and another task's, as one; <paramref name="decay"/> weakens these first.</summary>
    public DiagonalMemory And(DiagonalMemory other, double decay = 1)
    {
        ArgumentNullException.ThrowIfNull(other);
        double[] strengths = new double[Space.Dimension], centre = new double[Space.Dimension];
        double offset = decay * Offset + other.Offset;
        for (int k = 0; k < strengths.Length; k++)
        {
            double old = decay * _strengths[k], added = other._strengths[k];
            strengths[k] = old + added;
            centre[k] = strengths[k] > 0 ? (old * _centre[k] + added * other._centre[k]) / strengths[k] : other._centre[k];
            // The energy that is left at the common centre: of two springs in a row.
            offset += strengths[k] > 0 ? old * added / strengths[k] * (_centre[k] - other._centre[k]) * (_centre[k] - other._centre[k]) : 0;
        }

        return new(Method, Space, strengths, centre, offset);
    }

    /// <summary>The same strengths, weakened by <paramref name="decay"/>, about another's centre and added to it: what online methods keep.</summary>
    public DiagonalMemory Moved(DiagonalMemory other, double decay)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(Method, Space, [.. _strengths.Zip(other._strengths, (old, added) => decay * old + added)], other._centre, 0);
    }

    /// <inheritdoc/>
    public double AddGradient(long iteration, ReadOnlySpan<float> weights, Span<float> gradient)
    {
        var sum = Vector512<float>.Zero;
        for (int i = 0; i < weights.Length; i += Lanes.Count)
        {
            var displacement = Lanes.Load(weights, i) - Lanes.Load(_centres, i);
            var force = Lanes.Load(_doubled, i) * displacement;
            Lanes.Store(Lanes.Load(gradient, i) + force, gradient, i);
            sum += force * displacement;
        }

        return 0.5 * Vector512.Sum(sum) + Offset;
    }

    /// <inheritdoc/>
    /// <remarks>w_k ← c_k + (w_k − c_k)/(1 + 2α s_k).</remarks>
    public void Relax(double rate, Span<float> weights)
    {
        var alpha = Vector512.Create((float)rate);
        for (int i = 0; i < weights.Length; i += Lanes.Count)
        {
            var centre = Lanes.Load(_centres, i);
            var kept = (Lanes.Load(weights, i) - centre) / Vector512.FusedMultiplyAdd(alpha, Lanes.Load(_doubled, i), Vector512<float>.One);
            Lanes.Store(centre + kept, weights, i);
        }
    }

    private static string Checksum(double[] strengths, double[] centre)
    {
        using var hash = new NumbersHash();
        return hash.With<double>(strengths).With<double>(centre).Finish();
    }
}
