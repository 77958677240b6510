using Spectre.Console;

namespace Talweg.Cli.Progress;

/// <summary>Progress on a terminal: a bar for each piece of work that is going on.</summary>
internal sealed class ProgressBars : IProgress<WorkProgress>
{
    private const int LongestDetail = 48;

    private readonly ProgressContext _context;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ProgressTask> _tasks = [];

    private ProgressBars(ProgressContext context) => _context = context;

    public static T During<T>(IAnsiConsole console, Func<IProgress<WorkProgress>, T> work) =>
        console.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new ProgressBars(context)));

    public void Report(WorkProgress value)
    {
        lock (_gate)
        {
            if (!_tasks.TryGetValue(value.What, out var task))
                _tasks[value.What] = task = _context.AddTask(Shown(value.What), maxValue: 1);
            task.Description = Shown(value.Detail.Length == 0 ? value.What : $"{value.What} — {Shortened(value.Detail)}");
            task.IsIndeterminate = value.Total <= 0;
            task.MaxValue = Math.Max(1, value.Total);
            task.Value = value.Done;
            if (value.Total > 0 && value.Done >= value.Total)
                _tasks.Remove(value.What);                     // finished; the same words again are new work
        }
    }

    private static string Shown(string text) => Markup.Escape(PlainText.Of(text));

    private static string Shortened(string text) => text.Length <= LongestDetail ? text : text[..(LongestDetail - 1)] + "…";
}
