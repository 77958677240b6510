using MathNet.Numerics.LinearAlgebra;
using Talweg.Data;
using Talweg.Networks;

namespace Talweg.Studies.Tests;

/// <summary>The mean loss of a fully connected network without biases as one of its layers moves: plain loops in double precision, sharing nothing with the library.</summary>
internal sealed class NaiveValley
{
    private readonly double[][] _matrices;
    private readonly int _layer;
    private readonly bool _tanh;
    private readonly double[][] _inputs;
    private readonly int[] _labels;

    /// <param name="weights">w₀, all layers.</param>
    /// <param name="samples">Over which the loss is a mean.</param>
    /// <param name="layer">Which layer moves, from 1.</param>
    /// <param name="origin">The layer's weights where they are not those of <paramref name="weights"/>.</param>
    public NaiveValley(DenseWeights weights, LabelledSamples samples, int layer, double[]? origin = null)
    {
        _matrices = [.. weights.Matrices.Select(matrix => matrix.Select(w => (double)w).ToArray())];
        _layer = layer - 1;
        _tanh = weights.Network.Activation == Activation.Tanh;
        _labels = samples.Labels;
        _inputs = [.. Enumerable.Range(0, samples.Count).Select(k => samples.Input(k).ToArray().Select(x => (double)x).ToArray())];
        for (int l = 0; l < _layer; l++)
            _inputs = [.. _inputs.Select(x => Active(Product(_matrices[l], x)))];
        Origin = origin ?? _matrices[_layer];
    }

    /// <summary>The layer's weights.</summary>
    public double[] Origin { get; }

    public double Norm => Math.Sqrt(Naive.Dot(Origin, Origin));

    public double LossAtOrigin => Loss(Origin, 0);

    /// <summary>Share of the samples for which another output than the label's is the greatest.</summary>
    public double Error => Enumerable.Range(0, _inputs.Length).Average(k =>
    {
        double[] y = Outputs(k, Origin);
        return Array.IndexOf(y, y.Max()) == _labels[k] ? 0.0 : 1;
    });

    /// <summary>L(w₀ + t p).</summary>
    public double Loss(double[] p, double t) => Losses(p, t).Average();

    /// <summary>The same of each sample.</summary>
    public double[] Losses(double[] p, double t)
    {
        double[] moved = Moved(p, t);
        return [.. Enumerable.Range(0, _inputs.Length).Select(k => CrossEntropy(Outputs(k, moved), _labels[k]))];
    }

    /// <summary>The correct output less the greatest wrong one, of each sample.</summary>
    public double[] Margins(double[] p, double t)
    {
        double[] moved = Moved(p, t);
        return [.. Enumerable.Range(0, _inputs.Length).Select(k => Margin(Outputs(k, moved), _labels[k]))];
    }

    /// <summary>∇L by the layer's weights at w₀ + <paramref name="shift"/>: the chain rule, backwards.</summary>
    public double[] Gradient(double[]? shift = null)
    {
        double[] moved = shift is null ? Origin : Moved(shift, 1);
        var gradient = new double[moved.Length];
        for (int k = 0; k < _inputs.Length; k++)
            Add(gradient, k, moved);
        return [.. gradient.Select(g => g / _inputs.Length)];
    }

    /// <summary>∂²L by central differences of the gradient, 1e-5 to either side: errors near 1e-10.</summary>
    public Matrix<double> Hessian()
    {
        const double h = 1e-5;
        var hessian = Matrix<double>.Build.Dense(Origin.Length, Origin.Length);
        for (int j = 0; j < Origin.Length; j++)
        {
            var shift = new double[Origin.Length];
            shift[j] = h;
            double[] ahead = Gradient(shift);
            shift[j] = -h;
            hessian.SetColumn(j, [.. ahead.Zip(Gradient(shift), (a, b) => (a - b) / (2 * h))]);
        }

        return (hessian + hessian.Transpose()) / 2;
    }

