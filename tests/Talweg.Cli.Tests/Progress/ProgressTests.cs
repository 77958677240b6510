using Spectre.Console.Testing;
using Talweg.Cli.Progress;

namespace Talweg.Cli.Tests.Progress;

public sealed class ProgressTests
{
    [Fact]
    public void Lines_come_every_five_seconds_or_each_tenth_but_not_within_a_second()
    {
        var clock = new StoppedClock();
        using var writer = new StringWriter();
        var lines = new ProgressLines(writer, clock);
        lines.Report(new("training", 50, 100));                // too soon
        clock.Advance(1);
        lines.Report(new("training", 60, 100, "loss 0.1"));    // a tenth, after a second
        clock.Advance(2);
        lines.Report(new("training", 65, 100));                // less than a tenth more
        clock.Advance(3);
        lines.Report(new("training", 66, 100));                // five seconds
        clock.Advance(5);
        lines.Report(new("downloading", 0, 0));                // of unknown length
        Assert.Equal(["talweg: training: 60 of 100, 60% (loss 0.1)", "talweg: training: 66 of 100, 66%", "talweg: downloading"],
            writer.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Bars_show_work_and_give_its_result()
    {
        using var output = new TestConsole();
        using var error = new TestConsole();
        error.Interactive();
        var terminal = Terminal.Of(output, error, showsBars: true);
        int result = ProgressDisplay.During(terminal, progress =>
        {
            progress.Report(new("a [b]", 0, 10));
            progress.Report(new("a [b]", 10, 10, "done [c]"));
            progress.Report(new("a [b]", 1, 10));              // the same words again are new work
            return 7;
        });
        Assert.Equal(7, result);
        Assert.Contains("a [b]", error.Output, StringComparison.Ordinal);
        Assert.Empty(output.Output);
    }

    private sealed class StoppedClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _now;

        public void Advance(int seconds) => _now += seconds;
    }
}
