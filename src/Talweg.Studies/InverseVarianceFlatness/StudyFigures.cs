using Talweg.Statistics;
using Talweg.Storage;
using Talweg.Studies.Figures;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;

namespace Talweg.Studies.InverseVarianceFlatness;

/// <summary>The papers' Figures 1, 2, S1 and S2 from the reference's first cell, and 2D over all settings.</summary>
internal static class StudyFigures
{
    public static IEnumerable<IFigure> Of(CellGroup reference, IReadOnlyList<CellGroup> settings, IReadOnlyList<SensitivityFindings.Variation> variations)
    {
        var cell = reference.First;
        yield return VarianceFlatness(settings);
        yield return FlatnessByRank(cell);
        yield return Spectrum(cell);
        yield return new CumulativeVarianceFigure { Variances = cell.Modes.Variance, Reached = (int)Estimators.ModesFor90(cell.Modes.Variance) + 1 };
        foreach (var plane in Planes(cell))
            yield return plane;
        foreach (var profile in Profiles(cell))
            yield return profile;
        yield return LearningCurve(cell);
        foreach (var figure in DriftMode(cell))
            yield return figure;
        yield return Sensitivity(reference, variations);
    }

    private static VarianceFlatnessFigure VarianceFlatness(IReadOnlyList<CellGroup> settings) => new() { Series = [.. settings.Select(Setting)] };

    /// <summary>The modes that FT-8 fits and the line of its ψ, so that the figure and the finding say one number.</summary>
    internal static (Curve Points, FittedLine? Fit) Setting(CellGroup group)
    {
        var points = group.Estimating
            .SelectMany(cell => cell.Modes.Flatness.Zip(cell.Modes.Variance).Take(200).Skip(1))
            .Where(mode => mode.First is not null && mode.Second > 0).ToArray();
        var curve = new Curve(group.Label, [.. points.Select(mode => mode.First!.Value)], [.. points.Select(mode => mode.Second)]);
        var psi = group.Measure("ψ", Bands.Psi, (cell, window) => Estimators.Psi(cell.Windows[window]));
        return (curve, FittedLine.Through(curve, -psi.Value, $"ψ = {NumberText.Of(psi)}"));
    }

    private static FittedLine? Line(PowerLawFit? law, double[] x, string symbol) => law is null ? null
        : new(law.Exponent, law.LogPrefactor, x.Min(), x.Max(), $"{symbol} = {NumberText.Of(-law.Exponent)}");

    private static FlatnessRankFigure FlatnessByRank(MeasuredCell cell)
    {
        var points = cell.Modes.Flatness.Select((value, i) => (Rank: i + 1.0, value)).Where(point => point.value is not null).ToArray();
        return new() { Ranks = [.. points.Select(point => point.Rank)], Flatness = [.. points.Select(point => point.value!.Value)] };
    }

    private static SpectrumFigure Spectrum(MeasuredCell cell)
    {
        int last = Math.Min(199, cell.Modes.Count);
        double[] ranks = [.. Enumerable.Range(21, Math.Max(0, last - 20)).Select(rank => (double)rank)];
        var law = ranks.Length < 3 ? null : PowerLaw.LeastSquares(ranks, cell.Modes.Variance.AsSpan(20, ranks.Length));
        return new()
        {
            Variances = cell.Modes.Variance,
            Fit = Line(law, ranks, "γ"),
            Nulls = [.. NullWindows.Names.Zip(cell.Nulls.Surrogates, (name, surrogate) => (name, (IReadOnlyList<double>)surrogate.Variance))],
        };
    }

    private static IEnumerable<IFigure> Planes(MeasuredCell cell)
    {
        var table = ParquetTable.Read(new OwnFolder(cell.Folder).File(DriftPlane.FileName));
        double[] epochs = table.Doubles("epoch");
        foreach (var (x, y, name, caption) in new[]
        {
            (1, 2, "fig-1c-drift", "The motion in the plane of modes 1 and 2, coloured by time: a steady drift along the first, none along the second."),
            (49, 50, "fig-1d-diffusion", "The motion in the plane of modes 49 and 50: a random walk that stays where it is."),
        })
        {
            if (table.Columns.Any(column => column.Name == $"mode_{y}"))
                yield return new DriftPlaneFigure { Name = name, Caption = caption, Modes = (x, y), X = table.Doubles($"mode_{x}"), Y = table.Doubles($"mode_{y}"), Duration = epochs[^1] - epochs[0] };
        }
    }

