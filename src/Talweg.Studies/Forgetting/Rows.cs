namespace Talweg.Studies.Forgetting;

/// <summary>One sequence that was learned by one method, at one stop of its last task. Errors are shares of samples, all outputs of the network competing.</summary>
public sealed record RunRow
{
    /// <summary>What it was done for: "trade-off", "count", "psi", "random".</summary>
    public required string Experiment { get; init; }

    /// <summary>The method's short name.</summary>
    public required string Method { get; init; }

    /// <summary>λ.</summary>
    public required double Lambda { get; init; }

    /// <summary>N_c, constraints of each task; 0 where all weights are, or none.</summary>
    public required int Count { get; init; }

    /// <summary>ψ that flatness was estimated with; 0 where it was measured or plays no part.</summary>
    public required double Psi { get; init; }

    /// <summary>α of the later tasks, which names the ladder of stops.</summary>
    public required double Rate { get; init; }

    /// <summary>The stop of the last task's training: "½ epoch".</summary>
    public required string Stop { get; init; }

    /// <summary>Iterations on the last task at the stop; 0 where it was not reached.</summary>
    public required long Iteration { get; init; }

    /// <summary>Mean error over all tasks' validation samples at the end, which λ is chosen by.</summary>
    public required double Validation { get; init; }

    /// <summary>Mean error over all tasks' test samples at the end.</summary>
    public required double Test { get; init; }

    /// <summary>Error of the first task's test samples.</summary>
    public required double First { get; init; }

    /// <summary>Error of the last task's test samples.</summary>
    public required double Last { get; init; }

    /// <summary>Mean test error over all tasks if a task's own classes alone compete.</summary>
    public required double Own { get; init; }

    /// <summary>"reached"; "not reached" where the last task's error never fell so far; "diverged" where the loss became infinite or not a number. All errors are NaN unless it was reached.</summary>
    public required string Outcome { get; init; }

    /// <summary>Whether the stop was reached.</summary>
    public bool Reached => Outcome == "reached";
}

/// <summary>Both tasks' test errors at one moment of the training on task 2.</summary>
public sealed record CourseRow
{
    /// <summary>0 without constraints, else λ of LDC.</summary>
    public required double Lambda { get; init; }

    /// <summary>α of the training on task 2.</summary>
    public required double Rate { get; init; }

    /// <summary>Iterations so far.</summary>
    public required long Iteration { get; init; }

    /// <summary>ε₁.</summary>
    public required double First { get; init; }

    /// <summary>ε₂.</summary>
    public required double Second { get; init; }
}

/// <summary>One mode of task 1, at one stop of task 2.</summary>
public sealed record ModeRow
{
    /// <summary>i, from 1.</summary>
    public required int Rank { get; init; }

    /// <summary>σ²ᵢ.</summary>
    public required double Variance { get; init; }

    /// <summary>Fᵢ; null where a side is open.</summary>
    public required double? Flatness { get; init; }

    /// <summary>α of the training on task 2.</summary>
    public required double Rate { get; init; }

    /// <summary>The stop of the training on task 2.</summary>
    public required string Stop { get; init; }

    /// <summary>qᵢ there without constraints; NaN where the stop was not reached.</summary>
    public required double Free { get; init; }

    /// <summary>qᵢ there with LDC; likewise.</summary>
    public required double Constrained { get; init; }
}
