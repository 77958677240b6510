namespace Talweg.Benchmarks;

/// <summary>What the user asked for.</summary>
/// <param name="Only">The one benchmark to run; null for all.</param>
/// <param name="Repeat">Paired repetitions; null for the default.</param>
/// <param name="Full">Whether samples are replaced by the whole.</param>
internal sealed record BenchmarkOptions(string? Only, int? Repeat, bool Full)
{
    public const int DefaultRepeat = 5;
}
