using Talweg.Statistics;
using Talweg.Studies.Findings;

namespace Talweg.Studies.EinsteinRelation;

/// <summary>FT-21: which noise finds solutions like SGD's.</summary>
internal static class VariantFindings
{
    public static Finding Of(IReadOnlyList<MeasuredVariant> variants) => new()
    {
        Id = "FT-21",
        Claim = "Only noise that depends on flatness leads gradient descent to solutions like SGD's: with it test error and flatness are SGD's; without it, or with isotropic noise, the error is higher and the valley sharper.",
        Estimator = "Differences of the test error after the same number of updates from the same initial weights, means over seeds; Student's interval. Shares of the test samples. Likewise ratios of F/√L, F being the geometric mean of the flatness in layer 2 along the Hessian's top eigenvectors and L the training loss: on a parabola F² = 8(e − 1)L/λ, so F/√L compares curvatures λ, whatever the loss. Alike means within 0.005 and within a tenth; all bands are ours.",
        Published = "last two alike, first two worse",
        Measurements = [
            Difference(variants, EinsteinTask.Descent, EinsteinTask.Sgd, Rules.Worse),
            Difference(variants, EinsteinTask.ConstantNoise, EinsteinTask.Sgd, Rules.Worse),
            Difference(variants, EinsteinTask.Descent, EinsteinTask.FlatnessNoise, Rules.Worse),
            Difference(variants, EinsteinTask.ConstantNoise, EinsteinTask.FlatnessNoise, Rules.Worse),
            Difference(variants, EinsteinTask.FlatnessNoise, EinsteinTask.Sgd, Rules.Alike),
            FlatnessAgainstSgd(variants, EinsteinTask.Descent, Rules.Sharper),
            FlatnessAgainstSgd(variants, EinsteinTask.ConstantNoise, Rules.Sharper),
            FlatnessAgainstSgd(variants, EinsteinTask.FlatnessNoise, Rules.AsFlat),
        ],
        Notes = [.. variants.GroupBy(variant => variant.Cell.Task).OrderBy(group => group.Key).Select(Summary),
            .. variants.Select(variant => variant.Cell.Task).Where(task => task != EinsteinTask.Sgd).Distinct().Order().Select(task => RawFlatness(variants, task))],
    };

    /// <summary>Mean and interval over seeds of one number a run; no interval below three seeds.</summary>
    public static Estimate Over(IEnumerable<double> values)
    {
        double[] all = [.. values];
        if (all.Length == 0 || !all.All(double.IsFinite))
            return new(double.NaN, null, "");
        var estimate = MeanEstimate.Of(all, "seeds");
        return all.Length >= CellValues.FewestSeeds ? estimate : estimate with { Interval = null };
    }

    private static IEnumerable<double> Pairs(IReadOnlyList<MeasuredVariant> variants, EinsteinTask task, EinsteinTask other, Func<VariantResult, VariantResult, double> compare) =>
        from one in variants
        where one.Cell.Task == task
        from two in variants
        where two.Cell.Task == other && two.Cell.Seed == one.Cell.Seed
        select compare(one.Result, two.Result);

    private static Measurement Difference(IReadOnlyList<MeasuredVariant> variants, EinsteinTask task, EinsteinTask other, Band band) =>
        Measure($"test error: {EinsteinCell.Name(task)} − {EinsteinCell.Name(other)}", band, Pairs(variants, task, other, (one, two) => one.Last.TestError - two.Last.TestError));

    private static Measurement FlatnessAgainstSgd(IReadOnlyList<MeasuredVariant> variants, EinsteinTask task, Band band) =>
        Measure($"F/√L: {EinsteinCell.Name(task)} over {EinsteinCell.Name(EinsteinTask.Sgd)}", band, Pairs(variants, task, EinsteinTask.Sgd, (one, two) => AtUnitLoss(one) / AtUnitLoss(two))) with
        {
            LeftOut = variants.Where(variant => variant.Cell.Task == task || variant.Cell.Task == EinsteinTask.Sgd).Sum(variant => variant.Result.OpenDirections),
            LeftOutReason = "directions with a side that was not found, of those at random and the Hessian's top eigenvectors",
        };

    private static double AtUnitLoss(VariantResult result) => result.SharpFlatness / Math.Sqrt(result.Last.TrainLoss);

    private static string RawFlatness(IReadOnlyList<MeasuredVariant> variants, EinsteinTask task)
    {
        var estimate = Over(Pairs(variants, task, EinsteinTask.Sgd, (one, two) => one.SharpFlatness / two.SharpFlatness));
        var (text, interval) = NumberText.Of(estimate.Value, estimate.Interval);
        return $"{EinsteinCell.Name(task)}: F itself, at its own training loss, is {text} {interval} of SGD's, paired by seed.";
    }

    private static Measurement Measure(string name, Band band, IEnumerable<double> pairs)
    {
        var estimate = Over(pairs);
        return new() { Name = name, Band = band, Value = estimate.Value, Interval = estimate.Interval, IntervalOver = estimate.Interval is null ? "" : estimate.Over };
    }

    private static string Summary(IGrouping<EinsteinTask, MeasuredVariant> group)
    {
        string Mean(Func<VariantResult, double> value)
        {
            var estimate = Over(group.Select(variant => value(variant.Result)));
            var (text, interval) = NumberText.Of(estimate.Value, estimate.Interval);
            return estimate.Interval is null ? text : $"{text} {interval}";
        }

        long?[] zero = [.. group.Select(variant => variant.Result.ZeroErrorUpdate)];
        string phase = zero.All(update => update is null) ? "training error never seen at zero"
            : $"zero training error first seen at update {string.Join(", ", zero.Select(update => update is { } u ? $"{u}" : "none"))}";
        return $"{EinsteinCell.Name(group.Key)}: {phase}; at the end training loss {Mean(r => r.Last.TrainLoss)}, test error {Mean(r => r.Last.TestError)}, "
            + $"F {Mean(r => r.RandomFlatness)} along random directions and {Mean(r => r.SharpFlatness)} along the Hessian's top eigenvectors.";
    }
}
