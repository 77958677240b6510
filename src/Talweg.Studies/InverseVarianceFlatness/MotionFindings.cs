using Talweg.Statistics;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;

namespace Talweg.Studies.InverseVarianceFlatness;

/// <summary>FT-1 to FT-5 and FT-24: how the weights move.</summary>
internal static class MotionFindings
{
    private const int FewestEpochs = 8;

    public static IEnumerable<Finding> Of(CellGroup group)
    {
        yield return Phases(group);
        yield return Spectrum(group);
        yield return LowDimension(group);
        yield return Drift(group);
        yield return Growth(group);
        yield return SlowingDown(group);
    }

    /// <summary>The change point of ln(training loss) against the epoch; null for fewer epochs than one can be found in.</summary>
    public static ChangePointEstimate? ChangePointOf(MeasuredCell cell)
    {
        var epochs = cell.Result.Epochs;
        return epochs.Count < FewestEpochs ? null : ChangePoint.Bootstrap(
            [.. epochs.Select(epoch => (double)epoch.Epoch)],
            [.. epochs.Select(epoch => Math.Log(epoch.TrainLoss))],
            new RandomStream(cell.Cell.Seed, "change point"));
    }

    private static Finding Phases(CellGroup group)
    {
        (MeasuredCell Cell, ChangePointEstimate? Change)[] changes = [.. group.Cells.Select(cell => (cell, ChangePointOf(cell)))];
        return new()
        {
            Id = "FT-1",
            Claim = "Learning has a fast phase and an exploration phase.",
            Estimator = "Continuous two-segment least-squares fit of ln(training loss) on the epoch; slope after the change over slope before, and both slopes, since a ratio forgets their signs. A change at the edge of where one may lie, with three epochs on one side, decides nothing. The bands are ours: the paper gives no number.",
            Published = "two phases; no figure for 2 hidden layers",
            Measurements = [
                Measure("slope after / slope before", Bands.SlowerByHalf, change => change.SlopeRatio),
                Measure("slope before", Bands.Falling, change => change.LeftSlope),
                Measure("slope after", Bands.Falling, change => change.RightSlope),
            ],
            Notes = ["Published: the change lies near epoch 50 with 4 hidden layers and near epoch 30 with LeNet.", .. changes.Select(each =>
                $"{each.Cell.Cell.Label}: {(each.Change is { } change ? $"loss changes pace at epoch {NumberText.Of(change.Location.Value)} {NumberText.Of(change.Location.Interval)}" : "too few epochs for a change of pace")}; "
                + (each.Cell.Result.ZeroErrorEpoch is { } zero ? $"training error is zero from epoch {zero}." : "training error never reaches zero."))],
        };

        Measurement Measure(string name, Band band, Func<ChangePointEstimate, Estimate> of)
        {
            Estimate Of(MeasuredCell cell) => changes.Single(each => ReferenceEquals(each.Cell, cell)).Change is { } change ? of(change) : new(double.NaN, null, "");
            var measured = group.MeasureCells(name, band, cell => Of(cell).Value, Of);
            return changes.Take(group.Estimating.Count).Any(each => each.Change?.Fit.IsAtEdge == true) ? measured with { UndecidedBecause = "the change lies at the edge of where one may" } : measured;
        }
    }

    private static Finding Spectrum(CellGroup group)
    {
        Measurement[] measurements = [
            group.Measure("γ", Bands.SpectrumExponent, (cell, w) => Estimators.SpectrumExponent(cell.Windows[w].Variance)) with
            {
                Nulls = group.Nulls(surrogate => Estimators.SpectrumExponent(surrogate.Variance)),
                HeldOut = group.Mean(cell => Estimators.SpectrumExponent(HeldOut(cell))),
            },
            group.Measure("σ₁²/σ₂²", Bands.Gap, (cell, w) => Estimators.Gap(cell.Windows[w].Variance)) with
            {
                Nulls = group.Nulls(surrogate => Estimators.Gap(surrogate.Variance)),
                HeldOut = group.Mean(cell => Estimators.Gap(HeldOut(cell))),
            },
        ];
        return new()
        {
            Id = "FT-2",
            Claim = "The variances fall as a power law of the rank after a few modes, and the first stands far above.",
            Estimator = "γ = −slope of ln σ²ᵢ on ln i, 20 < i < 200; ratio σ₁²/σ₂².",
            Published = "γ about 2.6 (2 to 3)",
            PublishedValue = 2.6,
            Measurements = measurements,
            Notes = [.. NullNotes.Of(Evidence.Of(measurements)), "Held out: the variances of the next window along the same directions, in the same order."],
        };
    }

    private static Finding LowDimension(CellGroup group)
    {
        var measurement = group.Measure("modes for 90%", Bands.ModesFor90, (cell, w) => Estimators.ModesFor90(cell.Windows[w].Variance)) with
        {
            Nulls = group.Nulls(surrogate => Estimators.ModesFor90(surrogate.Variance)),
        };
        return new()
        {
            Id = "FT-3",
            Claim = "The motion is low-dimensional.",
            Estimator = "Least n with Σ₂ⁿ σ² ≥ 0.9 Σ₂ᴺ σ², minus 1.",
            Published = "35 of 2500",
            PublishedValue = 35,
            Measurements = [measurement],
            Notes = [.. NullNotes.Of(Evidence.Of([measurement])), "No held-out value: in the next window the variance is known along the kept modes only, not in all directions."],
        };
    }

