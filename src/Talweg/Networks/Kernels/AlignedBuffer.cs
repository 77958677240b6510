using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Talweg.Networks.Kernels;

/// <summary>Single-precision numbers in native memory on a cache-line boundary, zero at first; freed on disposal.</summary>
internal sealed unsafe class AlignedBuffer : IDisposable
{
    private const int CacheLine = 64;

    private float* _pointer;

    /// <param name="length">Number of floats.</param>
    public AlignedBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        nuint bytes = checked((nuint)Math.Max(length, 1) * sizeof(float));
        _pointer = (float*)NativeMemory.AlignedAlloc(bytes, CacheLine);
        NativeMemory.Clear(_pointer, bytes);
        GC.AddMemoryPressure((long)bytes);
    }

    ~AlignedBuffer() => Free();

    public long Length { get; }

    public float* Pointer
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _pointer;
    }

    /// <summary>The numbers from <paramref name="start"/> on as a span.</summary>
    public Span<float> Span(long start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + length, Length);
        return new(_pointer + start, length);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_pointer == null)
            return;
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
        GC.RemoveMemoryPressure(Math.Max(Length, 1) * sizeof(float));
    }
}
