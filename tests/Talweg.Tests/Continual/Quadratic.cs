using Talweg.Tests.Networks;
using Talweg.Training;

namespace Talweg.Tests.Continual;

/// <summary>What holds for every penalty made of springs.</summary>
internal static class Quadratic
{
    /// <summary>Value and gradient are those of the plain springs, whatever was in the gradient before.</summary>
    /// <remarks>Single precision: 6e-8 a rounding, sums of some dozens of terms, 5e-6 of the largest number.</remarks>
    public static void AssertSame(PlainSprings expected, IPenalty found, float[] weights, double relative = 5e-6)
    {
        double[] wide = PlainSprings.Wide(weights), gradient = expected.Gradient(wide);
        float[] before = PlainSprings.Draw(weights.Length, 99, gradient.Max(Math.Abs)), sum = [.. before];
        double value = found.AddGradient(1, weights, sum);
        Close.Assert(expected.Value(wide), value, relative, what: "value");
        double scale = gradient.Max(Math.Abs) + before.Max(Math.Abs);
        for (int k = 0; k < sum.Length; k++)
            Close.Assert(gradient[k], (double)sum[k] - before[k], relative, scale, $"component {k}");
    }

    /// <summary>The gradient is the slope of the value.</summary>
    /// <remarks>
    /// Central differences of a quadratic function are exact for a step of any length. So the step is as long as the way from the centre: then a value's rounding, some 1e-6 of it, is not
    /// divided by a small number.
    /// </remarks>
    public static void AssertSlopes(IPenalty penalty, float[] weights)
    {
        float[] gradient = new float[weights.Length], unused = new float[weights.Length];
        penalty.AddGradient(1, weights, gradient);
        double scale = gradient.Max(Math.Abs);
        for (int k = 0; k < weights.Length; k++)
        {
            const float step = 1;
            float[] right = [.. weights], left = [.. weights];
            right[k] += step;
            left[k] -= step;
            double difference = (penalty.AddGradient(1, right, unused) - penalty.AddGradient(1, left, unused)) / ((double)right[k] - left[k]);
            double largest = Math.Max(scale, Math.Abs(penalty.AddGradient(1, weights, unused)));
            Close.Assert(difference, gradient[k], 1e-5, largest, $"slope {k}");
        }
    }

    /// <summary>The implicit step is argmin R(v) + ‖v − w‖²/(2α), by its definition and by a linear solve in double precision.</summary>
    public static void AssertRelaxed(PlainSprings springs, IProximalPenalty penalty, double rate, float[] weights, double relative = 2e-6)
    {
        float[] found = [.. weights];
        penalty.Relax(rate, found);
        double[] wide = PlainSprings.Wide(weights), expected = springs.Relaxed(rate, wide);
        double scale = wide.Max(Math.Abs);
        for (int k = 0; k < found.Length; k++)
            Close.Assert(expected[k], found[k], relative, scale, $"weight {k}");
        // ∂R/∂v + (v − w)/α = 0: an error of v counts as often as the stiffest spring is stiff.
        double[] slope = springs.Gradient(PlainSprings.Wide(found));
        double stiffest = springs.Curvature().Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric).EigenValues.Max(value => value.Real) + 1 / rate;
        for (int k = 0; k < found.Length; k++)
            Close.Assert(0, slope[k] + (found[k] - wide[k]) / rate, relative, scale * stiffest, $"slope {k} at the minimum");
    }
}
