using MathNet.Numerics.LinearAlgebra;
using Talweg.Data;
using Talweg.Networks;

namespace Talweg.Studies.Tests.EinsteinRelation;

/// <summary>Gradient and Hessian of the mean loss by the weights of one layer: plain loops, central differences, and MathNet's eigenvectors.</summary>
internal static class PlainHessian
{
    /// <summary>The mean loss and its gradient by one layer's matrix (from 1), all weights elsewhere as they are.</summary>
    public static (double Loss, double[] Gradient) Gradient(DenseWeights weights, LabelledSamples samples, int layer, double[]? moved = null)
    {
        var network = new PlainNetwork(weights, samples, layer, moved);
        var sum = new double[weights.Matrices[layer - 1].Length];
        double loss = 0;
        for (int k = 0; k < samples.Count; k++)
        {
            var one = network.Gradient(k);
            loss += one.Loss / samples.Count;
            for (int n = 0; n < sum.Length; n++)
                sum[n] += one.Gradient[layer - 1][n] / samples.Count;
        }

        return (loss, sum);
    }

    /// <summary>All eigenvalues, descending, and their eigenvectors.</summary>
    public static (double[] Values, double[][] Vectors) Eigenpairs(DenseWeights weights, LabelledSamples samples, int layer)
    {
        const double h = 1e-6;                                 // hardly any sample crosses a ReLU's kink on the way, and the difference errs by 1e-9
        double[] origin = [.. weights.Matrices[layer - 1].Select(w => (double)w)];
        var hessian = Matrix<double>.Build.Dense(origin.Length, origin.Length);
        for (int n = 0; n < origin.Length; n++)
        {
            double[] above = [.. origin], below = [.. origin];
            above[n] += h;
            below[n] -= h;
            var (up, down) = (Gradient(weights, samples, layer, above).Gradient, Gradient(weights, samples, layer, below).Gradient);
            for (int m = 0; m < origin.Length; m++)
                hessian[m, n] = (up[m] - down[m]) / (2 * h);
        }

        var found = ((hessian + hessian.Transpose()) / 2).Evd(Symmetricity.Symmetric);
        return ([.. found.EigenValues.Select(value => value.Real).Reverse()], [.. Enumerable.Range(1, origin.Length).Select(i => found.EigenVectors.Column(origin.Length - i).ToArray())]);
    }
}
