using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Talweg.Training.Updates;

/// <summary>Sixteen numbers of an array at once, also at its end.</summary>
internal static class Lanes
{
    public const int Count = 16;

    /// <summary>The numbers from <paramref name="start"/> on; 0 beyond the end.</summary>
    public static Vector512<float> Load(ReadOnlySpan<float> values, int start)
    {
        if (start + Count <= values.Length)
            return Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)start);
        Span<float> last = stackalloc float[Count];
        last.Clear();
        values[start..].CopyTo(last);
        return Vector512.Create((ReadOnlySpan<float>)last);
    }

    /// <summary>Writes the numbers from <paramref name="start"/> on, up to the end.</summary>
    public static void Store(Vector512<float> numbers, Span<float> values, int start)
    {
        if (start + Count <= values.Length)
        {
            numbers.StoreUnsafe(ref MemoryMarshal.GetReference(values), (nuint)start);
            return;
        }

        Span<float> last = stackalloc float[Count];
        numbers.CopyTo(last);
        last[..(values.Length - start)].CopyTo(values[start..]);
    }
}
