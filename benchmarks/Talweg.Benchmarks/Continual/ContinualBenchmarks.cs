namespace Talweg.Benchmarks.Continual;

/// <summary>The benchmarks of the room Continual, in the order of the table.</summary>
internal static class ContinualBenchmarks
{
    public static BenchmarkSet Set { get; } = new("continual", "What not forgetting costs a step of training, and the Fisher information once.",
    [
        new ConstrainedStep(),
        new ConstrainedStepAgainstTorch(),
        new ExactFisher(),
    ]);
}
