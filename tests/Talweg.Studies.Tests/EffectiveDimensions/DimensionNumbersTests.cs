using Talweg.Statistics;
using Talweg.Studies.EffectiveDimensions;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.EffectiveDimensions;

/// <summary>FT-22 from tables of random numbers: dimensions by counting, slopes by the normal equations, seed by seed.</summary>
public sealed class DimensionNumbersTests : IDisposable
{
    private const double Norm = 1.7;

    private static readonly int[] Widths = [50, 20, 100];

    private readonly TemporaryFolder _folder = new();
    private readonly EffectiveDimensionStudy _study = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Slopes_are_means_over_seeds_of_the_lines_through_counted_dimensions()
    {
        Made[] cells = [.. from seed in Enumerable.Range(1, 3) from width in Widths select Make(width, seed)];
        var finding = _study.Conclude(Parameters.Resolve(_study, "quick", []), new("synthetic", "c0ffee", false), [.. cells.Select(cell => cell.Finished)]).Findings.Single();
        Check(finding.Measurements[0], table => Sharp(table));
        Check(finding.Measurements[1], table => Naive.LeadingShare(Variances(table), 0.9));
        Check(finding.Measurements[2], table => Naive.LeadingShare(Variances(table), 0.99));
        foreach (int width in Widths)
        {
            Made[] alike = [.. cells.Where(cell => cell.Width == width)];
            string note = finding.Notes.Single(note => note.StartsWith($"Width {width}, N = {width * width}: ", StringComparison.Ordinal));
            Assert.Contains($": D_s {NumberText.Of(alike.Average(cell => Sharp(cell.Modes)))} (", note, StringComparison.Ordinal);
            Assert.Contains($"D_L {Mean(cell => Naive.LeadingShare(Variances(cell.Modes), 0.9))} at 90% and {Mean(cell => Naive.LeadingShare(Variances(cell.Modes), 0.99))} at 99%, "
                + $"without mode 1 {Mean(cell => Naive.LeadingShare(Variances(cell.Modes)[1..], 0.9))} and {Mean(cell => Naive.LeadingShare(Variances(cell.Modes)[1..], 0.99))}", note, StringComparison.Ordinal);
            Assert.Contains($"{Mean(cell => cell.Modes.Count(row => row.Flatness is null))} of 120 modes measured have an open side", note, StringComparison.Ordinal);

            string Mean(Func<Made, double> value) => NumberText.Of(alike.Average(value));
        }

        void Check(Measurement measurement, Func<ModeRow[], double> dimension)
        {
            Assert.Equal(Slope(cell => dimension(cell.Modes)), measurement.Value, 1e-9);
            Assert.Equal(NullWindows.Names, measurement.Nulls.Select(value => value.Surrogate));
            for (int s = 0; s < 3; s++)
                Assert.Equal(Slope(cell => dimension(cell.Nulls[s])), measurement.Nulls[s].Value, 1e-9);
        }

        double Slope(Func<Made, double> dimension) => cells.GroupBy(cell => cell.Seed)
            .Average(seed => Naive.Exponent([.. seed.Select(cell => (double)cell.Width)], [.. seed.Select(dimension)]));
    }

    /// <summary>Student's interval of one line through three widths: 12.706 standard errors to either side.</summary>
    [Fact]
    public void One_seed_has_the_interval_of_its_line()
    {
        Made[] cells = [.. Widths.Select(width => Make(width, 1))];
        var finding = _study.Conclude(Parameters.Resolve(_study, "quick", []), new("synthetic", "c0ffee", false), [.. cells.Select(cell => cell.Finished)]).Findings.Single();
        double[] x = [.. cells.Select(cell => (double)cell.Width)], y = [.. cells.Select(cell => (double)Naive.LeadingShare(Variances(cell.Modes), 0.99))];
        var found = finding.Measurements[2];
        Assert.Equal(Naive.Exponent(x, y), found.Value, 1e-9);
        Assert.Equal(found.Value - 12.7062047362 * Naive.ExponentError(x, y), found.Interval!.Value.Low, 1e-6);
        Assert.Equal(found.Value + 12.7062047362 * Naive.ExponentError(x, y), found.Interval.Value.High, 1e-6);
    }

    private static double Sharp(ModeRow[] table) => table.Count(row => row.Flatness < Norm);

    private static double[] Variances(ModeRow[] table) => [.. table.Select(row => row.Variance)];

    private sealed record Made(FinishedCell<DimensionCell> Finished, int Width, int Seed, ModeRow[] Modes, ModeRow[][] Nulls);

    private Made Make(int width, int seed)
    {
        string folder = Directory.CreateDirectory(_folder.File($"{width}-{seed}")).FullName;
        ModeRow[] modes = Table("modes", 2.2);
        ModeRow[][] nulls = [.. NullWindows.Names.Select((name, s) => Table(name, 1.2 + 0.3 * s))];
        RowTable.Write(Path.Combine(folder, CellMeasurement.ModesFile), modes);
        RowTable.Write(Path.Combine(folder, CellMeasurement.NullsFile), [.. NullWindows.Names.SelectMany((name, s) => nulls[s].Select(row => new SurrogateRow
        {
            Surrogate = name,
            Rank = row.Rank,
            Variance = row.Variance,
            Measured = 1,
            Flatness = row.Flatness,
        }))]);
        new CellResult
        {
            ZeroErrorEpoch = 5,
            Epochs = 20,
            TestError = 0.02,
            Rows = 400,
            LossAtOrigin = 1e-3,
            Norm = Norm,
            ThinnedLearningDimension90 = 999,
            ThinnedLearningDimension99 = 999,
        }.Write(Path.Combine(folder, CellResult.FileName));
        var cell = new DimensionCell
        {
            Data = "synthetic",
            Width = width,
            Samples = 0,
            BatchSize = 50,
            LearningRate = 0.1,
            Seed = seed,
            MaxEpochs = 100,
            WindowEpochs = 10,
            RecordEvery = 1,
            AllModes = 120,
            SampledModes = 2,
        };
        return new(new(cell, folder, CellEnding.Measured()), width, seed, modes, nulls);

        ModeRow[] Table(string name, double gamma)
        {
            var random = new RandomStream(seed, $"{name} of {width}");
            double steepness = gamma * (0.7 + 0.6 * random.NextDouble());
            return [.. Enumerable.Range(1, 120).Select(rank => new ModeRow
            {
                Rank = rank,
                Variance = Math.Pow(rank, -steepness),
                Measured = 1,
                Flatness = rank == 120 ? 5 : random.Next(5) == 0 ? null : Math.Exp(random.NextNormal() + Math.Log(rank / 20.0)),
            })];
        }
    }
}
