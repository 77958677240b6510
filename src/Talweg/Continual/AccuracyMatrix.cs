namespace Talweg.Continual;

/// <summary>Accuracy on every task after every task, and what follows from it.</summary>
/// <remarks>All are shares of test samples, the largest of all outputs deciding. Lopez-Paz and Ranzato, NeurIPS 2017 (transfer); Chaudhry et al., ECCV 2018 (forgetting).</remarks>
public sealed record AccuracyMatrix
{
    /// <summary>b_j: accuracy on task j before anything was learned, [T].</summary>
    public required IReadOnlyList<double> Before { get; init; }

    /// <summary>a_ij: accuracy on task j after task i, [tasks learned][T].</summary>
    public required IReadOnlyList<IReadOnlyList<double>> After { get; init; }

    /// <summary>T.</summary>
    public int Tasks => Before.Count;

    /// <summary>Whether every task was learned; otherwise what follows is NaN.</summary>
    public bool IsComplete => After.Count == Tasks && Tasks > 0;

    /// <summary>1 − ⟨a_Tj⟩: the mean error over all tasks at the end.</summary>
    public double AverageError => IsComplete ? 1 - After[^1].Average() : double.NaN;

    /// <summary>⟨max_{j ≤ i &lt; T} a_ij − a_Tj⟩ over all tasks but the last: best accuracy since the task was learned minus the last one.</summary>
    public double Forgetting => OverEarlier(j => Enumerable.Range(j, Tasks - 1 - j).Max(i => After[i][j]) - After[^1][j]);

    /// <summary>⟨a_Tj − a_jj⟩ over all tasks but the last: what later tasks did to it, negative where they hurt.</summary>
    public double BackwardTransfer => OverEarlier(j => After[^1][j] - After[j][j]);

    /// <summary>⟨a_{j−1,j} − b_j⟩ over all tasks but the first: what earlier tasks did for it before it was learned.</summary>
    public double ForwardTransfer => OverEarlier(j => After[j][j + 1] - Before[j + 1]);

    private double OverEarlier(Func<int, double> value) => IsComplete && Tasks > 1 ? Enumerable.Range(0, Tasks - 1).Average(value) : double.NaN;
}
