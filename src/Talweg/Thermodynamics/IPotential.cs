namespace Talweg.Thermodynamics;

/// <summary>An energy over weights, with its gradient: what thermal motion goes down and noise kicks up.</summary>
/// <remarks>Deterministic: the same weights give the same bits. May be asked from one thread at a time.</remarks>
public interface IPotential
{
    /// <summary>N, the number of weights.</summary>
    int Dimension { get; }

    /// <summary>L(w), and ∇L(w) written to <paramref name="gradient"/>.</summary>
    /// <param name="weights">w, [N].</param>
    /// <param name="gradient">∇L, [N]; overwritten. Does not overlap w.</param>
    /// <returns>L(w), nats per sample where it is a loss.</returns>
    double Gradient(ReadOnlySpan<double> weights, Span<double> gradient);
}
