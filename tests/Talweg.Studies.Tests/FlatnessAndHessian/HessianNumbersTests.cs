using Talweg.Statistics;
using Talweg.Studies.FlatnessAndHessian;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.FlatnessAndHessian;

/// <summary>Every measurement of the findings, from the tables of three cells of random numbers, computed anew.</summary>
public sealed class HessianNumbersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FlatnessAndHessianStudy _study = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Measurements_are_means_over_seeds_of_what_each_cell_s_table_gives()
    {
        var cells = Enumerable.Range(1, 3).Select(Made).ToArray();
        var conclusion = _study.Conclude(Parameters.Resolve(_study, "quick", []), new("synthetic", "c0ffee", false), [.. cells.Select(cell => cell.Finished)]);
        double vanishing = cells[0].Result.Vanishing, rounding = 1e-12 * cells[0].Result.Spectrum[0];
        Share("modes of vanishing or negative curvature", row => row.Kind == "mode" && row.Curvature <= vanishing);
        Share("bottom eigenvectors of vanishing curvature", row => row.Kind == "bottom" && row.Curvature <= vanishing && row.Curvature >= -rounding);
        Share("eigenvectors of negative curvature", row => row.Kind == "bottom" && row.Curvature < -rounding);
        Share("random directions of vanishing curvature", row => row.Kind == "flat");
        var relation = conclusion.Findings.Single(finding => finding.Id == "TW-6").Measurements;
        Assert.Equal(
            cells.Average(cell => Spearman([.. cell.Rows.Where(row => row is { Kind: "mode", Rank: >= 2, Flatness: not null })])),
            relation.Single(m => m.Name == "ρ(F, pᵀHp), ReLU").Value, 1e-9);
        Assert.Equal(
            cells.Average(cell => Explained(cell.Result, [.. cell.Rows.Where(row => row is { Kind: "mode", Rank: >= 2 and <= 200, Flatness: not null, Curvature: > 0 })])),
            relation.Single(m => m.Name == "R² of ln F by the parabola, ReLU").Value, 1e-9);
        var overlap = conclusion.Findings.Single(finding => finding.Id == "TW-7").Measurements.Single();
        Assert.Equal((0.62, 0.12), (Math.Round(overlap.Value, 12), Math.Round(overlap.Nulls.Single().Value, 12)));

        void Share(string name, Func<DirectionRow, bool> of)
        {
            double expected = cells.Average(cell => cell.Rows.Where(of).Average(row => row.Flatness is null ? 0.0 : 1));
            Assert.InRange(expected, 0.05, 0.95);
            Assert.Equal(expected, conclusion.Findings.Single(finding => finding.Id == "FT-10").Measurements.Single(m => m.Name == $"share with F: {name}, ReLU").Value, 1e-12);
        }
    }

    private static double Spearman(DirectionRow[] rows) => Naive.Spearman([.. rows.Select(row => row.Flatness!.Value)], [.. rows.Select(row => row.Curvature)]);

    private static double Explained(CellResult result, DirectionRow[] rows)
    {
        double[] found = [.. rows.Select(row => Math.Log(row.Flatness!.Value))];
        double[] predicted = [.. rows.Select(row => Math.Log(2 * Math.Sqrt(2 * (Math.E - 1) * result.Loss / row.Curvature)))];
        return 1 - found.Zip(predicted, (f, p) => (f - p) * (f - p)).Sum() / found.Sum(f => Math.Pow(f - found.Average(), 2));
    }

    /// <summary>300 modes and some of every other kind, of curvature of either sign, vanishing or not, some without F.</summary>
    private (FinishedCell<HessianCell> Finished, CellResult Result, DirectionRow[] Rows) Made(int seed)
    {
        var random = new RandomStream(seed, "directions");
        string folder = Directory.CreateDirectory(_folder.File($"{seed}")).FullName;
        var result = new CellResult
        {
            ZeroErrorEpoch = 5,
            Iterations = 400,
            Loss = 0.01,
            Norm = 3,
            Spectrum = [2, 1, 0.1, -0.3],
            LanczosValues = [2],
            LanczosResiduals = [1e-9],
            LanczosProducts = 9,
            LanczosEnding = "Converged",
            Overlap = 0.6 + 0.01 * seed,
            RandomOverlap = 0.1 + 0.01 * seed,
        };
        DirectionRow[] rows = [.. Of("mode", 300), .. Of("bottom", 60), .. Of("top", 20), .. Of("random", 20), .. Of("flat", 30)];
        result.Write(Path.Combine(folder, CellResult.FileName));
        RowTable.Write(Path.Combine(folder, CellResult.DirectionsFile), (IReadOnlyList<DirectionRow>)rows);
        var cell = new HessianCell
        {
            Data = "synthetic",
            Network = "fc:784-50-50-10",
            Layer = 2,
            Samples = 0,
            BatchSize = 50,
            LearningRate = 0.1,
            Seed = seed,
            MaxEpochs = 200,
            WindowEpochs = 20,
            Modes = 0,
            Eigenpairs = 1,
            RandomDirections = 20,
        };
        return (new(cell, folder, CellEnding.Measured()), result, rows);

        IEnumerable<DirectionRow> Of(string kind, int count) => Enumerable.Range(1, count).Select(rank =>
        {
            double curvature = random.Next(4) switch { 0 => 0.1 * result.Vanishing * random.NextDouble(), 1 => -0.5 * result.Vanishing * random.NextDouble(), 2 => -random.NextDouble(), _ => random.NextDouble() };
            double? width = random.Next(3) == 0 ? null : Math.Exp(random.NextNormal()) / Math.Sqrt(Math.Abs(curvature) + 0.1);
            return new DirectionRow { Kind = kind, Rank = rank, Variance = null, Curvature = curvature, Slope = 0, Left = -0.5 * width, Right = 0.5 * width, FitRSquared = null };
        });
    }
}
