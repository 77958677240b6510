using Talweg.Studies.EffectiveDimensions;
using Talweg.Studies.FlatnessAndHessian;
using Talweg.Studies.InverseVarianceFlatness;
using Talweg.Studies.Running;
using Talweg.Studies.Universality;
using Talweg.Training;

namespace Talweg.Studies.Tests;

/// <summary>The cells of a study carry what was set, each setting where it belongs, and each run a seed of its own.</summary>
public sealed class StudyCellsTests
{
    [Fact]
    public void Cells_of_the_inverse_relation()
    {
        VarianceFlatnessCell[] cells = [.. Cells(
            new InverseVarianceFlatnessStudy(), "data=mnist", "network=fc:784-30-20-10", "layer=3", "samples=901", "batch-sizes=5,7", "learning-rates=0.01,0.02", "seeds=2", "max-epochs=99",
            "window-epochs=11", "modes=13", "null-modes=14", "margin-samples=15", "variants=true", "keep-trajectory=true")];
        var first = new VarianceFlatnessCell
        {
            Data = "mnist",
            Network = "fc:784-30-20-10",
            Layer = 3,
            Samples = 901,
            BatchSize = 5,
            LearningRate = 0.01,
            Seed = 1,
            Standardised = false,
            Drawing = Drawing.WithoutReplacement,
            MaxEpochs = 99,
            WindowEpochs = 11,
            Modes = 13,
            NullModes = 14,
            MarginSamples = 15,
            KeepTrajectory = true,
        };
        Assert.Equal(
            [
                first, first with { Seed = 2 }, first with { LearningRate = 0.02 }, first with { LearningRate = 0.02, Seed = 2 },
                first with { BatchSize = 7 }, first with { BatchSize = 7, Seed = 2 }, first with { BatchSize = 7, LearningRate = 0.02 }, first with { BatchSize = 7, LearningRate = 0.02, Seed = 2 },
                first with { Standardised = true }, first with { Drawing = Drawing.WithReplacement }, first with { Standardised = true, Seed = 2 }, first with { Drawing = Drawing.WithReplacement, Seed = 2 },
            ],
            cells);
    }

    /// <summary>Variants are of B = 50, α = 0.1 where these are among the settings, else of the first of each.</summary>
    [Theory]
    [InlineData("25,50", "0.05,0.1", 50, 0.1)]
    [InlineData("25,50", "0.05,0.2", 25, 0.05)]
    [InlineData("25,100", "0.1,0.2", 25, 0.1)]
    public void Variants_are_of_the_published_setting_where_it_is_there(string batchSizes, string rates, int batchSize, double rate)
    {
        var variants = Cells(new InverseVarianceFlatnessStudy(), $"batch-sizes={batchSizes}", $"learning-rates={rates}", "variants=true").Where(cell => cell.IsVariant);
        Assert.Equal([(batchSize, rate), (batchSize, rate)], variants.Select(cell => (cell.BatchSize, cell.LearningRate)));
    }

    [Fact]
    public void Cells_of_the_effective_dimension()
    {
        var first = new DimensionCell
        {
            Data = "mnist",
            Width = 12,
            Samples = 902,
            BatchSize = 6,
            LearningRate = 0.03,
            Seed = 1,
            MaxEpochs = 98,
            WindowEpochs = 10,
            RecordEvery = 3,
            AllModes = 16,
            SampledModes = 17,
        };
        Assert.Equal(
            [first, first with { Width = 14 }, first with { Seed = 2 }, first with { Width = 14, Seed = 2 }],
            Cells(new EffectiveDimensionStudy(), "data=mnist", "widths=12,14", "samples=902", "batch-size=6", "learning-rate=0.03", "seeds=2", "max-epochs=98", "window-epochs=10", "record-every=3", "all-modes=16", "sampled-modes=17"));
    }

    [Fact]
    public void Cells_of_flatness_and_the_Hessian()
    {
        var first = new HessianCell
        {
            Data = "mnist",
            Network = "fc:784-30-20-10",
            Layer = 3,
            Samples = 903,
            BatchSize = 8,
            LearningRate = 0.04,
            Seed = 1,
            MaxEpochs = 97,
            WindowEpochs = 9,
            Modes = 18,
            Eigenpairs = 19,
            RandomDirections = 20,
        };
        var tanh = first with { Network = "fc:784-30-20-10,tanh" };
        Assert.Equal(
            [first, first with { Seed = 2 }, tanh, tanh with { Seed = 2 }, tanh with { Seed = 3 }],
            Cells(new FlatnessAndHessianStudy(), "data=mnist", "network=fc:784-30-20-10", "layer=3", "samples=903", "batch-size=8", "learning-rate=0.04", "seeds=2", "tanh-seeds=3", "max-epochs=97", "window-epochs=9", "modes=18", "eigenpairs=19", "random-directions=20"));
    }

    [Fact]
    public void Cells_of_universality()
    {
        UniversalityCell[] cells = [.. Cells(
            new UniversalityStudy(), "data=mnist", "colour-data=cifar10", "cases=deep,lenet-mnist,lenet-cifar,momentum,adam", "samples=904", "image-samples=905", "landscape-samples=906", "batch-size=9", "seeds=2",
            "max-epochs=96", "window-epochs=8", "modes=21", "image-ranks=22", "null-ranks=23", "rows=24", "keep-trajectory=true")];
        Assert.Equal(10, cells.Length);
        Assert.Equal([1, 2, 1, 2, 1, 2, 1, 2, 1, 2], cells.Select(cell => cell.Seed));
        Assert.Equal(["deep", "lenet-mnist", "lenet-cifar", "momentum", "adam"], cells.Where(cell => cell.Seed == 2).Select(cell => cell.Case));
        Assert.Equal(["mnist", "mnist", "cifar10", "mnist", "mnist"], cells.Where(cell => cell.Seed == 1).Select(cell => cell.Data));
        Assert.Equal([904, 905, 905, 904, 904], cells.Where(cell => cell.Seed == 1).Select(cell => cell.Samples));
        Assert.Equal([0, 906, 906, 0, 0], cells.Where(cell => cell.Seed == 1).Select(cell => cell.LandscapeSamples));
        Assert.Equal([21, 22, 22, 21, 21], cells.Where(cell => cell.Seed == 1).Select(cell => cell.Ranks));
        Assert.Equal(
            ["fc:784-50-50-50-50-10 sgd:lr=0.1 2,3,4", "lenet-mnist sgd:lr=0.05 1,2,3", "lenet-cifar sgd:lr=0.01,momentum=0.9 1,2,3,4,5", "fc:784-50-50-10 sgd:lr=0.01,momentum=0.9 2", "fc:784-50-50-10 adam:lr=0.001 2"],
            cells.Where(cell => cell.Seed == 1).Select(cell => $"{cell.Network} {cell.Optimizer} {string.Join(',', cell.Layers)}"));
        Assert.All(cells, cell => Assert.Equal((9, 96, 8, 21, 23, 24, true), (cell.BatchSize, cell.MaxEpochs, cell.WindowEpochs, cell.Modes, cell.NullRanks, cell.Rows, cell.KeepTrajectory)));
    }

    private static IEnumerable<TCell> Cells<TCell>(IStudy<TCell> study, params string[] set)
        where TCell : class, ICell => study.Cells(Parameters.Resolve(study, "quick", set));
}
