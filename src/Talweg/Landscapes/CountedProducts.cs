namespace Talweg.Landscapes;

/// <summary>An operator whose products are counted, told of, limited and checked to be finite.</summary>
internal sealed class CountedProducts(ISymmetricOperator matrix, string what, int limit, WorkOptions work)
{
    public int Dimension => matrix.Dimension;

    public int Count { get; private set; }

    public bool IsExhausted => Count >= limit;

    public double[] Times(double[] vector)
    {
        work.Cancellation.ThrowIfCancellationRequested();
        double[] product = new double[Dimension];
        matrix.Apply(vector, product);
        Count++;
        if (!double.IsFinite(OrthonormalBasis.Dot(product, product)))
            throw new ArithmeticException($"Product {Count} with the {Dimension} × {Dimension} matrix is not finite. Are the weights?");
        work.Progress?.Report(new(what, Count, limit));
        return product;
    }
}
