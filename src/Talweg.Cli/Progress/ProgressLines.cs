using System.Globalization;

namespace Talweg.Cli.Progress;

/// <summary>Progress for log files: a line every 5 seconds, or every second where a tenth of the work has been done since the last.</summary>
/// <remarks>Work that takes less than a second shows nothing.</remarks>
internal sealed class ProgressLines(TextWriter writer, TimeProvider clock) : IProgress<WorkProgress>
{
    private static readonly TimeSpan Always = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long _lastTime = clock.GetTimestamp();
    private WorkProgress _last;

    public void Report(WorkProgress value)
    {
        lock (_gate)
        {
            var since = clock.GetElapsedTime(_lastTime);
            if (since < Always && !(since >= Soonest && IsTenthMore(value)))
                return;
            writer.WriteLine($"talweg: {Text(value)}");
            _lastTime = clock.GetTimestamp();
            _last = value;
        }
    }

    private bool IsTenthMore(WorkProgress value) =>
        value.Total > 0 && (value.What != _last.What ? value.Done : value.Done - _last.Done) * 10 >= value.Total;

    private static string Text(WorkProgress value)
    {
        string detail = value.Detail.Length == 0 ? "" : $" ({value.Detail})";
        return value.Total <= 0
            ? $"{value.What}{detail}"
            : string.Create(CultureInfo.InvariantCulture, $"{value.What}: {value.Done} of {value.Total}, {100.0 * value.Done / value.Total:0}%{detail}");
    }
}
