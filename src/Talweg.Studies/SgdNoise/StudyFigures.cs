using Talweg.Studies.Figures;
using Talweg.Studies.Findings;

namespace Talweg.Studies.SgdNoise;

/// <summary>Figures 3 and 5 of Feng and Tu (2020), 3B of 2021, and Musso's Figure 1, from the first cell of each part.</summary>
internal static class StudyFigures
{
    private const int ProfileTimes = 5;

    /// <summary>Centres of the bins in which distributions are counted, in standard deviations.</summary>
    private static readonly double[] Bins = MathNet.Numerics.Generate.LinearSpaced(33, -4, 4);

    public static IEnumerable<IFigure> OfModes(MeasuredModes cell)
    {
        if (cell.MinibatchProfiles.Count > 0)
            yield return MinibatchProfiles(cell);
        yield return Ensemble(cell);
        yield return Distributions(cell);
        yield return Velocities(cell);
        yield return Diffusion(cell);
        yield return TemperatureShape(cell);
        yield return TemperatureAgainstFlatness(cell);
        yield return TemperatureOverTraining(cell);
        yield return Cooling(cell);
    }

    public static IFigure OfLayers(LayerCooling cell)
    {
        var layers = cell.Rows.Where(row => row.Iteration > 0).GroupBy(row => row.Layer).OrderBy(group => group.Key).ToArray();
        IEnumerable<Series> Curves(IGrouping<int, SignalRow> layer, int colour)
        {
            double[] times = [.. layer.Select(row => (double)row.Iteration)];
            yield return new(new($"layer {layer.Key}", times, [.. layer.Select(row => row.Signal)]), SeriesStyle.Line, colour);
            yield return new(new("", times, [.. layer.Select(row => row.Deviation)]), SeriesStyle.Thin, colour);
        }

        return new CurvesFigure
        {
            Name = $"musso-1-layer-signals-{cell.Activation.ToLowerInvariant()}",
            Caption = $"Training signal of every layer (thick) and its standard deviation over minibatches (thin) during training with {cell.Activation}: Musso's Figure 1.",
            Title = $"Layers cool together? {cell.Activation}",
            X = "updates",
            Y = "signal s and its deviation",
            LogX = true,
            LogY = true,
            Series = [.. layers.SelectMany(Curves)],
        };
    }

    private static CurvesFigure MinibatchProfiles(MeasuredModes cell) => new()
    {
        Name = "fig-3a-minibatch-profiles",
        Caption = $"The loss of single minibatches (thin) and of all samples (thick) along mode {Math.Min(ModesMeasurement.ShownMode, cell.Cell.Modes)}: each minibatch has a valley of its own, elsewhere and of another width.",
        Title = "An ensemble of landscapes",
        X = "displacement δθ",
        Y = "loss",
        LogY = true,
        Series = [.. cell.MinibatchProfiles.GroupBy(row => row.Minibatch).OrderByDescending(group => group.Key).Select(group => new Series(
            new(group.Key < 0 ? "all samples" : group.Key == 0 ? "minibatches" : "", [.. group.Select(row => row.Displacement)], [.. group.Select(row => row.Loss)]),
            group.Key < 0 ? SeriesStyle.Line : SeriesStyle.Thin,
            group.Key < 0 ? 8 : 0))],
    };

    private static CurvesFigure Ensemble(MeasuredModes cell) => new()
    {
        Name = "fig-3b-ensemble-flatness",
        Caption = "Mean curvature M⁽⁰⁾ of the minibatches' valleys, variance σ̃² of their minima, and the combination that drives the diffusion, against the flatness of the whole landscape; one point a mode.",
        Title = "Minibatch valleys against flatness",
        X = "flatness Fᵢ",
        Y = "M, σ̃², M²σ̃²",
        LogX = true,
        LogY = true,
        Series = [
            Law("M", 0, cell.Diffusive.Select(row => (row.Flatness, row.Curvature))),
            Law("σ̃²", 1, cell.Diffusive.Select(row => (row.Flatness, row.MinimumVariance))),
            Law("M²σ̃²", 2, cell.Diffusive.Select(row => (row.Flatness, row.Curvature * row.Curvature * row.MinimumVariance))),
        ],
    };

