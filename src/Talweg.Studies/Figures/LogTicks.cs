using System.Globalization;
using ScottPlot;

namespace Talweg.Studies.Figures;

/// <summary>Ticks of an axis that carries decimal logarithms: 10ⁿ at the decades, short ticks at 2 … 9 between them.</summary>
/// <remarks>Under two decades, 2 and 5 times the decades are labelled as well; over ten, decades are skipped evenly.</remarks>
internal sealed class LogTicks : ITickGenerator
{
    public Tick[] Ticks { get; set; } = [];

    /// <summary>Whether the axis is so short that fewer numbers between the decades fit: 2 and 5 under 1.4 decades, even ones under half of one.</summary>
    public bool IsShort { get; init; }

    public int MaxTickCount { get; set; } = 1000;

    public void Regenerate(CoordinateRange range, Edge edge, PixelLength size, Paint paint, LabelStyle labelStyle)
    {
        int first = (int)Math.Floor(range.Min), last = (int)Math.Ceiling(range.Max);
        double span = range.Max - range.Min;
        int step = Math.Max(1, (int)Math.Ceiling(span / 8));
        Ticks = last - first > 400 ? [] : [.. Enumerable.Range(first, last - first + 1).SelectMany(n => Decade(n, step, span, IsShort)).Where(t => t.Position >= range.Min && t.Position <= range.Max)];
    }

    /// <summary>"10⁻³".</summary>
    internal static string Power(int exponent) =>
        "10" + string.Concat(exponent.ToString(CultureInfo.InvariantCulture).Select(c => c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0']));

    private static IEnumerable<Tick> Decade(int exponent, int step, double span, bool isShort)
    {
        yield return exponent % step == 0 ? Tick.Major(exponent, Power(exponent)) : Tick.Minor(exponent);
        if (step > 1)
            yield break;
        for (int digit = 2; digit <= 9; digit++)
        {
            double position = exponent + Math.Log10(digit);
            bool labelled = isShort
                ? span < 0.5 ? digit % 2 == 0 : span < 1.4 && (digit is 2 or 5)
                : span < 2 && (digit is 2 or 5 || span < 0.5);
            yield return labelled ? Tick.Major(position, $"{digit}×{Power(exponent)}") : Tick.Minor(position);
        }
    }
}
