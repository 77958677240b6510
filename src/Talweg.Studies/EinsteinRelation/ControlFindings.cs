using Talweg.Statistics;
using Talweg.Studies.Findings;

namespace Talweg.Studies.EinsteinRelation;

/// <summary>FT-20: what constant temperature makes of the landscape on which SGD shows the inverse relation.</summary>
internal static class ControlFindings
{
    public static Finding Of(IReadOnlyList<MeasuredControl> controls) => new()
    {
        Id = "FT-20",
        Claim = "SGD turns the Einstein relation round: on the same landscape constant isotropic noise gives variances that grow with flatness as σ² ~ F², SGD variances that fall.",
        Estimator = "Slope of ln σ²ᵢ on ln Fᵢ, least squares: for thermal motion over modes with at least ten relaxation times in the window, for SGD over modes 2 to 200. Change of thermal motion's loss over its window in units of its mean.",
        Published = "opposite signs; +2 in equilibrium",
        PublishedValue = 2,
        Measurements = [
            ThermalExponent(controls) with
            {
                LeftOut = controls.Sum(control => control.Thermal.Count - control.Relaxed.Length),
                LeftOutReason = "modes with fewer than ten relaxation times in the window",
            },
            SgdExponent(controls) with
            {
                LeftOut = controls.Sum(control => control.Sgd.Flatness.Skip(1).Count(f => f is null)),
                LeftOutReason = LeftOutReasons.SidesNotFound,
            },
            Drift(controls),
        ],
        Notes = [.. controls.SelectMany(Notes)],
    };

    /// <summary>Over the modes in equilibrium, without counts of what was left out.</summary>
    public static Measurement ThermalExponent(IReadOnlyList<MeasuredControl> controls) =>
        Exponent(controls, "exponent under constant temperature", Rules.Thermal, control => control.ThermalLaw);

    /// <summary>Over SGD's modes 2 to 200, likewise.</summary>
    public static Measurement SgdExponent(IReadOnlyList<MeasuredControl> controls) =>
        Exponent(controls, "exponent under SGD", Rules.Inverse, control => control.SgdLaw);

    /// <summary>The controls that a value speaks of: all where there are enough for an interval over seeds, else the first.</summary>
    public static IReadOnlyList<MeasuredControl> Estimating(IReadOnlyList<MeasuredControl> controls) =>
        controls.Count >= CellValues.FewestSeeds ? controls : [.. controls.Take(1)];

    private static Measurement Exponent(IReadOnlyList<MeasuredControl> controls, string name, Band band, Func<MeasuredControl, PowerLawFit?> law)
    {
        PowerLawFit?[] fits = [.. controls.Select(law)];
        if (fits.Any(fit => fit is null))
            return new() { Name = name, Band = band, Value = double.NaN };
        var estimate = fits.Length >= CellValues.FewestSeeds ? PowerLaw.OverCells(fits!, "seeds") : fits[0]!.ToEstimate("modes of one run");
        return Measured(name, band, estimate, fits.Length);
    }

    private static Measurement Drift(IReadOnlyList<MeasuredControl> controls)
    {
        var estimate = controls.Count >= CellValues.FewestSeeds
            ? MeanEstimate.Of([.. controls.Select(control => control.Result.LossDrift)], "seeds")
            : controls[0].Result.Drift;
        return Measured("drift of the thermal loss", Rules.Stationary, estimate, controls.Count);
    }

    private static Measurement Measured(string name, Band band, Estimate estimate, int runs) =>
        new() { Name = name, Band = band, Value = estimate.Value, Interval = estimate.Interval, IntervalOver = estimate.Over, WithinOneRun = estimate.Interval is not null && runs < CellValues.FewestSeeds };

    private static IEnumerable<string> Notes(MeasuredControl control)
    {
        var result = control.Result;
        string seed = $"Seed {control.Cell.Seed}: ";
        yield return $"{seed}step size {NumberText.Of(result.StepSize)} and temperature {NumberText.Of(result.Temperature)} by rule; the span of {result.Curvatures.Count} directions, with curvatures from "
            + $"{NumberText.Of(result.Curvatures[0])} to {NumberText.Of(result.Curvatures[^1])}, holds {NumberText.Of(100 * result.SquaredGradientInSpan / result.SquaredGradient)}% of ‖∇L‖².";
        yield return $"{seed}loss {NumberText.Of(result.SolutionLoss)} at the solution, {NumberText.Of(result.Losses.Average())} on average in thermal motion.";
        int[] left = [.. Enumerable.Range(0, control.Thermal.Count).Except(control.Relaxed).Select(mode => mode + 1)];
        yield return left.Length == 0
            ? $"{seed}all {control.Thermal.Count} modes have at least ten relaxation times in the window."
            : $"{seed}not fitted, with fewer than ten relaxation times: modes {string.Join(", ", left)}.";
        if (control.ThermalLaw is { } thermal)
            yield return $"{seed}R² of the straight line in logarithms: {NumberText.Of(thermal.RSquared)} in thermal motion{(control.SgdLaw is { } sgd ? $", {NumberText.Of(sgd.RSquared)} under SGD" : "")}.";
        if (control.FixedLaw is { } along)
            yield return $"{seed}along the Hessian's eigenvectors, fixed before the motion and not chosen by its variance, the exponent is {NumberText.Of(along.Exponent)} {NumberText.Of(along.Interval)}.";
        if (result.ZeroErrorEpoch is null)
            yield return $"{seed}training error never reached zero within {control.Cell.MaxEpochs} epochs, so the solution is the last point.";
    }
}
