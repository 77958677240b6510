using Talweg.Studies.FlatnessAndHessian;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.FlatnessAndHessian;

/// <summary>Cells with numbers made up after known laws, as if they had been measured, in folders below a root.</summary>
internal sealed class HessianCells(string root)
{
    private const double Loss = 0.005, Norm = 4;

    /// <summary>Modes on F = 1.1 · parabola · λ^bend, a thousandth more or less of a bend in seeds 1 and 3, so that R² and the median ratio follow; one mode beyond the 200th lies off it; directions of vanishing and of negative curvature, of which some are open.</summary>
    public FinishedCell<HessianCell> Cell(int seed, bool tanh = false, double bend = -0.2, int openFlat = 0, int openNegative = 0, double overlap = 0.8, bool completed = true, bool flatModes = false)
    {
        string folder = Directory.CreateDirectory(Path.Combine(root, $"cell-{seed}-{tanh}-{Guid.NewGuid()}")).FullName;
        double[] spectrum = [.. Enumerable.Range(0, 300).Select(i => i < 250 ? Math.Pow(0.97, i) : tanh ? -1e-4 * (i - 249) : 0)];
        var result = new CellResult
        {
            ZeroErrorEpoch = seed == 3 ? null : 20,
            Iterations = 4000,
            Loss = Loss,
            Norm = Norm,
            Spectrum = spectrum,
            LanczosValues = spectrum[..3],
            LanczosResiduals = [1e-10, 2e-9, 1e-12],
            LanczosProducts = 40,
            LanczosEnding = "Converged",
            Overlap = overlap + 0.001 * seed,
            RandomOverlap = 0.01 + 0.001 * seed,
        };
        List<DirectionRow> rows = [.. Enumerable.Range(1, 250).Select(i => Row(DirectionRow.Mode, i, spectrum[i - 1], Width(spectrum[i - 1]) * (i == 200 + 10 * seed ? 3 : 1)))];
        if (flatModes)
            rows.AddRange(Enumerable.Range(251, 2).Select(i => Row(DirectionRow.Mode, i, 1e-9, 40)));
        rows.AddRange(Enumerable.Range(1, 30).Select(i => Row(DirectionRow.Flat, i, 1e-9, i <= openFlat ? null : 30)));
        rows.AddRange(Enumerable.Range(1, 30).Select(i => Row(DirectionRow.Bottom, i, spectrum[^i], i <= openNegative ? null : 20)));
        rows.Add(Row(DirectionRow.Random, 1, 0.01, Width(0.01)));
        rows.Add(Row(DirectionRow.Top, 1, 1, Width(1)));
        result.Write(Path.Combine(folder, CellResult.FileName));
        RowTable.Write(Path.Combine(folder, CellResult.DirectionsFile), (IReadOnlyList<DirectionRow>)rows);
        return new(Describe(seed, tanh), folder, completed ? CellEnding.Measured() : CellEnding.Failed("diverged in epoch 2"));

        double Width(double curvature) => 1.1 * Parabola(curvature) * Math.Pow(curvature, bend + 0.001 * (seed - 2));
    }

    private static double Parabola(double curvature) => 2 * Math.Sqrt(2 * (Math.E - 1) * Loss / curvature);

    private static DirectionRow Row(string kind, int rank, double curvature, double? width) => new()
    {
        Kind = kind,
        Rank = rank,
        Variance = null,
        Curvature = curvature,
        Slope = 0,
        Left = -0.4 * width,
        Right = 0.6 * width,
        FitRSquared = null,
    };

    private static HessianCell Describe(int seed, bool tanh) => new()
    {
        Data = "synthetic",
        Network = tanh ? "fc:784-50-50-10,tanh" : "fc:784-50-50-10",
        Layer = 2,
        Samples = 10000,
        BatchSize = 50,
        LearningRate = 0.1,
        Seed = seed,
        MaxEpochs = 200,
        WindowEpochs = 20,
        Modes = 0,
        Eigenpairs = 3,
        RandomDirections = 20,
    };
}
