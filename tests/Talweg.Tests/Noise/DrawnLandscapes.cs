using Talweg.Noise;
using Talweg.Statistics;

namespace Talweg.Tests.Noise;

/// <summary>Minibatches that are exact inverse Gaussians with the distributions that the random-landscape theory assumes, all parameters known.</summary>
/// <remarks>
/// M^μᵢᵢ ~ N(Mᵢ, (mMᵢ)²), M^μᵢⱼ ~ N(0, o²), θᵢ^μ ~ N(δᵢ₀ d, tᵢ²), L₀^μ ~ N(1e-3, (3e-4)²) cut at three deviations, all independent: that L₀^μ, and not L_min^μ,
/// is independent of the rest is the paper's assumption.
/// </remarks>
internal sealed class DrawnLandscapes
{
    public const int Modes = 4;
    public const double Drift = 1;
    public const double MeanLoss = 1e-3;

    public static readonly double[] MeanCurvature = [4, 3, 5, 6];
    public static readonly double[] MinimumDeviation = [0.3, 0.25, 0.4, 0.2];

    public DrawnLandscapes(int count, double relativeSpread, double offDiagonal, long seed)
    {
        var random = new RandomStream(seed, "landscapes");
        for (int draw = 0; draw < count; draw++)
        {
            double[,] curvature = new double[Modes, Modes];
            double[] minimum = new double[Modes];
            for (int i = 0; i < Modes; i++)
            {
                curvature[i, i] = MeanCurvature[i] * (1 + relativeSpread * random.NextNormal());
                for (int j = 0; j < i; j++)
                    curvature[i, j] = curvature[j, i] = offDiagonal * random.NextNormal();
                minimum[i] = (i == 0 ? Drift : 0) + MinimumDeviation[i] * random.NextNormal();
            }

            Curvatures.Add(curvature);
            Minima.Add(minimum);
            LossesAtOrigin.Add(MeanLoss * (1 + 0.3 * Math.Clamp(random.NextNormal(), -3, 3)));
        }
    }

    public List<double[,]> Curvatures { get; } = [];

    public List<double[]> Minima { get; } = [];

    public List<double> LossesAtOrigin { get; } = [];

    /// <summary>What a measurement at the origin sees: value, slope −Mθ and curvature of ln L.</summary>
    public List<InverseGaussianLoss> Losses => [.. Enumerable.Range(0, Minima.Count).Select(draw =>
        InverseGaussianLoss.Of(LossesAtOrigin[draw], Slope(draw), Flat(Curvatures[draw])))];

    /// <summary>½ (θ − θ^μ)ᵀ M (θ − θ^μ), by plain loops.</summary>
    public double Exponent(int draw, double[] theta)
    {
        double sum = 0;
        for (int i = 0; i < Modes; i++)
        {
            for (int j = 0; j < Modes; j++)
                sum += (theta[i] - Minima[draw][i]) * Curvatures[draw][i, j] * (theta[j] - Minima[draw][j]) / 2;
        }

        return sum;
    }

    public static double[] Flat(double[,] matrix) => [.. matrix.Cast<double>()];

    private double[] Slope(int draw) =>
        [.. Enumerable.Range(0, Modes).Select(i => -Enumerable.Range(0, Modes).Sum(j => Curvatures[draw][i, j] * Minima[draw][j]))];
}
