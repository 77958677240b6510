using Talweg.Data;
using Talweg.Networks;

namespace Talweg.Studies.Tests;

/// <summary>Loss and gradient of a ReLU network without biases, sample by sample in plain loops and double precision.</summary>
/// <param name="weights">Its weights.</param>
/// <param name="samples">What it is judged by.</param>
/// <param name="layer">A layer (from 1) that has another matrix.</param>
/// <param name="other">That matrix.</param>
internal sealed class PlainNetwork(DenseWeights weights, LabelledSamples samples, int layer = 0, double[]? other = null)
{
    private readonly double[][] _matrices = [.. weights.Matrices.Select((matrix, l) => l == layer - 1 && other is not null ? other : Array.ConvertAll(matrix, w => (double)w))];

    private readonly double[][] _inputs = [.. Enumerable.Range(0, samples.Count).Select(k => Array.ConvertAll(samples.Input(k).ToArray(), x => (double)x))];

    /// <summary>The derivative of one sample's loss by every matrix, and the loss.</summary>
    public (double Loss, double[][] Gradient) Gradient(int sample)
    {
        double[][] values = new double[_matrices.Length + 1][];
        values[0] = _inputs[sample];
        for (int l = 0; l < _matrices.Length; l++)
            values[l + 1] = Forward(_matrices[l], values[l], isLast: l == _matrices.Length - 1);
        double[] y = values[^1];
        double sum = y.Sum(Math.Exp);
        double[] errors = [.. y.Select((v, c) => Math.Exp(v) / sum - (c == samples.Labels[sample] ? 1 : 0))];
        double[][] gradient = new double[_matrices.Length][];
        for (int l = _matrices.Length - 1; l >= 0; l--)
        {
            double[] below = values[l], matrix = _matrices[l], handed = new double[below.Length];
            gradient[l] = new double[matrix.Length];
            for (int o = 0; o < errors.Length; o++)
            {
                for (int i = 0; i < below.Length; i++)
                {
                    gradient[l][o * below.Length + i] = errors[o] * below[i];
                    handed[i] += below[i] > 0 ? errors[o] * matrix[o * below.Length + i] : 0;
                }
            }

            errors = handed;
        }

        return (Math.Log(sum) - y[samples.Labels[sample]], gradient);
    }

    /// <summary>Every sample's loss, and its slope along a direction of one layer (from 1), where that layer is moved by t·p.</summary>
    public (double[] Losses, double[] Slopes) Along(int layer, double[] p, double t)
    {
        double[] kept = _matrices[layer - 1];
        _matrices[layer - 1] = [.. kept.Zip(p, (w, x) => w + t * x)];
        var all = Enumerable.Range(0, samples.Count).Select(Gradient).ToArray();
        _matrices[layer - 1] = kept;
        return ([.. all.Select(one => one.Loss)], [.. all.Select(one => one.Gradient[layer - 1].Zip(p, (g, x) => g * x).Sum())]);
    }

    /// <summary>The mean loss there, without slopes.</summary>
    public double Loss(int layer, double[] p, double t)
    {
        double[] kept = _matrices[layer - 1];
        double[] moved = new double[kept.Length];
        for (int n = 0; n < moved.Length; n++)
            moved[n] = kept[n] + t * p[n];
        double sum = 0;
        for (int k = 0; k < samples.Count; k++)
        {
            double[] x = _inputs[k];
            for (int l = 0; l < _matrices.Length; l++)
                x = Forward(l == layer - 1 ? moved : _matrices[l], x, isLast: l == _matrices.Length - 1);
            sum += Math.Log(x.Sum(Math.Exp)) - x[samples.Labels[k]];
        }

        return sum / samples.Count;
    }

    /// <summary>F at level e along a direction of one layer, looked for as far as ten times the layer's norm.</summary>
    public double? Flatness(int layer, double[] p) => Plain.Width(t => Loss(layer, p, t), 10 * Math.Sqrt(_matrices[layer - 1].Sum(w => w * w)));

    /// <summary>The share of samples that are wrong, between what rounding allows.</summary>
    public (double Low, double High) Error() => Plain.Error([.. _inputs.Select(input =>
    {
        double[] x = input;
        for (int l = 0; l < _matrices.Length; l++)
            x = Forward(_matrices[l], x, isLast: l == _matrices.Length - 1);
        return x;
    })], samples.Labels);

    private static double[] Forward(double[] matrix, double[] x, bool isLast)
    {
        var z = new double[matrix.Length / x.Length];
        for (int o = 0; o < z.Length; o++)
        {
            for (int i = 0; i < x.Length; i++)
                z[o] += matrix[o * x.Length + i] * x[i];
            z[o] = isLast ? z[o] : Math.Max(z[o], 0);
        }

        return z;
    }
}
