using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Talweg.Statistics;

/// <summary>A named stream of random numbers derived from one root seed: the same seed and name give the same numbers everywhere.</summary>
/// <remarks>
/// Generator xoshiro256** (Blackman and Vigna, ACM Trans. Math. Softw. 47, 36, 2021), its 256 bits of state being the SHA-256 of
/// root seed and name. Streams of different names are independent, so a consumer that draws more or less disturbs no other;
/// naming a stream after its epoch (<c>"minibatches/17"</c>) leaves no state to checkpoint.
/// </remarks>
public sealed class RandomStream : Random
{
    private ulong _s0, _s1, _s2, _s3;

    /// <summary>Opens the stream <paramref name="name"/> under <paramref name="rootSeed"/>.</summary>
    public RandomStream(long rootSeed, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Span<byte> state = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"talweg/{rootSeed}/{name}"), state);
        _s0 = BinaryPrimitives.ReadUInt64LittleEndian(state);
        _s1 = BinaryPrimitives.ReadUInt64LittleEndian(state[8..]);
        _s2 = BinaryPrimitives.ReadUInt64LittleEndian(state[16..]);
        _s3 = BinaryPrimitives.ReadUInt64LittleEndian(state[24..]);
    }

    /// <summary>A seed derived from a root seed, for what draws from streams of its own: not negative.</summary>
    public static long DeriveSeed(long rootSeed, string name) => (long)(new RandomStream(rootSeed, name).NextBits() >> 1);

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A uniform number in [0, 1), a multiple of 2⁻⁵³.</summary>
    public override double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <inheritdoc/>
    protected override double Sample() => NextDouble();

    /// <summary>A uniform integer in [0, 2³¹ − 1).</summary>
    public override int Next() => Next(int.MaxValue);

    /// <summary>A uniform integer in [0, <paramref name="maxValue"/>), without modulo bias (Lemire, 2019).</summary>
    public override int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        if (maxValue == 0)
            return 0;
        uint range = (uint)maxValue;
        uint threshold = (0u - range) % range;
        while (true)
        {
            ulong product = (NextBits() >> 32) * range;
            if ((uint)product >= threshold)
                return (int)(product >> 32);
        }
    }

    /// <summary>A uniform integer in [<paramref name="minValue"/>, <paramref name="maxValue"/>).</summary>
    public override int Next(int minValue, int maxValue) => minValue + Next(checked(maxValue - minValue));

    /// <summary>Random bytes; the base class's own would come of a generator that nobody seeds.</summary>
    public override void NextBytes(byte[] buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        NextBytes(buffer.AsSpan());
    }

    /// <inheritdoc/>
    public override void NextBytes(Span<byte> buffer)
    {
        foreach (ref byte value in buffer)
            value = (byte)(NextBits() >> 56);
    }

    /// <summary>A standard normal number (Marsaglia's polar method; the second of each pair is not kept, so no hidden state remains).</summary>
    public double NextNormal()
    {
        while (true)
        {
            double u = 2 * NextDouble() - 1;
            double v = 2 * NextDouble() - 1;
            double s = u * u + v * v;
            if (s is > 0 and < 1)
                return u * Math.Sqrt(-2 * Math.Log(s) / s);
        }
    }

    /// <summary>A random permutation of 0 … <paramref name="count"/> − 1 (Fisher–Yates).</summary>
    public int[] Permutation(int count)
    {
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
            order[i] = i;
        Shuffle(order);
        return order;
    }
}
