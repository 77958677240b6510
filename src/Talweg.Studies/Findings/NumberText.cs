using System.Globalization;
using Talweg.Statistics;

namespace Talweg.Studies.Findings;

/// <summary>Numbers for a reader: few digits, a true minus sign, words for what is missing.</summary>
public static class NumberText
{
    /// <summary>Three significant digits, or a whole number; "undefined" for NaN, "∞" for infinity.</summary>
    public static string Of(double value) => value switch
    {
        double.NaN => "undefined",
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "−∞",
        _ => Minus(Short(value)),
    };

    /// <summary>"[3.20, 4.51]", or "no interval".</summary>
    public static string Of(Interval? interval) =>
        interval is { } i ? $"[{Of(i.Low)}, {Of(i.High)}]" : "no interval";

    /// <summary>A value and its interval with as many decimals, two digits of the interval's half width and at most four decimals: "4.034", "[4.005, 4.068]".</summary>
    public static (string Value, string Interval) Of(double value, Interval? interval)
    {
        if (interval is not { } i || !double.IsFinite(value) || !double.IsFinite(i.Width) || !(i.Width > 0))
            return (Of(value), Of(interval));
        double size = Math.Max(Math.Abs(value), Math.Max(Math.Abs(i.Low), Math.Abs(i.High)));
        if (size is < 1e-3 or >= 1e5)
            return (Of(value), Of(interval));
        string format = $"F{Math.Clamp(1 - (int)Math.Floor(Math.Log10(i.Width / 2)), 0, 4)}";
        string Text(double number)
        {
            string text = number.ToString(format, CultureInfo.InvariantCulture);
            return text.AsSpan().IndexOfAnyInRange('1', '9') < 0 ? text.TrimStart('-') : Minus(text);   // no "−0.00"
        }

        return (Text(value), $"[{Text(i.Low)}, {Text(i.High)}]");
    }

    /// <summary>A measurement's value, and its interval where it has one: "4.034 [4.005, 4.068]".</summary>
    public static string Of(Measurement measurement)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        var (value, interval) = Of(measurement.Value, measurement.HasInterval ? measurement.Interval : null);
        return measurement.HasInterval ? $"{value} {interval}" : value;
    }

    /// <summary>A surrogate's value, and its interval where it has one.</summary>
    public static string Of(NullValue surrogate)
    {
        ArgumentNullException.ThrowIfNull(surrogate);
        var (value, interval) = Of(surrogate.Value, surrogate.Interval);
        return surrogate.Interval is null ? value : $"{value} {interval}";
    }

    /// <summary>A band in words: "2 to 3", "over 0.9", "at most 0.02".</summary>
    public static string Band(Band band)
    {
        ArgumentNullException.ThrowIfNull(band);
        return (double.IsFinite(band.Low), double.IsFinite(band.High)) switch
        {
            (true, true) => $"{Plain(band.Low)} to {Plain(band.High)}",
            (true, false) => $"{(band.ExcludesLow ? "over" : "at least")} {Plain(band.Low)}",
            (false, true) => $"{(band.ExcludesHigh ? "below" : "at most")} {Plain(band.High)}",
            _ => "any",
        };
    }

    private static string Short(double value)
    {
        double size = Math.Abs(value);
        if (size < 1e5 && value == Math.Floor(value))
            return value.ToString("F0", CultureInfo.InvariantCulture);
        if (size is < 1e-3 or >= 1e5)
            return value.ToString("0.00e+0", CultureInfo.InvariantCulture).Replace("e+", "e", StringComparison.Ordinal);
        int decimals = Math.Clamp(2 - (int)Math.Floor(Math.Log10(size)), 0, 5);
        return value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
    }

    private static string Plain(double value) => Minus(value.ToString("G6", CultureInfo.InvariantCulture));

    private static string Minus(string text) => text.Replace('-', '−');
}
