using System.Runtime.CompilerServices;
using Talweg.Training.Updates;

namespace Talweg.Continual;

/// <summary>Rows of numbers that begin on cache lines, padded with zeros to whole vectors and to a multiple of eight rows.</summary>
/// <remarks>In memory that the garbage collector neither moves nor needs to be told to free: what holds them is a value that runs share.</remarks>
internal sealed unsafe class AlignedRows
{
    /// <summary>Rows come in groups of so many.</summary>
    public const int Group = 8;

    private const int CacheLine = 64;

    private readonly float[] _memory;
    private readonly int _start;
    private readonly int _length;

    /// <param name="rows">[count, length], row-major.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="length">Numbers in a row.</param>
    public AlignedRows(ReadOnlySpan<float> rows, int count, int length)
    {
        _length = length;
        Stride = (length + Lanes.Count - 1) / Lanes.Count * Lanes.Count;
        Groups = (count + Group - 1) / Group;
        _memory = GC.AllocateArray<float>(checked(Groups * Group * Stride + CacheLine / sizeof(float)), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref _memory[0]);
        _start = (int)((CacheLine - address % CacheLine) % CacheLine) / sizeof(float);
        for (int row = 0; row < count; row++)
            rows.Slice(row * length, length).CopyTo(_memory.AsSpan(_start + row * Stride, length));
    }

    /// <summary>Numbers from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>Groups of rows.</summary>
    public int Groups { get; }

    /// <summary>All numbers, padding included.</summary>
    public ReadOnlySpan<float> Numbers => _memory.AsSpan(_start, Groups * Group * Stride);

    /// <summary>One row, without its padding.</summary>
    public ReadOnlySpan<float> Row(int row) => _memory.AsSpan(_start + row * Stride, _length);

    /// <summary>Where a group begins; good while this object is.</summary>
    public float* Pointer(int group) => (float*)Unsafe.AsPointer(ref _memory[_start]) + (long)group * Group * Stride;
}
