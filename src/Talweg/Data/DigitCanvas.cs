namespace Talweg.Data;

/// <summary>A 28 × 28 sheet on which a round pen draws: each pixel keeps the darkest ink that any stroke left there.</summary>
/// <remarks>
/// Only +, −, ×, ÷ and √ are used here and in <see cref="Handwriting"/>. IEEE 754 fixes their results to the last bit, and .NET neither
/// reorders nor fuses them, so every machine draws the same bytes; sine, logarithm and power differ between C libraries.
/// </remarks>
internal sealed class DigitCanvas
{
    public const int Size = 28;

    private readonly double[] _ink = new double[Size * Size];

    /// <summary>The ink of pixel <paramref name="index"/>, 0 to 1.</summary>
    public double this[int index]
    {
        get => _ink[index];
        set => _ink[index] = value;
    }

    /// <summary>Removes all ink.</summary>
    public void Clear() => Array.Clear(_ink);

    /// <summary>Draws through <paramref name="points"/>, in pixels, with a pen of radius <paramref name="radius"/> and darkness <paramref name="ink"/>.</summary>
    public void Draw(ReadOnlySpan<PlanePoint> points, double radius, double ink)
    {
        for (int i = 0; i + 1 < points.Length; i++)
            DrawSegment(points[i], points[i + 1], radius, ink);
    }

    /// <summary>Takes all ink away within <paramref name="radius"/> of <paramref name="centre"/>, with a soft edge.</summary>
    public void Erase(PlanePoint centre, double radius)
    {
        foreach (int row in Reach(centre.Y, centre.Y, radius))
            foreach (int column in Reach(centre.X, centre.X, radius))
            {
                double kept = 1 - Coverage(centre, centre, new(column, row), radius);
                _ink[row * Size + column] *= kept;
            }
    }

    /// <summary>The sheet as bytes.</summary>
    public void CopyTo(Span<byte> pixels)
    {
        for (int i = 0; i < _ink.Length; i++)
            pixels[i] = (byte)(Math.Clamp(_ink[i], 0, 1) * 255 + 0.5);
    }

    private void DrawSegment(PlanePoint from, PlanePoint to, double radius, double ink)
    {
        foreach (int row in Reach(from.Y, to.Y, radius))
            foreach (int column in Reach(from.X, to.X, radius))
            {
                ref double pixel = ref _ink[row * Size + column];
                pixel = Math.Max(pixel, ink * Coverage(from, to, new(column, row), radius));
            }
    }

    // Antialiasing: full ink up to half a pixel inside the pen's edge, none from half a pixel outside it, linear between.
    private static double Coverage(PlanePoint from, PlanePoint to, PlanePoint pixel, double radius)
    {
        var along = to - from;
        var offset = pixel - from;
        double length = along.Dot(along);
        double nearest = length > 0 ? Math.Clamp(offset.Dot(along) / length, 0, 1) : 0;
        var miss = offset - nearest * along;
        double outer = radius + 0.5;
        double square = miss.Dot(miss);
        return square >= outer * outer ? 0 : Math.Min(1, outer - Math.Sqrt(square));
    }

    private static PixelRange Reach(double a, double b, double radius)
    {
        double low = Math.Max(0, Math.Floor(Math.Min(a, b) - radius));
        double high = Math.Min(Size - 1, Math.Ceiling(Math.Max(a, b) + radius));
        return new((int)low, (int)high);
    }

    private struct PixelRange(int first, int last)
    {
        public int Current { get; private set; } = first - 1;

        public bool MoveNext() => ++Current <= last;

        public readonly PixelRange GetEnumerator() => this;
    }
}
