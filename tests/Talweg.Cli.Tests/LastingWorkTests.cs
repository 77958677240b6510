using System.Diagnostics;
using Talweg.Cli.Host;

namespace Talweg.Cli.Tests;

public sealed class LastingWorkTests
{
    [Fact]
    public void Work_that_never_ends_is_left_at_the_first_interrupt()
    {
        using var never = new ManualResetEvent(false);
        using var interrupt = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        var clock = Stopwatch.StartNew();
        Assert.ThrowsAny<OperationCanceledException>(() => LastingWork.Run(never.WaitOne, interrupt.Token));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"{clock.Elapsed}");
        never.Set();
    }

    [Fact]
    public void Work_that_ends_well_after_the_interrupt_is_not_lost()
    {
        using var interrupt = new CancellationTokenSource();
        Assert.Equal(7, LastingWork.Run(
            () =>
            {
                interrupt.Cancel();
                return 7;
            },
            interrupt.Token));
    }

    [Fact]
    public void What_the_work_throws_comes_through() =>
        Assert.Equal("gone", Assert.Throws<InputException>(() => LastingWork.Run<int>(() => throw new InputException("gone"), TestContext.Current.CancellationToken)).Message);
}
