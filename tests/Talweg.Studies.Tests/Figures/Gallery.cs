using Talweg.Statistics;
using Talweg.Studies.Figures;

namespace Talweg.Studies.Tests.Figures;

/// <summary>Every figure, over numbers drawn to look like a study's.</summary>
internal static class Gallery
{
    private static double[] Grid(int count, double low, double high) => [.. Enumerable.Range(0, count).Select(i => low + (high - low) * i / (count - 1))];

    private static double[] Spectrum(double first, double exponent, int seed)
    {
        var random = new RandomStream(seed, "spectrum");
        return [.. Enumerable.Range(1, 2500).Select(i =>
            (i == 1 ? first : 1) * 3e-3 / (1 + Math.Pow(i / 12.0, exponent) * (1 + Math.Pow(i / 300.0, 3))) * Math.Exp(0.05 * random.NextNormal()))];
    }

    private static double[] Walk(int steps, double drift, int seed)
    {
        var random = new RandomStream(seed, "walk");
        double position = 0;
        return [.. Enumerable.Range(0, steps).Select(_ => position = (drift > 0 ? position : 0.99 * position) + drift + 0.01 * random.NextNormal())];
    }

    private static (Curve, FittedLine?) Setting(int b, double rate, double psi, int seed)
    {
        var random = new RandomStream(seed, "setting");
        double[] flatness = [.. Enumerable.Range(2, 199).Select(i => 0.7 * Math.Pow(i, 0.55) * Math.Exp(0.08 * random.NextNormal()))];
        double[] variance = [.. flatness.Select(f => 0.01 * rate / b * Math.Pow(f, -psi) * Math.Exp(0.25 * random.NextNormal()))];
        return (new($"B = {b}, α = {rate}", flatness, variance), new(-psi, Math.Log(0.01 * rate / b), 1, 13, $"ψ = {psi} [{psi - 0.2:0.0}, {psi + 0.2:0.0}]"));
    }

    private static double[] Valley(double[] x, double width, double slope = 0) => [.. x.Select(t => 6e-4 * Math.Exp(slope * t + 4 * t * t / (width * width)))];

    private static readonly string[] NoiseNames = ["gradient descent", "+ constant isotropic noise", "+ isotropic noise, SGD's strength", "+ noise spread by flatness", "SGD"];

    private static readonly string[] Layers = ["four hidden layers, layer 2", "four hidden layers, layer 3", "LeNet, layer 1", "LeNet, layer 2", "LeNet in colour, momentum, layer 1", "two hidden layers, momentum, layer 2", "two hidden layers, Adam, layer 2"];

    private static (Curve, FittedLine?) Layer(string name, int seed)
    {
        var (points, fit) = Setting(50, 0.1, 4, seed);
        return (points with { Label = name.Replace(", layer", "\nlayer", StringComparison.Ordinal) }, seed == 2 ? null : fit! with { Legend = "ψ = 4.0" });
    }