    /// <summary>Where L first reaches the level times L₀ on either side, within ten norms: outwards in steps of 10%, then by bisection.</summary>
    public (double? Left, double? Right) Sides(double[] p, double level = Math.E)
    {
        double threshold = level * LossAtOrigin, reach = 10 * Norm;
        return (-Side(-1), Side(+1));

        double? Side(int sign)
        {
            double inside = 0;
            for (double t = 1e-3 * Norm; ; t *= 1.1)
            {
                double outside = Math.Min(t, reach);
                if (Loss(p, sign * outside) >= threshold)
                    return Bisected(inside, outside);
                if (t >= reach)
                    return null;
                inside = outside;
            }

            double Bisected(double low, double high)
            {
                for (int i = 0; i < 40; i++)
                {
                    double middle = (low + high) / 2;
                    (low, high) = Loss(p, sign * middle) >= threshold ? (low, middle) : (middle, high);
                }

                return (low + high) / 2;
            }
        }
    }

    /// <summary>θᵣ − θₗ, null where a side is open.</summary>
    public double? Width(double[] p, double level = Math.E) => Sides(p, level) is ({ } left, { } right) ? right - left : null;

    /// <summary>2/√c₂ and R² of the parabola through ln L at 41 points from side to side.</summary>
    public (double? Flatness, double? RSquared) Parabola(double[] p, (double? Left, double? Right) sides)
    {
        if (sides is not ({ } left, { } right))
            return (null, null);
        double[] x = [.. Enumerable.Range(0, 41).Select(i => left + (right - left) * i / 40)];
        var (c, rSquared) = Naive.Polynomial(x, [.. x.Select(t => Math.Log(Loss(p, t)))], 2);
        return (c[2] > 0 ? 2 / Math.Sqrt(c[2]) : null, rSquared);
    }

    private double[] Moved(double[] p, double t) => [.. Origin.Select((w, i) => w + t * p[i])];

    private double[] Outputs(int k, double[] moved)
    {
        double[] x = _inputs[k];
        for (int l = _layer; l < _matrices.Length; l++)
        {
            double[] z = Product(l == _layer ? moved : _matrices[l], x);
            x = l + 1 < _matrices.Length ? Active(z) : z;
        }

        return x;
    }

    private void Add(double[] gradient, int k, double[] moved)
    {
        List<double[]> sums = [Product(moved, _inputs[k])];
        for (int l = _layer + 1; l < _matrices.Length; l++)
            sums.Add(Product(_matrices[l], Active(sums[^1])));
        double all = sums[^1].Sum(Math.Exp);
        double[] delta = [.. sums[^1].Select((y, n) => Math.Exp(y) / all - (n == _labels[k] ? 1 : 0))];
        for (int l = _matrices.Length - 1; l > _layer; l--)
        {
            double[] matrix = _matrices[l], before = sums[l - 1 - _layer];
            delta = [.. before.Select((z, i) => delta.Select((d, o) => d * matrix[o * before.Length + i]).Sum() * Slope(z))];
        }

        double[] x = _inputs[k];
        for (int o = 0; o < delta.Length; o++)
        {
            for (int i = 0; i < x.Length; i++)
                gradient[o * x.Length + i] += delta[o] * x[i];
        }
    }

    private static double[] Product(double[] matrix, double[] x)
    {
        var z = new double[matrix.Length / x.Length];
        for (int o = 0; o < z.Length; o++)
        {
            for (int i = 0; i < x.Length; i++)
                z[o] += matrix[o * x.Length + i] * x[i];
        }

        return z;
    }

    private double[] Active(double[] z)
    {
        var active = new double[z.Length];
        for (int i = 0; i < z.Length; i++)
            active[i] = _tanh ? Math.Tanh(z[i]) : Math.Max(z[i], 0);
        return active;
    }

    private double Slope(double z) => _tanh ? 1 - Math.Pow(Math.Tanh(z), 2) : z > 0 ? 1 : 0;

    private static double CrossEntropy(double[] y, int label)
    {
        double greatest = y.Max(), sum = 0;
        foreach (double v in y)
            sum += Math.Exp(v - greatest);
        return Math.Log(sum) + greatest - y[label];
    }

    private static double Margin(double[] y, int label) => y[label] - y.Where((_, n) => n != label).Max();
}
