using MathNet.Numerics.LinearAlgebra;
using Talweg.Landscapes;
using Talweg.Statistics;

namespace Talweg.Tests.Landscapes;

/// <summary>A symmetric matrix that is written out, and how often it was multiplied with.</summary>
internal sealed class DenseOperator(Matrix<double> matrix) : ISymmetricOperator
{
    private readonly double[][] _rows = matrix.ToRowArrays();

    public int Dimension => matrix.RowCount;

    public int Products { get; private set; }

    /// <summary>Q diag(λ) Qᵀ with a random orthogonal Q.</summary>
    public static DenseOperator Of(double[] spectrum, long seed) => new(Matrix(spectrum, seed));

    public static Matrix<double> Matrix(double[] spectrum, long seed)
    {
        var random = new RandomStream(seed, "matrix");
        var q = Matrix<double>.Build.Dense(spectrum.Length, spectrum.Length, (_, _) => random.NextNormal()).QR().Q;
        var matrix = q * Matrix<double>.Build.DenseOfDiagonalArray(spectrum) * q.Transpose();
        return (matrix + matrix.Transpose()) / 2;
    }

    public void Apply(ReadOnlySpan<double> vector, Span<double> product)
    {
        Products++;
        for (int i = 0; i < Dimension; i++)
        {
            double sum = 0;
            for (int j = 0; j < Dimension; j++)
                sum += _rows[i][j] * vector[j];
            product[i] = sum;
        }
    }
}
