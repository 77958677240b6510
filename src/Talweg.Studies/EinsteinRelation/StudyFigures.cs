using Talweg.Studies.Figures;
using Talweg.Studies.Findings;

namespace Talweg.Studies.EinsteinRelation;

/// <summary>The study's figures, from the controls and all variants.</summary>
internal static class StudyFigures
{
    public static IEnumerable<IFigure> Of(IReadOnlyList<MeasuredControl> controls, IReadOnlyList<MeasuredVariant> variants)
    {
        if (controls.Count > 0)
        {
            yield return Relation(controls);
            yield return Loss(controls[0].Result);
        }

        if (variants.Count == 0)
            yield break;
        var groups = variants.GroupBy(variant => variant.Cell.Task).OrderBy(group => group.Key).ToArray();
        yield return Curves(groups, "fig-noise-training-loss", "Training with different noise", "training loss (nats per example)",
            "Training loss against updates for each noise, means over seeds.", record => record.TrainLoss, logarithmic: true);
        yield return Curves(groups, "fig-noise-test-error", "Test error with different noise", "test error (%)",
            "Test error against updates for each noise, means over seeds.", record => 100 * record.TestError, logarithmic: false);
        yield return Comparison(groups, "fig-noise-final-test-error", "test error (%)", "Test error at the end, means over seeds with 95% intervals.", result => 100 * result.Last.TestError);
        yield return Comparison(groups, "fig-noise-final-flatness", "flatness F along the Hessian's top eigenvectors",
            "Flatness at the end, geometric mean over the Hessian's twenty top eigenvectors; means over seeds with 95% intervals.", result => result.SharpFlatness);
    }

    /// <summary>The modes that FT-20 fits and the lines of its exponents, so that the figure and the finding say one number.</summary>
    internal static EinsteinFigure Relation(IReadOnlyList<MeasuredControl> controls)
    {
        var shown = ControlFindings.Estimating(controls);
        var thermal = Points("constant temperature", shown, control => control.Thermal, control => control.Relaxed);
        var sgd = Points("SGD", shown, control => control.Sgd, control => Enumerable.Range(1, Math.Clamp(control.Sgd.Count - 1, 0, 199)));
        return new()
        {
            Thermal = thermal,
            ThermalFit = Line(thermal, ControlFindings.ThermalExponent(controls)),
            NotRelaxed = Points("fewer than ten relaxation times", shown, control => control.Thermal, control => Enumerable.Range(0, control.Thermal.Count).Except(control.Relaxed)),
            Sgd = sgd,
            SgdFit = Line(sgd, ControlFindings.SgdExponent(controls)),
        };
    }

    private static Curve Points(string label, IEnumerable<MeasuredControl> controls, Func<MeasuredControl, MotionTable> table, Func<MeasuredControl, IEnumerable<int>> modes)
    {
        var points = controls
            .SelectMany(control => modes(control).Select(mode => (Flatness: table(control).Flatness[mode], Variance: table(control).Variance[mode])))
            .Where(mode => mode.Flatness is not null && mode.Variance > 0).ToArray();
        return new(label, [.. points.Select(mode => mode.Flatness!.Value)], [.. points.Select(mode => mode.Variance)]);
    }

    private static FittedLine? Line(Curve points, Measurement exponent) =>
        FittedLine.Through(points, exponent.Value, $"exponent {NumberText.Of(exponent)}");

    private static ThermalLossFigure Loss(ControlResult result)
    {
        double[] times = [.. Enumerable.Range(0, result.BurnInLosses.Count + result.Losses.Count).Select(row => (double)row * result.Stride)];
        return new()
        {
            Steps = times,
            Losses = [.. result.BurnInLosses, .. result.Losses],
            WindowStart = result.BurnInLosses.Count * (double)result.Stride,
            SolutionLoss = result.SolutionLoss,
        };
    }

    private static ComparedCurvesFigure Curves(
        IEnumerable<IGrouping<EinsteinTask, MeasuredVariant>> groups, string name, string title, string quantity, string caption, Func<Training.EpochRecord, double> value, bool logarithmic) => new()
        {
            Name = name,
            Title = title,
            Quantity = quantity,
            Caption = caption,
            Logarithmic = logarithmic,
            Curves = [.. groups.Select(group =>
            {
                var first = group.First().Result;
                return new Curve(
                    EinsteinCell.Name(group.Key),
                    [.. first.Curve.Select(record => (double)record.Epoch * first.UpdatesPerEpoch)],
                    [.. first.Curve.Select((_, i) => group.Average(variant => value(variant.Result.Curve[i])))]);
            })],
        };

    private static ComparisonFigure Comparison(IEnumerable<IGrouping<EinsteinTask, MeasuredVariant>> groups, string name, string quantity, string caption, Func<VariantResult, double> value) => new()
    {
        Name = name,
        Title = "Where different noise leads",
        Quantity = quantity,
        Caption = caption,
        Rows = [.. groups.Select(group =>
        {
            var estimate = VariantFindings.Over(group.Select(variant => value(variant.Result)));
            return (EinsteinCell.Name(group.Key), estimate.Value, estimate.Interval);
        })],
    };
}