    private static Finding Drift(CellGroup group)
    {
        Measurement[] measurements = [
            group.Measure("straightness of mode 1", Bands.Drifting, (cell, w) => cell.Windows[w].Straightness[0] ?? double.NaN) with
            {
                Nulls = group.Nulls(surrogate => surrogate.Straightness[0] ?? double.NaN),
                HeldOut = group.Mean(cell => cell.Modes.HeldOutStraightness[0] ?? double.NaN),
            },
            group.Measure("persistence of mode 1", Bands.Drifting, (cell, w) => cell.Windows[w].Persistence[0] ?? double.NaN) with
            {
                Nulls = group.Nulls(surrogate => surrogate.Persistence[0] ?? double.NaN),
                HeldOut = group.Mean(cell => cell.Modes.HeldOutPersistence[0] ?? double.NaN),
            },
            group.Measure("median persistence of modes 2–200", Bands.Diffusing, (cell, w) => Estimators.MedianPersistence(cell.Windows[w].Persistence)) with
            {
                Nulls = group.Nulls(surrogate => Estimators.MedianPersistence(surrogate.Persistence)),
                HeldOut = group.Mean(cell => Estimators.MedianPersistence(cell.Modes.HeldOutPersistence)),
            },
        ];
        return new()
        {
            Id = "FT-4",
            Claim = "Mode 1 drifts, the others diffuse.",
            Estimator = "Straightness |θ(T) − θ(0)|/(√12 σ) and lag-1 correlation, about zero, of epoch-to-epoch displacements of mode 1; median of that correlation over modes 2 to 200.",
            Published = "drift only in mode 1",
            Measurements = measurements,
            Notes = [
                .. NullNotes.Of(Evidence.Of(measurements), (NullWindows.Names[2], "The recorded steps in another order within each epoch give the claim, and must: drift is made of whole epochs' displacements, which the shuffle keeps. The two walks tell drift from diffusion.")),
                $"Velocity correlation times τ = σ²/Δᵥ: mode 1 {NumberText.Of(group.Mean(cell => Epochs(cell, 1)))} epochs, mode 2 {NumberText.Of(group.Mean(cell => Epochs(cell, 2)))}, mode 50 {NumberText.Of(group.Mean(cell => Epochs(cell, 50)))}, mode 200 {NumberText.Of(group.Mean(cell => Epochs(cell, 200)))}.",
                "The correlation is taken about zero: about its mean a steady drift has none.",
            ],
        };
    }

    private static Finding Growth(CellGroup group) => new()
    {
        Id = "FT-5",
        Claim = "Mode 1 points along the weights, grows the margins linearly and lowers the loss.",
        Estimator = "|cos(p₁, w₀)|; median over samples of R² of the straight line through ΔYₖ(θ₁), the correct output less the greatest wrong one; β of ln L = ln L₀ − βθ₁ + β₂θ₁² with p₁ oriented so that ‖w‖ grows, over one window's drift on either side.",
        Published = "high alignment; linear; β > 0",
        Measurements = [
            group.Measure("|cos(p₁, w₀)|", Bands.Aligned, (cell, w) => cell.Result.Windows[w].Alignment ?? double.NaN),
            group.Measure("median R² of ΔY(θ₁)", Bands.StraightMargins, (cell, w) => cell.Result.Windows[w].DriftMode.MedianMarginRSquared),
            group.MeasureCells("β", Bands.Positive, cell => cell.Window.DriftMode.Beta, cell => MeanEstimate.Of([.. cell.Window.DriftMode.BetaOfTenths], "tenths of the samples")),
        ],
        Notes = [
            $"Margins grow along p₁ for {NumberText.Of(100 * group.Mean(cell => cell.Window.DriftMode.GrowingMargins))}% of the samples; R² of the fit of ln L is {NumberText.Of(group.Mean(cell => cell.Window.DriftMode.FitRSquared))}.",
        ],
    };

    private static Finding SlowingDown(CellGroup group) => new()
    {
        Id = "FT-24",
        Claim = "Mode 1 slows down in proportion to the loss.",
        Estimator = "Slope of ln v₁ on ln L over the recorded epochs, v₁ being the displacement per iteration along the own window's p₁, L the training loss. The band is ours.",
        Published = "proportional (exponent 1)",
        PublishedValue = 1,
        Measurements = [
            group.MeasureCells("exponent of v₁ ~ L^k", Bands.Proportional, cell => VelocityLaw(cell)?.Exponent ?? double.NaN, cell => VelocityLaw(cell)?.ToEstimate("epochs, taken as independent") ?? new(double.NaN, null, "")) with
            {
                LeftOut = group.Cells.Sum(cell => cell.Result.Drift.Count(drift => !(drift.Velocity > 0))),
                LeftOutReason = "epochs in which mode 1 moved backwards",
            },
        ],
    };

    private static PowerLawFit? VelocityLaw(MeasuredCell cell)
    {
        var moving = cell.Result.Drift.Where(drift => drift.Velocity > 0).ToArray();
        return moving.Length < 5 ? null : PowerLaw.LeastSquares([.. moving.Select(drift => drift.Loss)], [.. moving.Select(drift => drift.Velocity)]);
    }

    private static double Epochs(MeasuredCell cell, int rank) =>
        (cell.Modes.CorrelationTime.ElementAtOrDefault(rank - 1) ?? double.NaN) / cell.Result.IterationsPerEpoch;

    private static double[] HeldOut(MeasuredCell cell) => [.. cell.Modes.HeldOutVariance.TakeWhile(v => v is not null).Select(v => v!.Value)];
}
