using MathNet.Numerics.Statistics;
using Talweg.Noise;

namespace Talweg.Studies.SgdNoise;

/// <summary>An ensemble as a row of the table: its moments, the theory's predictions, and what mean field ignores.</summary>
internal static class EnsembleRows
{
    public static EnsembleRow Of(int rank, MinibatchEnsemble ensemble, double learningRate)
    {
        var theory = RandomLandscape.Of(ensemble, learningRate);
        var check = MeanFieldCheck.Of(ensemble, learningRate);
        double[] quality = [.. ensemble.Valleys.OfType<MinibatchValley>().Select(valley => valley.RSquared)];
        return new()
        {
            Rank = rank,
            Flatness = ensemble.Flatness.Value,
            Minibatches = ensemble.Minibatches,
            TooSteep = ensemble.TooSteep,
            Unbounded = ensemble.Unbounded,
            MedianRSquared = quality.Length == 0 ? null : ArrayStatistics.MedianInplace(quality),
            MinimumMean = theory.Minimum?.Mean,
            MinimumVariance = theory.Minimum?.Variance,
            Curvature = theory.Curvature?.Mean,
            CurvatureVariance = theory.Curvature?.Variance,
            PredictedFlatnessLow = theory.Flatness?.Least,
            PredictedFlatness = theory.Flatness?.Most,
            PredictedDiffusion = theory.DiffusionConstant,
            CorrelatedDiffusion = check.SquaredVelocity,
            MeanFieldDiffusion = check.MeanFieldSquaredVelocity,
            PredictedDrift = theory.Drift,
            LossCurvature = check.LossCurvature?.Pearson.Coefficient,
            LossMinimum = check.LossMinimum?.Pearson.Coefficient,
            CurvatureMinimum = check.CurvatureMinimum?.Pearson.Coefficient,
            MinimumSkewness = check.Minimum?.Skewness,
            MinimumKurtosis = check.Minimum?.ExcessKurtosis,
            CurvatureSkewness = check.Curvature?.Skewness,
            CurvatureKurtosis = check.Curvature?.ExcessKurtosis,
        };
    }
}
