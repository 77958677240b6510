namespace Talweg.Benchmarks;

/// <summary>One thing that must be fast, or small.</summary>
internal interface IBenchmark
{
    /// <summary>As <c>--only</c> takes it.</summary>
    string Name { get; }

    /// <summary>What is compared with what, in one line.</summary>
    string Compares { get; }

    /// <summary>Measures; one row of the table each.</summary>
    IEnumerable<Measurement> Run(Workplace workplace);
}
