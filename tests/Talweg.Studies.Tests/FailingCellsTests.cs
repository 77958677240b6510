using Talweg.Data;
using Talweg.Studies.Running;
using Talweg.Training;

namespace Talweg.Studies.Tests;

/// <summary>A cell that diverges, or that learns nothing, is told as failed with what became of it, and leaves no results.</summary>
public sealed class FailingCellsTests
{
    [Fact]
    public void The_inverse_relation() => Fails((rate, data, context) =>
        new Studies.InverseVarianceFlatness.CellMeasurement(InverseVarianceFlatness.Synthetic.Cell(4, rate) with { Network = "fc:6-5-5-4", MaxEpochs = 8, WindowEpochs = 2 }, context, data).Run());

    [Fact]
    public void Universality() => Fails((rate, data, context) =>
        new Studies.Universality.CellMeasurement(
            Tests.Universality.Layers.Cell(1) with { Network = "fc:6-5-5-4", Layers = [2], Optimizer = $"sgd:lr={rate}", BatchSize = 4, MaxEpochs = 8, WindowEpochs = 2 }, context, data).Run());

    [Fact]
    public void Effective_dimensions() => Fails((rate, data, context) => new Studies.EffectiveDimensions.CellMeasurement(
        new()
        {
            Data = "clouds",
            Width = 5,
            Samples = 0,
            BatchSize = 4,
            LearningRate = rate,
            Seed = 1,
            MaxEpochs = 8,
            WindowEpochs = 2,
            RecordEvery = 1,
            AllModes = 3,
            SampledModes = 3,
        },
        context, data).Run());

    [Fact]
    public void Flatness_and_the_Hessian() => Fails((rate, data, context) => new Studies.FlatnessAndHessian.CellMeasurement(
        new()
        {
            Data = "clouds",
            Network = "fc:6-5-5-4",
            Layer = 2,
            Samples = 0,
            BatchSize = 4,
            LearningRate = rate,
            Seed = 1,
            MaxEpochs = 8,
            WindowEpochs = 2,
            Modes = 0,
            Eigenpairs = 2,
            RandomDirections = 2,
        },
        context, data).Run());

    [Fact]
    public void The_thermal_control() => Fails((rate, data, context) => new Studies.EinsteinRelation.ControlMeasurement(
        Einstein(Studies.EinsteinRelation.EinsteinTask.Control, rate) with { MaxEpochs = 8, WindowEpochs = 2, Directions = 3, Steps = 100 }, context, data).Run());

    [Fact]
    public void The_variants_of_the_noise() => Fails((rate, data, context) => new Studies.EinsteinRelation.VariantMeasurement(
        Einstein(Studies.EinsteinRelation.EinsteinTask.Sgd, rate) with { Updates = 60 }, context, data).Run());

    private static Studies.EinsteinRelation.EinsteinCell Einstein(Studies.EinsteinRelation.EinsteinTask task, double rate) => new()
    {
        Task = task,
        Data = "clouds",
        Network = "fc:6-5-5-4",
        Layer = 2,
        Samples = 60,
        BatchSize = 4,
        LearningRate = rate,
        Seed = 1,
    };

    private static void Fails(Func<double, TrainingData, CellContext, CellEnding> measure)
    {
        var clouds = TinyRun.Clouds();
        // Without inputs every output is 0 for good, and the loss ln 4.
        var blank = new LabelledSamples(new float[60 * 6], clouds.Train.Labels, 6, 4);
        Ends(1e30, clouds, "diverged");
        Ends(0.1, new(blank, clouds.Test), "no better than guessing");

        void Ends(double rate, TrainingData data, string verdict)
        {
            using var folder = new TemporaryFolder();
            var ending = measure(rate, data, TinyRun.Context(folder.Path));
            Assert.False(ending.Completed);
            Assert.Contains(verdict, ending.Verdict, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(folder.Path, "*.parquet"));
            Assert.All((string[])["result.json", "hessian.json", "control.json", "variant.json"], name => Assert.False(File.Exists(folder.File(name))));
        }
    }
}