    private static IEnumerable<IFigure> Profiles(MeasuredCell cell)
    {
        var profiles = ProfileTable.Read(new OwnFolder(cell.Folder).File(ProfileTable.FileName));
        if (profiles.Count == 0)
            yield break;
        double top = 12 * cell.Window.LossAtOrigin;
        yield return new ProfileFigure { Profiles = profiles, Top = top };
        var shown = profiles[^1];
        double origin = cell.Window.LossAtOrigin;
        var inside = Where(shown, loss => loss <= Math.E * origin);
        var wider = Where(shown, loss => loss <= 8 * origin);
        var fit = inside.X.Count < 5 ? null : Quadratic.Fit([.. inside.X], [.. inside.Y.Select(loss => Math.Log(loss))]);
        yield return new LogProfileFigure
        {
            Mode = int.Parse(shown.Label.Split(' ')[^1]),
            Displacements = wider.X,
            Losses = wider.Y,
            LossAtOrigin = origin,
            Fit = fit is null ? null : (fit.C0, fit.C1, fit.C2),
            Sides = Sides(shown, origin),
        };
    }

    /// <summary>Where ln L first crosses ln L₀ + 1 on either side of 0, interpolated between the table's points.</summary>
    internal static (double Left, double Right)? Sides(Curve profile, double lossAtOrigin)
    {
        double level = Math.Log(lossAtOrigin) + 1;
        double? Crossing(IEnumerable<(double X, double Y)> outwards)
        {
            var (x, y) = (0.0, level - 1);
            foreach (var (nextX, loss) in outwards)
            {
                double nextY = Math.Log(loss);
                if (nextY >= level)
                    return x + (nextX - x) * (level - y) / (nextY - y);
                (x, y) = (nextX, nextY);
            }

            return null;
        }

        var points = profile.X.Zip(profile.Y, (x, y) => (X: x, Y: y)).ToArray();
        return (Crossing(points.Where(point => point.X < 0).Reverse()), Crossing(points.Where(point => point.X > 0))) is ({ } left, { } right) ? (left, right) : null;
    }

    private static Curve Where(Curve curve, Func<double, bool> keep)
    {
        var points = curve.X.Zip(curve.Y).Where(point => keep(point.Second)).ToArray();
        return curve with { X = [.. points.Select(point => point.First)], Y = [.. points.Select(point => point.Second)] };
    }

    private static LearningCurveFigure LearningCurve(MeasuredCell cell) => new()
    {
        Epochs = [.. cell.Result.Epochs.Select(epoch => (double)epoch.Epoch)],
        TrainLoss = [.. cell.Result.Epochs.Select(epoch => epoch.TrainLoss)],
        TestLoss = [.. cell.Result.Epochs.Select(epoch => epoch.TestLoss)],
        TrainError = [.. cell.Result.Epochs.Select(epoch => epoch.TrainError)],
        TestError = [.. cell.Result.Epochs.Select(epoch => epoch.TestError)],
        ChangePoint = MotionFindings.ChangePointOf(cell)?.Location.Value,
    };

    private static IEnumerable<IFigure> DriftMode(MeasuredCell cell)
    {
        var margins = ParquetTable.Read(new OwnFolder(cell.Folder).File(DriftModeMeasurement.MarginFile));
        int[] samples = margins.Ints("sample");
        double[] displacements = margins.Doubles("displacement");
        double[] values = margins.Doubles("margin");
        yield return new MarginFigure
        {
            Margins = [.. samples.Distinct().Select(sample =>
            {
                int first = Array.IndexOf(samples, sample);
                int end = Array.LastIndexOf(samples, sample) + 1;
                return new Curve($"sample {sample + 1}", displacements[first..end], values[first..end]);
            })],
        };
        var profile = ParquetTable.Read(new OwnFolder(cell.Folder).File(DriftModeMeasurement.ProfileFile));
        double[] x = profile.Doubles("displacement");
        double[] loss = profile.Doubles("loss");
        var fit = Quadratic.Fit(x, [.. loss.Select(value => Math.Log(value))]);
        yield return new DriftModeFigure { Displacements = x, Losses = loss, Fit = (fit.C0, fit.C1, fit.C2) };
    }

    private static SensitivityFigure Sensitivity(CellGroup reference, IReadOnlyList<SensitivityFindings.Variation> variations)
    {
        var psi = reference.Measure("ψ", Bands.Psi, (cell, w) => Estimators.Psi(cell.Windows[w]));
        return new()
        {
            Variations = [("reference", psi.Value, psi.Interval), .. variations.Select(v => (v.Label, v.Psi, Shifted(v, psi.Value)))],
            Band = Bands.Psi.Ends,
        };
    }

    /// <summary>The change's interval, moved to where ψ itself lies.</summary>
    private static Interval? Shifted(SensitivityFindings.Variation variation, double reference) =>
        variation.Shift.Interval is { } interval ? new(reference + interval.Low, reference + interval.High) : null;
}
