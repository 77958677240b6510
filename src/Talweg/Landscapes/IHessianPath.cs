namespace Talweg.Landscapes;

/// <summary>A way to compute products with a Hessian.</summary>
internal interface IHessianPath : IDisposable
{
    /// <summary>"dense" or "autograd".</summary>
    string Name { get; }

    /// <summary>Writes H·v; both spans have N numbers.</summary>
    void Apply(ReadOnlySpan<double> vector, Span<double> product);
}
