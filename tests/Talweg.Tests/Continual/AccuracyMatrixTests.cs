using Talweg.Continual;

namespace Talweg.Tests.Continual;

public sealed class AccuracyMatrixTests
{
    /// <summary>Of a task that was learned (the diagonal), forgotten, and partly remembered again.</summary>
    private static readonly AccuracyMatrix Three = new()
    {
        Before = [0.10, 0.20, 0.30],
        After =
        [
            [0.90, 0.25, 0.40],
            [0.50, 0.80, 0.15],
            [0.60, 0.70, 1.00],
        ],
    };

    [Fact]
    public void Metrics_of_three_tasks_are_those_worked_out_by_hand()
    {
        Assert.True(Three.IsComplete);
        Assert.Equal(3, Three.Tasks);
        Assert.Equal(1 - (0.60 + 0.70 + 1.00) / 3, Three.AverageError, 1e-12);
        // Best since learned, but before the last task: max(0.90, 0.50) − 0.60 = 0.30, and 0.80 − 0.70 = 0.10.
        Assert.Equal((0.30 + 0.10) / 2, Three.Forgetting, 1e-12);
        // a₃₁ − a₁₁ = 0.60 − 0.90, a₃₂ − a₂₂ = 0.70 − 0.80.
        Assert.Equal((-0.30 - 0.10) / 2, Three.BackwardTransfer, 1e-12);
        // a₁₂ − b₂ = 0.25 − 0.20, a₂₃ − b₃ = 0.15 − 0.30.
        Assert.Equal((0.05 - 0.15) / 2, Three.ForwardTransfer, 1e-12);
    }

    /// <summary>A task that gets better after it was learned: forgetting is counted from the best, transfer from its own end.</summary>
    [Fact]
    public void Forgetting_is_from_the_best_and_transfer_from_the_tasks_own_end()
    {
        var matrix = new AccuracyMatrix { Before = [0, 0, 0], After = [[0.5, 0.95, 0], [0.9, 0.5, 0], [0.7, 0.6, 0.5]] };
        Assert.Equal((0.2 - 0.1) / 2, matrix.Forgetting, 1e-12);         // 0.9 − 0.7, and 0.5 − 0.6: what it was before it was learned (0.95) does not count
        Assert.Equal((0.2 + 0.1) / 2, matrix.BackwardTransfer, 1e-12);   // 0.7 − 0.5, and 0.6 − 0.5
    }

    [Fact]
    public void Of_a_sequence_that_was_not_finished_nothing_follows()
    {
        foreach (var matrix in (AccuracyMatrix[])[Three with { After = [.. Three.After.Take(2)] }, Three with { After = [] }, new() { Before = [], After = [] }])
        {
            Assert.False(matrix.IsComplete);
            Assert.All((double[])[matrix.AverageError, matrix.Forgetting, matrix.BackwardTransfer, matrix.ForwardTransfer], value => Assert.True(double.IsNaN(value)));
        }

        var one = new AccuracyMatrix { Before = [0.1], After = [[0.9]] };
        Assert.Equal(0.1, one.AverageError, 1e-12);
        Assert.All((double[])[one.Forgetting, one.BackwardTransfer, one.ForwardTransfer], value => Assert.True(double.IsNaN(value)));
    }
}