    public static IReadOnlyList<IFigure> All()
    {
        double[] x = Grid(81, -3, 3);
        double[] narrow = Grid(41, -0.8, 0.8);
        double[] epochs = Grid(101, 0, 100);
        double[] spectrum = Spectrum(60, 2.6, 1);
        return
        [
            new SpectrumFigure
            {
                Variances = spectrum,
                Fit = new(-2.6, Math.Log(3e-3) + 2.6 * Math.Log(12), 20, 200, "γ = 2.62 [2.55, 2.70]"),
                Nulls = [("isotropic walk", Spectrum(4, 2, 2)), ("epoch-balanced walk", Spectrum(1, 1.2, 3)), ("shuffled steps", Spectrum(3, 1.5, 4))],
            },
            new CumulativeVarianceFigure { Variances = spectrum, Reached = 35 },
            new DriftPlaneFigure { Name = "fig-1c-drift", Caption = "Drift.", Modes = (1, 2), X = Walk(6000, 0.001, 5), Y = Walk(6000, 0, 6), Duration = 10 },
            new DriftPlaneFigure { Name = "fig-1d-diffusion", Caption = "Diffusion.", Modes = (49, 50), X = Walk(6000, 0, 7), Y = Walk(6000, 0, 8), Duration = 10 },
            new ProfileFigure { Profiles = [.. new[] { 10, 20, 50, 100 }.Select((i, k) => new Curve($"i = {i}", x, Valley(x, 1.9 + k)))] },
            new LogProfileFigure { Mode = 20, Displacements = narrow, Losses = Valley(narrow, 1), LossAtOrigin = 6e-4, Fit = (Math.Log(6.1e-4), 0, 3.9), Sides = (-0.5, 0.5) },
            new FlatnessRankFigure { Ranks = Grid(199, 2, 200), Flatness = Setting(50, 0.1, 4, 9).Item1.X },
            new VarianceFlatnessFigure { Series = [Setting(50, 0.1, 4, 10), Setting(25, 0.1, 3.8, 11), Setting(100, 0.1, 4.1, 12), Setting(50, 0.05, 3.9, 13), Setting(50, 0.2, 4.2, 14)] },
            new VarianceFlatnessFigure
            {
                Name = "fig-2d-twelve-settings",
                Series = [.. from b in new[] { 25, 50, 100, 200 } from rate in new[] { 0.05, 0.1, 0.2 } select Setting(b, rate, 3.5 + 2 * rate + b / 400.0, b)],
            },
            new LearningCurveFigure
            {
                Epochs = epochs,
                TrainLoss = [.. epochs.Select(e => 2.3 * Math.Exp(-e / 6) + 1e-3 * Math.Exp(-e / 60))],
                TestLoss = [.. epochs.Select(e => 2.3 * Math.Exp(-e / 4) + 0.1 + 0.001 * e)],
                TrainError = [.. epochs.Select(e => 0.9 * Math.Exp(-e / 3))],
                TestError = [.. epochs.Select(e => 0.88 * Math.Exp(-e / 3) + 0.022)],
                ChangePoint = 43,
            },
            new DriftModeFigure
            {
                Displacements = x,
                Losses = Valley(x, 9, -0.8),
                Fit = (Math.Log(6e-4), -0.8, 0.05),
                Others = [new("i = 2", x, Valley(x, 4)), new("i = 10", x, Valley(x, 5)), new("i = 50", x, Valley(x, 7))],
            },
            new MarginFigure { Margins = [.. Enumerable.Range(0, 10).Select(k => new Curve($"digit {k}", x[..25], [.. x[..25].Select(t => 5 + k * 0.4 + (0.6 + 0.1 * k) * t)]))] },
            new SensitivityFigure
            {
                Band = new(3, 5),
                Variations = [("modes 2–200", 3.9, new(3.6, 4.2)), ("modes 20–200", 4.3, new(3.7, 5.2)), ("modes 2–1000", 3.4, new(3.2, 3.6)), ("Theil–Sen", 3.95, new(3.5, 4.3)), ("level 2 instead of e", 3.8, null), ("held-out window", 2.5, new(2.2, 2.8))],
            },
            new EinsteinFigure
            {
                Thermal = Setting(50, 0.1, -2, 20).Item1 with { Label = "constant temperature" },
                ThermalFit = new(2, Math.Log(0.01 * 0.1 / 50), 0.7, 13, "exponent 2.00 [1.95, 2.05]"),
                NotRelaxed = new("fewer than ten relaxation times", [14, 16, 20], [2e-3, 2e-3, 1.8e-3]),
                Sgd = Setting(50, 0.1, 4, 21).Item1 with { Label = "SGD" },
                SgdFit = new(-4, Math.Log(0.01 * 0.1 / 50), 0.7, 13, "exponent −4.00 [−4.10, −3.90]"),
            },
            new ThermalLossFigure
            {
                Steps = Grid(6000, 0, 60_000),
                Losses = [.. Walk(6000, 0, 22).Select(x => 6.5e-3 * (1 + 0.3 * x))],
                WindowStart = 20_000,
                SolutionLoss = 6.1e-3,
            },
            new ComparedCurvesFigure
            {
                Name = "fig-noise-training-loss",
                Title = "Training with different noise",
                Quantity = "training loss (nats per example)",
                Caption = "Curves.",
                Logarithmic = true,
                Curves = [.. NoiseNames.Select((name, i) => new Curve(name, epochs, [.. epochs.Select(e => 2.3 * Math.Exp(-e / (8 + 3 * i)) + 1e-3 * (i + 1))]))],
            },
            new ComparisonFigure
            {
                Name = "fig-noise-final-test-error",
                Title = "Where different noise leads",
                Quantity = "test error (%)",
                Caption = "Points.",
                Rows = [.. NoiseNames.Select((name, i) => (name, 11 + 0.3 * i, i == 2 ? null : (Interval?)new Interval(10.8 + 0.3 * i, 11.2 + 0.3 * i)))],
            },
            new SmallMultiplesFigure
            {
                Name = "fig-s3-variance-flatness",
                Title = "Variance against flatness in every layer",
                Caption = "Panels.",
                X = "flatness Fᵢ",
                Y = "variance σᵢ²",
                Panels = [.. Layers.Select((layer, i) => Layer(layer, i))],
            },
            new RankCorrelationFigure
            {
                Name = "fig-rank-correlations",
                Title = "The relation in every layer",
                Quantity = "Spearman(σ², F)",
                Caption = "Points.",
                Rows = [.. Layers.Select((layer, i) => (layer, -0.98 + 0.09 * i, i == 1 ? null : (Interval?)new Interval(-1 + 0.09 * i, -0.9 + 0.1 * i), -0.97 + 0.05 * i))],
            },
        ];
    }
}
