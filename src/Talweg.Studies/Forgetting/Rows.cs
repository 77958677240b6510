namespace Talweg.Studies.Forgetting;

/// <summary>One sequence that was learned by one method. Errors are shares of samples, all outputs of the network competing.</summary>
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

    /// <summary>1 where the loss became infinite or not a number: then all errors are 1.</summary>
    public required int Diverged { get; init; }
}

/// <summary>Both tasks' test errors at one moment of the training on task 2.</summary>
public sealed record CourseRow
{
    /// <summary>0 without constraints, else λ of LDC.</summary>
    public required double Lambda { get; init; }

    /// <summary>Iterations so far.</summary>
    public required long Iteration { get; init; }

    /// <summary>ε₁.</summary>
    public required double First { get; init; }

    /// <summary>ε₂.</summary>
    public required double Second { get; init; }
}

/// <summary>One mode of task 1.</summary>
public sealed record ModeRow
{
    /// <summary>i, from 1.</summary>
    public required int Rank { get; init; }

    /// <summary>σ²ᵢ.</summary>
    public required double Variance { get; init; }

    /// <summary>Fᵢ; null where a side is open.</summary>
    public required double? Flatness { get; init; }

    /// <summary>qᵢ after task 2 without constraints.</summary>
    public required double Free { get; init; }

    /// <summary>qᵢ after task 2 with LDC.</summary>
    public required double Constrained { get; init; }
}
