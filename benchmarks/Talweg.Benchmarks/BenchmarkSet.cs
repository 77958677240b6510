namespace Talweg.Benchmarks;

/// <summary>Benchmarks that one command runs.</summary>
/// <param name="Name">The command.</param>
/// <param name="About">What they have in common, in one sentence.</param>
/// <param name="All">In the order of the table.</param>
internal sealed record BenchmarkSet(string Name, string About, IReadOnlyList<IBenchmark> All);
