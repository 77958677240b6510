using Talweg.Networks.Kernels;

namespace Talweg.Landscapes;

/// <summary>A pooled unit's line changes by a + t·b.</summary>
internal readonly record struct Kink(int Output, float A, float B);

/// <summary>One thread's scratch of a <see cref="KinkTail"/>: displacements in ascending order, the lines of the pre-activations behind, and the kinks in between.</summary>
/// <param name="lines">Numbers of the lines, with their border.</param>
/// <param name="pooled">What the dense layers take at one displacement.</param>
/// <param name="widest">Of the dense layers.</param>
internal sealed unsafe class KinkWork(long lines, int pooled, int widest) : IDisposable
{
    /// <summary>The line that is 0.</summary>
    public const int None = -1;

    private Kink[] _kinks = new Kink[1024];
    private int[] _next = new int[1024];
    private int[] _first = [];
    private int _found;
    private AlignedBuffer _active = new(0);

    public AlignedBuffer A { get; } = new(lines);

    public AlignedBuffer B { get; } = new(lines);

    /// <summary>Maxima at sixteen displacements, [16][positions][channels].</summary>
    public AlignedBuffer Values { get; } = new((long)pooled * Panel.Lanes);

    public AlignedBuffer Rates { get; } = new((long)pooled * Panel.Lanes);

    public DenseTail.Work Tail { get; } = new(widest);

    /// <summary>Ascending, filled up to a multiple of sixteen by 0.</summary>
    public AlignedBuffer Displacements { get; private set; } = new(0);

    /// <summary>Number of displacements.</summary>
    public int Count => Order.Length;

    /// <summary>The own number of each displacement.</summary>
    public int[] Order { get; private set; } = [];

    /// <summary>The unit whose line a pooled unit is: none, then at each displacement.</summary>
    public int* Active => (int*)_active.Pointer;

    public void Prepare(ReadOnlySpan<double> displacements)
    {
        double[] sorted = displacements.ToArray();
        Order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, Order);
        int padded = (sorted.Length + Panel.Lanes - 1) / Panel.Lanes * Panel.Lanes;
        if (Displacements.Length != padded)
        {
            Displacements.Dispose();
            _active.Dispose();
            (Displacements, _active) = (new(padded), new(padded + 1));
        }

        Displacements.Span(0, padded).Clear();
        for (int i = 0; i < sorted.Length; i++)
            Displacements.Pointer[i] = (float)sorted[i];
        Active[0] = None;
        _first = new int[sorted.Length];
    }

    public void Forget()
    {
        _found = 0;
        Array.Fill(_first, -1);
    }

    /// <summary>A bit for each of the sixteen places from <paramref name="point"/> on that is a displacement.</summary>
    public ulong Inside(int point) => Count - point >= Panel.Lanes ? ushort.MaxValue : (1ul << (Count - point)) - 1;

    public void Add(int point, Kink kink)
    {
        if (_found == _kinks.Length)
        {
            Array.Resize(ref _kinks, 2 * _found);
            Array.Resize(ref _next, 2 * _found);
        }

        _kinks[_found] = kink;
        _next[_found] = _first[point];
        _first[point] = _found++;
    }

    /// <summary>The number of a kink at a displacement; below 0 if there is none.</summary>
    public int FirstAt(int point) => _first[point];

    public int NextOf(int kink) => _next[kink];

    public Kink At(int kink) => _kinks[kink];

    public void Dispose()
    {
        foreach (var buffer in (AlignedBuffer[])[A, B, Values, Rates, Displacements, _active])
            buffer.Dispose();
        Tail.Dispose();
    }
}
