using System.Globalization;

namespace Talweg.Benchmarks;

/// <summary>Numbers of measurements, and how they are written.</summary>
internal static class Numbers
{
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>max |aᵢ − bᵢ| over max |bᵢ|.</summary>
    public static double DifferenceOverLargest(IReadOnlyList<double> a, IReadOnlyList<double> b) =>
        a.Zip(b, (x, y) => Math.Abs(x - y)).Max() / b.Max(Math.Abs);

    /// <summary>max |aᵢ/bᵢ − 1|.</summary>
    public static double RelativeDifference(IReadOnlyList<double> a, IReadOnlyList<double> b) => a.Zip(b, (x, y) => Math.Abs(x / y - 1)).Max();

    public static string Text(double? value) => value is null ? "–" : value.Value.ToString(Math.Abs(value.Value) >= 1000 ? "F0" : "G3", CultureInfo.InvariantCulture);

    public static string Duration(double seconds) =>
        seconds >= 1 ? $"{Text(seconds)} s" : seconds >= 1e-3 ? $"{Text(seconds * 1e3)} ms" : $"{Text(seconds * 1e6)} µs";
}
