namespace Talweg.Landscapes;

/// <summary>A way to compute transects of one network, data set and weight space.</summary>
internal interface ITransectPath : IDisposable
{
    /// <summary>How this path computes, for records: "fused", "fused-convolution", "fused-kinks", "layered" or "general".</summary>
    string Name { get; }

    /// <summary>Streams loss (and slope) of every sample at w₀ + t·p through the reducer, for every displacement t. Thread-safe.</summary>
    void Sweep(ReadOnlySpan<double> direction, ReadOnlySpan<double> displacements, bool withSlopes, TransectReducer reducer);
}
