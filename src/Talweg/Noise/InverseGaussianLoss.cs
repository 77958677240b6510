using MathNet.Numerics.LinearAlgebra;
using Talweg.Statistics;

namespace Talweg.Noise;

/// <summary>One minibatch's loss as an inverse Gaussian of K modes: L^μ(θ) = L_min^μ·exp[½ (θ − θ^μ)ᵀ M^μ (θ − θ^μ)].</summary>
/// <remarks>
/// Feng and Tu (2020), Eq. 9. It is known by value, slope and curvature of ln L^μ at the origin: ∇ln L^μ(0) = −M^μ θ^μ. Their definition
/// L₀^μ = L_min^μ·exp[θ^μᵀ M^μ θ^μ] lacks the factor ½ in the exponent that Eq. 9 has at θ = 0, and that is taken here.
/// </remarks>
public sealed class InverseGaussianLoss
{
    // A curvature below roundoff of the largest one has no sign.
    private const double Roundoff = 2.3e-16;

    private readonly double[] _slope;
    private readonly double[] _curvature;
    private readonly double[]? _minimum;

    private InverseGaussianLoss(double lossAtOrigin, double[] slope, double[] curvature)
    {
        LossAtOrigin = lossAtOrigin;
        _slope = slope;
        _curvature = curvature;
        _minimum = FindMinimum(slope, curvature);
    }

    /// <summary>K, the number of modes.</summary>
    public int Modes => _slope.Length;

    /// <summary>L₀^μ = L^μ(0), nats.</summary>
    public double LossAtOrigin { get; }

    /// <summary>∇ln L^μ(0) = −M^μ θ^μ, [K], inverse lengths.</summary>
    public ReadOnlySpan<double> Slope => _slope;

    /// <summary>M^μ, [K, K] row-major, inverse square lengths.</summary>
    public ReadOnlySpan<double> Curvature => _curvature;

    /// <summary>Whether M^μ is positive definite: its least eigenvalue above K·2.3e-16 times the largest.</summary>
    public bool HasMinimum => _minimum is not null;

    /// <summary>θ^μ = −(M^μ)⁻¹ ∇ln L^μ(0), [K], lengths within the span of the modes; empty without a minimum.</summary>
    public ReadOnlySpan<double> Minimum => _minimum;

    /// <summary>L_min^μ = L₀^μ·exp[−½ θ^μᵀ M^μ θ^μ], nats; null without a minimum.</summary>
    public double? LeastLoss => _minimum is null ? null : LossAtOrigin * Math.Exp(Dot(_slope, _minimum) / 2);

    /// <summary>The inverse Gaussian of the given value, slope and curvature of ln L^μ at the origin.</summary>
    /// <param name="lossAtOrigin">L₀^μ, positive.</param>
    /// <param name="slope">∇ln L^μ(0), [K]; copied.</param>
    /// <param name="curvature">M^μ, [K, K]; copied. Symmetric: only half of what differs by roundoff is kept.</param>
    /// <exception cref="ArgumentException">The loss is not positive, the curvature is not K × K, or a number is not finite.</exception>
    public static InverseGaussianLoss Of(double lossAtOrigin, ReadOnlySpan<double> slope, ReadOnlySpan<double> curvature)
    {
        if (!(lossAtOrigin > 0 && double.IsFinite(lossAtOrigin)))
            throw new ArgumentException($"The loss at the origin must be a positive number for ln L to exist, but it is {lossAtOrigin:G6}.", nameof(lossAtOrigin));
        int modes = slope.Length;
        if (modes == 0 || curvature.Length != modes * modes)
            throw new ArgumentException($"{modes} slopes need {modes} × {modes} curvatures and at least one mode, but there are {curvature.Length} curvatures.", nameof(curvature));
        PairedData.RequireFinite(slope, nameof(slope));
        PairedData.RequireFinite(curvature, nameof(curvature));
        double[] symmetric = new double[modes * modes];
        for (int i = 0; i < modes; i++)
        {
            for (int j = 0; j < modes; j++)
                symmetric[i * modes + j] = (curvature[i * modes + j] + curvature[j * modes + i]) / 2;
        }

        return new(lossAtOrigin, slope.ToArray(), symmetric);
    }

    /// <summary>
    /// θ̃ᵢ^μ = −∂ᵢln L^μ(0)/M^μᵢᵢ, where L^μ is least along mode i alone; null where it does not curve upward there.
    /// </summary>
    /// <remarks>
    /// θ̃ᵢ^μ = θᵢ^μ + (1/M^μᵢᵢ) Σ_{j≠i} M^μᵢⱼ θⱼ^μ; the paper lost θⱼ^μ under the sum. This is what a fit along one direction finds.
    /// </remarks>
    public double? MinimumAlong(int mode) => _curvature[mode * (Modes + 1)] > 0 ? -_slope[mode] / _curvature[mode * (Modes + 1)] : null;

    private static double[]? FindMinimum(double[] slope, double[] curvature)
    {
        int modes = slope.Length;
        var matrix = Matrix<double>.Build.DenseOfRowMajor(modes, modes, curvature);
        var values = matrix.Evd(Symmetricity.Symmetric).EigenValues;
        double least = values.Min(value => value.Real), largest = values.Max(value => value.Real);
        if (!(least > modes * Roundoff * largest))
            return null;
        return matrix.Cholesky().Solve(Vector<double>.Build.Dense(slope)).Multiply(-1).ToArray();
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
