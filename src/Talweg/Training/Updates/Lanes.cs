using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Talweg.Training.Updates;

/// <summary>Sixteen numbers of an array at once, also at its end.</summary>
internal static class Lanes
{
    public const int Count = 16;

    /// <summary>Adds an array to another of its length.</summary>
    public static void Add(ReadOnlySpan<float> summand, Span<float> target)
    {
        for (int i = 0; i < target.Length; i += Count)
            Store(Load(target, i) + Load(summand, i), target, i);
    }

    /// <summary>One array minus another of its length.</summary>
    public static void Subtract(ReadOnlySpan<float> minuend, ReadOnlySpan<float> subtrahend, Span<float> target)
    {
        for (int i = 0; i < target.Length; i += Count)
            Store(Load(minuend, i) - Load(subtrahend, i), target, i);
    }

    /// <summary>Adds an array times a factor to another of its length.</summary>
    public static void AddScaled(ReadOnlySpan<float> summand, float factor, Span<float> target)
    {
        var scale = Vector512.Create(factor);
        for (int i = 0; i < target.Length; i += Count)
            Store(Vector512.FusedMultiplyAdd(scale, Load(summand, i), Load(target, i)), target, i);
    }

    /// <summary>The numbers from <paramref name="start"/> on; 0 beyond the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ReadOnlySpan<float> values, int start) =>
        start + Count <= values.Length ? Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)start) : LoadLast(values[start..]);

    /// <summary>Writes the numbers from <paramref name="start"/> on, up to the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> numbers, Span<float> values, int start)
    {
        if (start + Count <= values.Length)
            numbers.StoreUnsafe(ref MemoryMarshal.GetReference(values), (nuint)start);
        else
            StoreLast(numbers, values[start..]);
    }

    private static Vector512<float> LoadLast(ReadOnlySpan<float> rest)
    {
        Span<float> last = stackalloc float[Count];
        last.Clear();
        rest.CopyTo(last);
        return Vector512.Create((ReadOnlySpan<float>)last);
    }

    private static void StoreLast(Vector512<float> numbers, Span<float> rest)
    {
        Span<float> last = stackalloc float[Count];
        numbers.CopyTo(last);
        last[..rest.Length].CopyTo(rest);
    }
}
