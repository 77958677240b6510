using MathNet.Numerics;
using MathNet.Numerics.Statistics;
using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Storage;
using Talweg.Studies.Running;

namespace Talweg.Studies.InverseVarianceFlatness;

/// <summary>Along mode 1: does the margin of every sample grow in a straight line, and does ln L fall?</summary>
internal static class DriftModeMeasurement
{
    public const string ProfileFile = "mode-1-profile.parquet";
    public const string MarginFile = "mode-1-margins.parquet";

    private const int Points = 21;
    private const int Tenths = 10;

    /// <param name="landscape">Around w₀.</param>
    /// <param name="window">Whose mode 1.</param>
    /// <param name="weights">w₀, all layers.</param>
    /// <param name="samples">Those whose margins are followed.</param>
    /// <param name="tables">Where the profile and the first margins are kept for the figures; null for not at all.</param>
    public static DriftMode Run(Landscape landscape, WindowModes window, DenseWeights weights, LabelledSamples samples, CellContext? tables)
    {
        double[] direction = [.. window.Modes.Direction(0).ToArray().Select(x => x * window.Alignment.Orientation)];
        double reach = Math.Abs(window.Drift[0].Displacement);
        double[] displacements = Generate.LinearSpaced(Points, -reach, reach);
        var tenths = new GroupedProfileReducer(Points, landscape.Samples, Math.Min(Tenths, landscape.Samples));
        landscape.Sweep(direction, displacements, withSlopes: false, tenths);
        double[] loss = [.. landscape.Profile(direction, displacements).Loss];
        var fit = Fit(displacements, loss);
        double[][] margins = Margins(weights, landscape.Space, direction, displacements, samples);
        var lines = margins.Select(margin => StraightLine.Fit(displacements, margin)).ToArray();
        if (tables is not null)
            Write(tables, displacements, loss, margins);
        return new()
        {
            Beta = -fit.C1,
            BetaOfTenths = [.. Enumerable.Range(0, tenths.Groups).Select(tenth => -Fit(displacements, tenths.Loss(tenth)).C1)],
            FitRSquared = fit.RSquared,
            MedianMarginRSquared = lines.Select(line => line.RSquared).Median(),
            GrowingMargins = lines.Average(line => line.Slope > 0 ? 1.0 : 0),
        };
    }

    private static Quadratic Fit(double[] displacements, double[] loss) => Quadratic.Fit(displacements, [.. loss.Select(value => Math.Log(value))]);

    /// <summary>ΔYₖ(θ₁): the correct output less the greatest wrong one, [samples][displacements].</summary>
    private static double[][] Margins(DenseWeights weights, WeightSpace space, double[] direction, double[] displacements, LabelledSamples samples)
    {
        float[] origin = space.Flatten(weights);
        var margins = new double[samples.Count][];
        for (int k = 0; k < samples.Count; k++)
            margins[k] = new double[displacements.Length];
        for (int i = 0; i < displacements.Length; i++)
        {
            float[] moved = [.. origin.Select((w, n) => (float)(w + displacements[i] * direction[n]))];
            double[] logits = Logits.Of(space.With(weights, moved), samples);
            int classes = weights.Network.Outputs;
            for (int k = 0; k < samples.Count; k++)
                margins[k][i] = Margin(logits.AsSpan(k * classes, classes), samples.Labels[k]);
        }

        return margins;
    }

    private static double Margin(ReadOnlySpan<double> logits, int label)
    {
        double greatest = double.NegativeInfinity;
        for (int n = 0; n < logits.Length; n++)
        {
            if (n != label)
                greatest = Math.Max(greatest, logits[n]);
        }

        return logits[label] - greatest;
    }

    private static void Write(CellContext tables, double[] displacements, double[] loss, double[][] margins)
    {
        ParquetTable.Write(tables.File(ProfileFile), [new Column("displacement", displacements), new Column("loss", loss)]);
        double[][] shown = margins[..Math.Min(12, margins.Length)];
        ParquetTable.Write(tables.File(MarginFile), [
            new Column("sample", [.. shown.SelectMany((margin, k) => Enumerable.Repeat(k, margin.Length))]),
            new Column("displacement", [.. shown.SelectMany(_ => displacements)]),
            new Column("margin", [.. shown.SelectMany(margin => margin)]),
        ]);
    }
}
