using Talweg.Statistics;
using Talweg.Studies.Figures;
using Talweg.Studies.Findings;

namespace Talweg.Studies.EinsteinRelation;

/// <summary>The study's figures, from the first control and all variants.</summary>
internal static class StudyFigures
{
    public static IEnumerable<IFigure> Of(IReadOnlyList<MeasuredControl> controls, IReadOnlyList<MeasuredVariant> variants)
    {
        if (controls.Count > 0)
        {
            yield return Relation(controls[0]);
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

    private static EinsteinFigure Relation(MeasuredControl control)
    {
        int[] relaxed = control.Relaxed;
        int[] others = [.. Enumerable.Range(0, control.Thermal.Count).Except(relaxed).Where(mode => control.Thermal.Flatness[mode] is not null)];
        int[] sgd = [.. Enumerable.Range(1, Math.Max(0, control.Sgd.Count - 1)).Where(mode => control.Sgd.Flatness[mode] is not null)];
        return new()
        {
            Thermal = Points("constant temperature", control.Thermal, relaxed),
            ThermalFit = Line(control.ThermalLaw, control.Thermal, relaxed),
            NotRelaxed = Points("fewer than ten relaxation times", control.Thermal, others),
            Sgd = Points("SGD", control.Sgd, sgd),
            SgdFit = Line(control.SgdLaw, control.Sgd, sgd),
        };
    }

    private static Curve Points(string label, MotionTable table, int[] modes) =>
        new(label, [.. modes.Select(mode => table.Flatness[mode]!.Value)], [.. modes.Select(mode => table.Variance[mode])]);

    private static FittedLine? Line(PowerLawFit? law, MotionTable table, int[] modes)
    {
        if (law is null)
            return null;
        double[] flatness = [.. modes.Select(mode => table.Flatness[mode]!.Value)];
        return new(law.Exponent, law.LogPrefactor, flatness.Min(), flatness.Max(), Legend(law));
    }

    private static string Legend(PowerLawFit law)
    {
        var (value, interval) = NumberText.Of(law.Exponent, law.Interval);
        return $"exponent {value} {interval}";
    }

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
