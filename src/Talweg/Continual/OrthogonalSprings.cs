using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Talweg.Training.Updates;
using static TorchSharp.torch;

namespace Talweg.Continual;

/// <summary>Springs along orthogonal directions: R(w) = Σⱼ (uⱼ·(w − c) − bⱼ)² + R₀, with the stiffness in the length of uⱼ.</summary>
/// <remarks>
/// Any springs along any directions, of one task or several, are such: with rows uᵢ and G = U·Uᵀ = V Λ Vᵀ, the rows of Vᵀ·U are orthogonal and R is the same function. So there are never more than
/// N of them; a gradient takes each row from memory once, and so does the exact minimum of R plus a parabola (<see cref="Relax"/>). Rows are padded with zeros to whole vectors.
/// </remarks>
internal sealed unsafe class OrthogonalSprings
{
    private const int RowsAtOnce = 4;

    /// <summary>Directions whose stiffness is below this share of the largest are roundoff of directions that coincide.</summary>
    private const double LeastShare = 1e-12;

    private readonly float[] _rows;
    private readonly float[] _centre;
    private readonly float[] _offsets;
    private readonly double[] _stiffness;
    private readonly double _constant;
    private readonly int _stride;

    private OrthogonalSprings(float[] rows, float[] centre, float[] offsets, double[] stiffness, double constant)
    {
        (_rows, _centre, _offsets, _stiffness, _constant) = (rows, centre, offsets, stiffness, constant);
        _stride = Stride(centre.Length);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (float[] numbers in (float[][])[rows, centre, offsets])
            hash.AppendData(MemoryMarshal.AsBytes<float>(numbers));
        Checksum = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Number of springs.</summary>
    public int Count => _stiffness.Length;

    public long Bytes => sizeof(float) * ((long)_rows.Length + _centre.Length + _offsets.Length) + sizeof(double) * (long)Count;

    /// <summary>Of all numbers.</summary>
    public string Checksum { get; }

    /// <summary>Makes springs orthogonal.</summary>
    /// <param name="rows">uᵢ, [m, N], in double precision.</param>
    /// <param name="centre">c, [N].</param>
    /// <param name="offsets">bᵢ, [m].</param>
    /// <param name="constant">R₀.</param>
    public static OrthogonalSprings Of(Tensor rows, float[] centre, double[] offsets, double constant)
    {
        set_num_threads(1);                                    // a resumed run knows its memory by the last bits, which depend on it
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (values, vectors) = linalg.eigh(rows.matmul(rows.t()));
        double[] stiffness = values.data<double>().ToArray();
        double[] turned = vectors.t().mv(Copied(offsets)).data<double>().ToArray();
        double least = LeastShare * stiffness.DefaultIfEmpty(0).Max();
        int first = Array.FindIndex(stiffness, value => value > least);     // ascending
        int count = first < 0 ? 0 : stiffness.Length - first;
        double left = turned.Take(stiffness.Length - count).Sum(b => b * b);
        var kept = vectors.t().narrow(0, stiffness.Length - count, count).matmul(rows).to(ScalarType.Float32).contiguous();
        return new(Padded(kept, count, centre.Length), centre, [.. turned.TakeLast(count).Select(b => (float)b)], [.. stiffness.TakeLast(count)], constant + left);
    }

    /// <summary>These springs and others, about the others' centre.</summary>
    public OrthogonalSprings And(OrthogonalSprings other)
    {
        set_num_threads(1);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var mine = Rows();
        double[] move = [.. other._centre.Zip(_centre, (to, from) => (double)to - from)];
        double[] moved = mine.mv(Copied(move)).data<double>().ToArray();
        double[] offsets = [.. _offsets.Select((b, j) => b - moved[j]), .. other._offsets.Select(b => (double)b)];
        return Of(cat([mine, other.Rows()]), other._centre, offsets, _constant + other._constant);
    }

    /// <summary>Returns R, and adds its gradient, 2 Σⱼ (uⱼ·(w − c) − bⱼ) uⱼ, to <paramref name="gradient"/>.</summary>
    /// <param name="weights">w.</param>
    /// <param name="displacement">Overwritten.</param>
    /// <param name="gradient">[N].</param>
    public double AddGradient(ReadOnlySpan<float> weights, Span<float> displacement, Span<float> gradient)
    {
        Displace(weights, displacement);
        return Pull(displacement, gradient, _ => 2) + _constant;
    }

    /// <summary>w ← argmin R(v) + ‖v − w‖²/(2α): along uⱼ by −2α (uⱼ·(w − c) − bⱼ)/(1 + 2α ‖uⱼ‖²).</summary>
    public void Relax(double rate, Span<float> displacement, Span<float> weights)
    {
        Displace(weights, displacement);
        Pull(displacement, weights, j => (float)(-2 * rate / (1 + 2 * rate * _stiffness[j])));
    }

    /// <summary>In torch's own memory, where every run rounds alike.</summary>
    private static Tensor Copied(double[] numbers) => tensor(numbers).to(ScalarType.Float64, copy: true);

    private static int Stride(int weights) => (weights + Lanes.Count - 1) / Lanes.Count * Lanes.Count;

    private static float[] Padded(Tensor rows, int count, int weights)
    {
        int stride = Stride(weights);
        float[] padded = new float[checked((count + RowsAtOnce - 1) / RowsAtOnce * RowsAtOnce * stride)];
        if (count == 0)
            return padded;
        var numbers = MemoryMarshal.Cast<byte, float>(rows.bytes);
        for (int row = 0; row < count; row++)
            numbers.Slice(row * weights, weights).CopyTo(padded.AsSpan(row * stride));
        return padded;
    }

    /// <summary>[m, N], in double precision.</summary>
    private Tensor Rows() => Count == 0
        ? zeros(0, _centre.Length, ScalarType.Float64)
        : tensor(_rows, _rows.Length / _stride, _stride).narrow(0, 0, Count).narrow(1, 0, _centre.Length).to(ScalarType.Float64);

    private void Displace(ReadOnlySpan<float> weights, Span<float> displacement)
    {
        for (int i = 0; i < weights.Length; i += Lanes.Count)
            Lanes.Store(Lanes.Load(weights, i) - Lanes.Load(_centre, i), displacement, i);
    }

    /// <summary>Adds factorⱼ (uⱼ·displacement − bⱼ) uⱼ to the target for all springs, a few at a time while they are in the core's cache; returns Σⱼ (uⱼ·displacement − bⱼ)².</summary>
    private double Pull(ReadOnlySpan<float> displacement, Span<float> target, Func<int, float> factor)
    {
        double value = 0;
        Span<float> lengths = stackalloc float[RowsAtOnce];
        fixed (float* rows = _rows, moved = displacement, to = target)
        {
            for (int first = 0; first < Count; first += RowsAtOnce)
            {
                float* block = rows + (long)first * _stride;
                Multiply(block, moved, displacement.Length, lengths);
                for (int row = 0; row < RowsAtOnce; row++)
                {
                    bool exists = first + row < Count;
                    float stretch = exists ? lengths[row] - _offsets[first + row] : 0;
                    value += (double)stretch * stretch;
                    lengths[row] = exists ? factor(first + row) * stretch : 0;
                }

                Add(block, lengths, to, displacement.Length);
            }
        }

        return value;
    }

    /// <summary>Four rows times the displacement.</summary>
    private void Multiply(float* rows, float* moved, int length, Span<float> products)
    {
        float* second = rows + _stride, third = second + _stride, fourth = third + _stride;
        Vector512<float> a = Vector512<float>.Zero, b = a, c = a, d = a;
        int i = 0;
        for (; i <= length - Lanes.Count; i += Lanes.Count)
        {
            var x = Vector512.Load(moved + i);
            a = Vector512.FusedMultiplyAdd(Vector512.Load(rows + i), x, a);
            b = Vector512.FusedMultiplyAdd(Vector512.Load(second + i), x, b);
            c = Vector512.FusedMultiplyAdd(Vector512.Load(third + i), x, c);
            d = Vector512.FusedMultiplyAdd(Vector512.Load(fourth + i), x, d);
        }

        (products[0], products[1], products[2], products[3]) = (Vector512.Sum(a), Vector512.Sum(b), Vector512.Sum(c), Vector512.Sum(d));
        for (; i < length; i++)
        {
            products[0] += rows[i] * moved[i];
            products[1] += second[i] * moved[i];
            products[2] += third[i] * moved[i];
            products[3] += fourth[i] * moved[i];
        }
    }

    /// <summary>Adds four rows, each times its factor, to the target.</summary>
    private void Add(float* rows, ReadOnlySpan<float> factors, float* target, int length)
    {
        float* second = rows + _stride, third = second + _stride, fourth = third + _stride;
        Vector512<float> a = Vector512.Create(factors[0]), b = Vector512.Create(factors[1]), c = Vector512.Create(factors[2]), d = Vector512.Create(factors[3]);
        int i = 0;
        for (; i <= length - Lanes.Count; i += Lanes.Count)
        {
            var sum = Vector512.FusedMultiplyAdd(Vector512.Load(rows + i), a, Vector512.Load(target + i));
            sum = Vector512.FusedMultiplyAdd(Vector512.Load(second + i), b, sum);
            sum = Vector512.FusedMultiplyAdd(Vector512.Load(third + i), c, sum);
            Vector512.FusedMultiplyAdd(Vector512.Load(fourth + i), d, sum).Store(target + i);
        }

        for (; i < length; i++)
            target[i] += factors[0] * rows[i] + factors[1] * second[i] + factors[2] * third[i] + factors[3] * fourth[i];
    }
}
