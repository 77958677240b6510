using System.Globalization;

namespace Talweg.Studies.Reports;

/// <summary>Durations for a reader.</summary>
internal static class DurationText
{
    /// <summary>"0.4 s", "38 s", "12 min 5 s", "3 h 20 min".</summary>
    public static string Of(TimeSpan time) => time.TotalSeconds switch
    {
        < 10 => time.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture),
        < 60 => $"{time.TotalSeconds:0} s",
        < 3600 => $"{time.Minutes} min {time.Seconds} s",
        _ => $"{(int)time.TotalHours} h {time.Minutes} min",
    };
}
