using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Talweg.Storage;
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
    private const int CacheLine = 64;

    /// <summary>Directions whose stiffness is below this share of the largest are roundoff of directions that coincide.</summary>
    private const double LeastShare = 1e-12;

    private readonly AlignedRows _rows;
    private readonly float[] _centre;
    private readonly float[] _offsets;
    private readonly double[] _stiffness;
    private readonly double _constant;
    private readonly int _stride;

    private OrthogonalSprings(AlignedRows rows, float[] centre, float[] offsets, double[] stiffness, double constant)
    {
        (_rows, _centre, _offsets, _stiffness, _constant) = (rows, centre, offsets, stiffness, constant);
        _stride = rows.Stride;
        using var hash = new NumbersHash();
        Checksum = hash.With(rows.Numbers).With<float>(centre).With<float>(offsets).Finish();
    }

    /// <summary>Number of springs.</summary>
    public int Count => _stiffness.Length;

    /// <summary>‖uⱼ‖² of the stiffest; 0 without any.</summary>
    public double Stiffness => _stiffness.DefaultIfEmpty(0).Max();

    public long Bytes => sizeof(float) * ((long)_rows.Numbers.Length + _centre.Length + _offsets.Length) + sizeof(double) * (long)Count;

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
        var packed = new AlignedRows(count == 0 ? [] : MemoryMarshal.Cast<byte, float>(kept.bytes), count, centre.Length);
        return new(packed, centre, [.. turned.TakeLast(count).Select(b => (float)b)], [.. stiffness.TakeLast(count)], constant + left);
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
    /// <param name="gradient">[N].</param>
    public double AddGradient(ReadOnlySpan<float> weights, Span<float> gradient) => Pull(weights, gradient, _ => 2) + _constant;

    /// <summary>w ← argmin R(v) + ‖v − w‖²/(2α): along uⱼ by −2α (uⱼ·(w − c) − bⱼ)/(1 + 2α ‖uⱼ‖²).</summary>
    public void Relax(double rate, Span<float> weights) => Pull(weights, weights, j => (float)(-2 * rate / (1 + 2 * rate * _stiffness[j])));

    /// <summary>In torch's own memory, where every run rounds alike.</summary>
    private static Tensor Copied(double[] numbers) => tensor(numbers).to(ScalarType.Float64, copy: true);

    /// <summary>[m, N], in double precision.</summary>
    private Tensor Rows()
    {
        float[] numbers = new float[Count * _centre.Length];
        for (int row = 0; row < Count; row++)
            _rows.Row(row).CopyTo(numbers.AsSpan(row * _centre.Length));
        return Count == 0 ? zeros(0, _centre.Length, ScalarType.Float64) : tensor(numbers, Count, _centre.Length).to(ScalarType.Float64);
    }

    /// <summary>Adds factorⱼ (uⱼ·(w − c) − bⱼ) uⱼ to the target for all springs; returns Σⱼ (uⱼ·(w − c) − bⱼ)².</summary>
    private double Pull(ReadOnlySpan<float> weights, Span<float> target, Func<int, float> factor)
    {
        float[] scratch = ArrayPool<float>.Shared.Rent(2 * _stride + CacheLine / sizeof(float));
        double value = 0;
        fixed (float* memory = scratch)
        {
            float* displacement = (float*)(((nuint)memory + CacheLine - 1) / CacheLine * CacheLine), sum = displacement + _stride;
            new Span<float>(displacement, 2 * _stride).Clear();
            Lanes.Subtract(weights, _centre, new(displacement, weights.Length));
            Span<float> factors = stackalloc float[AlignedRows.Group];
            factors.Clear();
            for (int group = 0; group < _rows.Groups; group++)
            {
                Sweep(_rows.Pointer(group), _rows.Pointer(Math.Max(group - 1, 0)), displacement, sum, factors);
                for (int row = 0; row < AlignedRows.Group; row++)
                {
                    int j = group * AlignedRows.Group + row;
                    float stretch = j < Count ? factors[row] - _offsets[j] : 0;
                    value += (double)stretch * stretch;
                    factors[row] = j < Count ? factor(j) * stretch : 0;
                }
            }

            if (Count > 0)
                Sweep(_rows.Pointer(_rows.Groups - 1), _rows.Pointer(_rows.Groups - 1), displacement, sum, factors);
            Lanes.Add(new(sum, target.Length), target);
        }

        ArrayPool<float>.Shared.Return(scratch);
        return value;
    }

    /// <summary>Adds eight rows, each times its factor, to the sum, while the next eight are multiplied with the displacement: every row comes from far away once, and is near when it is added.</summary>
    /// <param name="next">The rows to multiply.</param>
    /// <param name="previous">The rows to add.</param>
    /// <param name="displacement">[stride].</param>
    /// <param name="sum">[stride].</param>
    /// <param name="factors">Of the previous rows; then the next rows' products.</param>
    private void Sweep(float* next, float* previous, float* displacement, float* sum, Span<float> factors)
    {
        Vector512<float> f0 = Vector512.Create(factors[0]), f1 = Vector512.Create(factors[1]), f2 = Vector512.Create(factors[2]), f3 = Vector512.Create(factors[3]);
        Vector512<float> f4 = Vector512.Create(factors[4]), f5 = Vector512.Create(factors[5]), f6 = Vector512.Create(factors[6]), f7 = Vector512.Create(factors[7]);
        Vector512<float> p0 = Vector512<float>.Zero, p1 = p0, p2 = p0, p3 = p0, p4 = p0, p5 = p0, p6 = p0, p7 = p0;
        long row = _stride;
        for (int i = 0; i < _stride; i += Lanes.Count)
        {
            float* n = next + i, p = previous + i;
            var x = Vector512.LoadAligned(displacement + i);
            p0 = Vector512.FusedMultiplyAdd(Vector512.LoadAligned(n), x, p0);
            p1 = Vector512.FusedMultiplyAdd(Vector512.LoadAligned(n + row), x, p1);
            p2 = Vector512.FusedMultiplyAdd(Vector512.LoadAligned(n + 2 * row), x, p2);
            p3 = Vector512.FusedMultiplyAdd(Vector512.LoadAligned(n + 3 * row), x, p3);
            p4 = Vector512.FusedMultiplyAdd(Vector512.LoadAligned(n + 4 * row), x, p4);
            p5 = Vector512.FusedMultiplyAdd(Vector512.LoadAligned(n + 5 * row), x, p5);
            p6 = Vector512.FusedMultiplyAdd(Vector512.LoadAligned(n + 6 * row), x, p6);
            p7 = Vector512.FusedMultiplyAdd(Vector512.LoadAligned(n + 7 * row), x, p7);
            var s = Vector512.FusedMultiplyAdd(Vector512.LoadAligned(p), f0, Vector512.LoadAligned(sum + i));
            s = Vector512.FusedMultiplyAdd(Vector512.LoadAligned(p + row), f1, s);
            s = Vector512.FusedMultiplyAdd(Vector512.LoadAligned(p + 2 * row), f2, s);
            s = Vector512.FusedMultiplyAdd(Vector512.LoadAligned(p + 3 * row), f3, s);
            s = Vector512.FusedMultiplyAdd(Vector512.LoadAligned(p + 4 * row), f4, s);
            s = Vector512.FusedMultiplyAdd(Vector512.LoadAligned(p + 5 * row), f5, s);
            s = Vector512.FusedMultiplyAdd(Vector512.LoadAligned(p + 6 * row), f6, s);
            Vector512.FusedMultiplyAdd(Vector512.LoadAligned(p + 7 * row), f7, s).StoreAligned(sum + i);
        }

        (factors[0], factors[1], factors[2], factors[3]) = (Vector512.Sum(p0), Vector512.Sum(p1), Vector512.Sum(p2), Vector512.Sum(p3));
        (factors[4], factors[5], factors[6], factors[7]) = (Vector512.Sum(p4), Vector512.Sum(p5), Vector512.Sum(p6), Vector512.Sum(p7));
    }
}
