using Talweg.Statistics;
using Talweg.Studies.Findings;

namespace Talweg.Studies.InverseVarianceFlatness;

/// <summary>FT-6, FT-7, FT-8 and FT-23: the valley along the modes, and how it goes with their variance.</summary>
internal static class LandscapeFindings
{
    public static IEnumerable<Finding> Of(CellGroup group, IReadOnlyList<CellGroup> settings)
    {
        yield return Parabola(group);
        yield return FlatterWithRank(group);
        yield return InverseRelation(group, settings);
        yield return Level(group);
    }

    private static Finding Parabola(CellGroup group) => new()
    {
        Id = "FT-6",
        Claim = "ln L is quadratic along the diffusive modes.",
        Estimator = "Median over modes 2 to 200 of R² of the least-squares parabola through ln L at 41 points from θₗ to θᵣ.",
        Published = "fits well",
        Measurements = [
            WithoutOpenSides(group, group.Measure("median R²", Bands.Quadratic, (cell, w) => Estimators.MedianFit(cell.Windows[w].FitRSquared))),
        ],
        Notes = [$"Median ratio of the fit's flatness to the width's, modes 2 to 200: {NumberText.Of(group.Mean(FitOverWidth))}."],
    };

    private static Finding FlatterWithRank(CellGroup group)
    {
        var measurement = WithoutOpenSides(group, group.Measure("Spearman(i, F)", Bands.Increasing, (cell, w) => Estimators.RankCorrelation(cell.Windows[w].Flatness))) with
        {
            Nulls = group.Nulls(surrogate => Estimators.RankCorrelation(surrogate.Flatness)),
            HeldOut = group.Mean(HeldOutRankCorrelation),
        };
        return new()
        {
            Id = "FT-7",
            Claim = "Flatness grows with the mode's rank.",
            Estimator = "Spearman's correlation of i and Fᵢ, 2 ≤ i ≤ 200.",
            Published = "increasing",
            Measurements = [measurement],
            Notes = [.. NullNotes.Of(Evidence.Of([measurement]), NullNotes.RandomDirections), "Held out: modes ranked by their variance in the next window."],
        };
    }

    private static Finding InverseRelation(CellGroup reference, IReadOnlyList<CellGroup> settings)
    {
        Measurement[] measurements = [.. settings.Select(group => Psi(group, settings))];
        return new()
        {
            Id = "FT-8",
            Claim = "Inverse variance–flatness relation: σ² ~ F^−ψ with ψ about 4, for every batch size and learning rate.",
            Estimator = "ψ = −slope of ln σ²ᵢ on ln Fᵢ, least squares, 2 ≤ i ≤ 200; one measurement per B and α.",
            Published = "ψ about 4",
            PublishedValue = 4,
            Settings = true,
            Measurements = measurements,
            Notes = [.. InverseNotes(reference, measurements), .. NullNotes.Of(Evidence.Of(measurements, settings: true), NullNotes.RandomDirections)],
        };
    }

    private static Measurement Psi(CellGroup group, IReadOnlyList<CellGroup> settings) =>
        WithoutOpenSides(group, group.Measure(Name(group, settings), Bands.Psi, (cell, w) => Estimators.Psi(cell.Windows[w]))) with
        {
            Nulls = group.Nulls(surrogate => Estimators.Psi(surrogate.Flatness, Estimators.Nullable(surrogate.Variance))),
            HeldOut = group.Mean(cell => Estimators.Psi(cell.Modes.Flatness, cell.Modes.HeldOutVariance)),
        };