    private static CurvesFigure Distributions(MeasuredModes cell) => new()
    {
        Name = "fig-ensemble-distributions",
        Caption = $"How curvature, minimum and loss at the origin are distributed over the minibatches along mode {Math.Min(ModesMeasurement.ShownMode, cell.Cell.Modes)}, each in units of its standard deviation from its mean; the grey line is the normal distribution that mean field takes them for.",
        Title = "What mean field takes for normal",
        X = "standard deviations from the mean",
        Y = "density",
        Series = [
            new(new("normal", Bins, [.. Bins.Select(z => MathNet.Numerics.Distributions.Normal.PDF(0, 1, z))]), SeriesStyle.Thin, 7),
            Density("curvature M", 0, cell.Valleys.Select(row => row.Curvature)),
            Density("minimum", 1, cell.Valleys.Select(row => row.Minimum)),
            Density("loss at the origin", 2, cell.Valleys.Select(row => (double?)row.LossAtOrigin)),
        ],
    };

    /// <summary>The share of the values in each bin about <see cref="Bins"/>, over the bin's width.</summary>
    private static Series Density(string label, int colour, IEnumerable<double?> values)
    {
        double[] known = [.. values.OfType<double>()];
        var (mean, deviation) = known.Length < 2 ? (0, 1) : MathNet.Numerics.Statistics.ArrayStatistics.MeanStandardDeviation(known);
        double width = Bins[1] - Bins[0];
        return new(new(label, Bins, [.. Bins.Select(bin => known.Count(value => Math.Abs((value - mean) / deviation - bin) <= width / 2) / (width * known.Length))]), SeriesStyle.Line, colour);
    }

    private static CurvesFigure Velocities(MeasuredModes cell) => new()
    {
        Name = "fig-2021-3b-velocities",
        Caption = "Variance of the velocity (per squared update) in the first window and correlation time (updates) in the middle one against flatness, one point a mode of each.",
        Title = "Noise strength and its memory",
        X = "flatness Fᵢ",
        Y = "Δᵥ, τ",
        LogX = true,
        LogY = true,
        Series = [
            Law("Δᵥ", 0, VelocityFindings.Points(cell.Motion[0], row => row.VelocityVariance)),
            Law("τ", 1, VelocityFindings.Points(cell.Motion[cell.Middle], row => row.CorrelationTime)),
        ],
    };

    private static CurvesFigure Diffusion(MeasuredModes cell)
    {
        var series = Law("modes", 0, EnsembleFindings.DiffusionPairs(cell));
        double[] ends = series.Curve.X.Count == 0 ? [] : [series.Curve.X.Min(), series.Curve.X.Max()];
        return new()
        {
            Name = "fig-diffusion-predicted",
            Caption = "Mean square velocity measured along each mode against the diffusion constant that the random-landscape theory predicts from the ensemble (2020, Eq. 14); the grey line is equality.",
            Title = "Diffusion from the ensemble",
            X = "predicted D",
            Y = "measured mean of v²",
            LogX = true,
            LogY = true,
            Series = [new(new("equality", ends, ends), SeriesStyle.Thin, 7), series],
        };
    }

    private static CurvesFigure TemperatureShape(MeasuredModes cell) => new()
    {
        Name = "fig-5a-temperature-profile",
        Caption = "Active temperature (thick) and loss (thin) along modes, each in units of its value nearest the origin, displacements in units of the valley's half width.",
        Title = "Hot where the loss is high",
        X = "displacement in half widths",
        Y = "T/T(0), L/L(0)",
        LogY = true,
        Series = [.. cell.TemperatureProfiles.GroupBy(row => row.Rank).SelectMany(Scaled)],
    };