    private static IEnumerable<string> InverseNotes(CellGroup reference, Measurement[] measurements)
    {
        double[] means = [.. measurements.Select(measurement => measurement.Value).Where(double.IsFinite)];
        if (means.Length > 1)
            yield return $"ψ spreads from {NumberText.Of(means.Min())} to {NumberText.Of(means.Max())} over the settings of B and α.";
        double heldOut = reference.Mean(cell => Estimators.Psi(cell.Modes.Flatness, cell.Modes.HeldOutVariance));
        if (double.IsFinite(heldOut))
        {
            yield return $"Held out, the variance of the next window along the same modes gives ψ = {NumberText.Of(heldOut)} at {reference.Label}: "
                + (Bands.Psi.Contains(heldOut) ? "the exponent carries over to the next window." : "modes found in one window do not keep the exponent in the next, where they are principal modes no longer.");
        }

        yield return $"Standard deviation of ln F at {reference.Label}: {NumberText.Of(reference.Mean(cell => Spread(cell.Modes.Flatness)))} over the modes; over the surrogates' modes "
            + $"{string.Join(", ", reference.Nulls(surrogate => Spread(surrogate.Flatness)).Select(n => $"{NumberText.Of(n.Value)} ({n.Surrogate})"))}. Where F hardly varies, ψ means little.";
        var law = Estimators.Law(reference.First.Modes.Flatness, Estimators.Nullable(reference.First.Modes.Variance));
        if (law is not null)
            yield return $"{reference.First.Cell.Label}: R² of the straight line in logarithms is {NumberText.Of(law.RSquared)}; over its modes alone ψ = {NumberText.Of(-law.Exponent)}, interval {NumberText.Of(new Interval(-law.Interval.High, -law.Interval.Low))} if modes were independent.";
    }

    private static Finding Level(CellGroup group) => new()
    {
        Id = "FT-23",
        Claim = "The level in the flatness' definition does not matter.",
        Estimator = "ψ with level 2 minus ψ with level e, same modes. The band is ours: a tenth of the published 4.",
        Published = "same ψ (difference 0)",
        PublishedValue = 0,
        Measurements = [
            group.MeasureCells("ψ(2) − ψ(e)", Bands.SamePsi, cell => LevelShift(cell.Modes), cell => ModeJackknife.Of(cell, 200, keep => LevelShift(keep(cell.Modes)))),
        ],
    };

    private static double LevelShift(ModeTable modes) => Estimators.Psi(modes.FlatnessAtLevel2, Estimators.Nullable(modes.Variance)) - Estimators.Psi(modes);

    private static Measurement WithoutOpenSides(CellGroup group, Measurement measurement) => measurement with
    {
        LeftOut = group.Cells.Sum(cell => cell.Modes.OpenSides.Take(200).Skip(1).Count(sides => sides > 0)),
        LeftOutReason = LeftOutReasons.SidesNotFound,
    };

    /// <summary>Standard deviation of ln Fᵢ, 2 ≤ i ≤ 200.</summary>
    private static double Spread(double?[] flatness) =>
        MathNet.Numerics.Statistics.Statistics.StandardDeviation(flatness.Take(200).Skip(1).OfType<double>().Select(value => Math.Log(value)));

    private static string Name(CellGroup group, IReadOnlyList<CellGroup> settings) =>
        settings.Count == 1 ? "ψ" : $"ψ at {group.Label}";

    private static double FitOverWidth(MeasuredCell cell)
    {
        double[] ratios = [.. cell.Modes.FitFlatness.Zip(cell.Modes.Flatness).Take(200).Skip(1)
            .Where(pair => pair is (not null, not null)).Select(pair => pair.First!.Value / pair.Second!.Value)];
        return ratios.Length == 0 ? double.NaN : MathNet.Numerics.Statistics.Statistics.Median(ratios);
    }

    private static double HeldOutRankCorrelation(MeasuredCell cell)
    {
        var modes = cell.Modes.Flatness.Zip(cell.Modes.HeldOutVariance).Take(200).Skip(1).Where(pair => pair is (not null, not null)).ToArray();
        return modes.Length < 4 ? double.NaN
            : Correlation.Spearman([.. modes.Select(pair => -pair.Second!.Value)], [.. modes.Select(pair => pair.First!.Value)]).Coefficient;
    }
}