    private static IEnumerable<Series> Scaled(IGrouping<int, TemperatureRow> group, int colour)
    {
        var origin = group.MinBy(row => Math.Abs(row.Displacement))!;
        double half = (group.Max(row => row.Displacement) - group.Min(row => row.Displacement)) / 4;
        double[] x = [.. group.Select(row => row.Displacement / half)];
        yield return new(new($"T, mode {group.Key}", x, [.. group.Select(row => row.Temperature / origin.Temperature)]), SeriesStyle.Line, colour);
        yield return new(new("", x, [.. group.Select(row => row.Loss / origin.Loss)]), SeriesStyle.Thin, colour);
    }

    private static CurvesFigure TemperatureAgainstFlatness(MeasuredModes cell) => new()
    {
        Name = "fig-5b-temperature-flatness",
        Caption = "Active temperature at the solution against flatness, one point a mode: cool where the landscape is flat.",
        Title = "Temperature against flatness",
        X = "flatness Fᵢ",
        Y = "active temperature Tᵢ(0)",
        LogX = true,
        LogY = true,
        Series = [Law("modes", 0, TemperatureFindings.AgainstFlatness(cell))],
    };

    private static CurvesFigure TemperatureOverTraining(MeasuredModes cell)
    {
        int mode = cell.OverTraining.Select(row => row.Rank).Distinct().MinBy(rank => Math.Abs(rank - ModesMeasurement.FollowedMode));
        long[] times = [.. cell.OverTraining.Where(row => row.Epoch is not null).Select(row => row.Iteration).Distinct().Order()];
        long[] shown = times.Length == 0 ? [] : [.. Enumerable.Range(0, ProfileTimes).Select(i => times[(times.Length - 1) * i / (ProfileTimes - 1)])];
        return new()
        {
            Name = "fig-5c-temperature-times",
            Caption = $"Profile of the active temperature along mode {mode} of the exploration phase, at the ends of epochs spread evenly over training.",
            Title = "The temperature profile cools",
            X = "displacement δθ",
            Y = "active temperature T",
            LogY = true,
            Series = [.. shown.Select((time, i) =>
            {
                var rows = cell.OverTraining.Where(row => row.Rank == mode && row.Iteration == time && row.Epoch is not null).ToArray();
                return new Series(new($"update {time}", [.. rows.Select(row => row.Displacement)], [.. rows.Select(row => row.Temperature)]), SeriesStyle.Line, i);
            })],
        };
    }

    private static CurvesFigure Cooling(MeasuredModes cell)
    {
        var modes = TemperatureFindings.AtOrigin(cell, _ => true).OrderBy(group => group.Key).ToArray();
        Series Curve(string label, IEnumerable<TemperatureRow> rows, Func<TemperatureRow, double> value, SeriesStyle style, int colour)
        {
            TemperatureRow[] ordered = [.. rows.Where(row => row.Iteration > 0).OrderBy(row => row.Iteration)];
            return new(new(label, [.. ordered.Select(row => (double)row.Iteration)], [.. ordered.Select(value)]), style, colour);
        }

        return new()
        {
            Name = "fig-5d-cooling",
            Caption = "Active temperature at the weights of the moment, along modes of the exploration phase, and the training loss (thin) over the whole training.",
            Title = "Learning cools",
            X = "updates",
            Y = "T(0), L",
            LogX = true,
            LogY = true,
            Series = [
                .. modes.Select((group, i) => Curve($"T, mode {group.Key}", group, row => row.Temperature, SeriesStyle.Line, i)),
                .. modes.Take(1).Select(group => Curve("loss", group, row => row.Loss, SeriesStyle.Thin, 7)),
            ],
        };
    }

    /// <summary>Points with a positive value each and the power law through them.</summary>
    private static Series Law(string label, int colour, IEnumerable<(double? X, double? Y)> points)
    {
        var known = points.Where(point => point is ( > 0, > 0)).ToArray();
        double[] x = [.. known.Select(point => point.X!.Value)], y = [.. known.Select(point => point.Y!.Value)];
        var fit = Laws.Fit(points);
        return new(new(label, x, y), SeriesStyle.Points, colour, fit is null ? null : new(fit.Exponent, fit.LogPrefactor, x.Min(), x.Max(), $"exponent {NumberText.Of(fit.Exponent)}"));
    }
}
