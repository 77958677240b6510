using Talweg.Data;
using Talweg.Networks;
using Talweg.Studies.InverseVarianceFlatness;
using Talweg.Studies.Running;
using Talweg.Studies.Tests.InverseVarianceFlatness;
using Talweg.Studies.Tests.Universality;
using Talweg.Training;

namespace Talweg.Studies.Tests.Running;

/// <summary>Which samples a cell gets, and how scaled, against the bytes that were written.</summary>
public sealed class StudySamplesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int[] _labels;
    private readonly byte[][] _pictures;

    public StudySamplesTests() => (_labels, _pictures) = TinyColour.Write(_folder.Path);

    public void Dispose() => _folder.Dispose();

    private CellContext Context(string cell = "cell") => TinyColour.Context(_folder.Path, _folder.File(cell));

    [Theory]
    [InlineData(0, TinyColour.Train)]
    [InlineData(7, 7)]
    public void The_first_samples_are_scaled_from_0_to_1_and_all_test_samples_too(int samples, int count)
    {
        var data = new StudySamples().Prepare("cifar10", samples, Context());
        Same(data.Train, 0, count, 0, 255);
        Same(data.Test, TinyColour.Train, TinyColour.Test, 0, 255);
    }

    [Theory]
    [InlineData(0, TinyColour.Train)]
    [InlineData(7, 7)]
    public void Standardised_inputs_have_mean_0_and_deviation_1_over_the_samples_trained_with(int samples, int count)
    {
        var data = new StudySamples().Prepare("cifar10", samples, Context(), standardised: true);
        double[] bytes = [.. _pictures.Take(count).SelectMany(picture => picture.Select(b => (double)b))];
        double mean = bytes.Average(), deviation = Math.Sqrt(bytes.Average(b => (b - mean) * (b - mean)));
        Same(data.Train, 0, count, mean, deviation);
        Same(data.Test, TinyColour.Train, TinyColour.Test, mean, deviation);
    }

    [Fact]
    public void The_same_samples_are_prepared_once_and_others_for_themselves()
    {
        var samples = new StudySamples();
        var first = samples.Prepare("cifar10", 7, Context());
        Assert.Same(first, samples.Prepare("cifar10", 7, Context("another")));
        Assert.Equal(8, samples.Prepare("cifar10", 8, Context()).Train.Count);
        Assert.True(samples.Prepare("cifar10", 7, Context(), standardised: true).Train.Inputs.Min() < 0);
        Assert.Same(first, samples.Prepare("cifar10", 7, Context()));
    }

    [Fact]
    public void More_samples_than_there_are_is_refused()
    {
        Assert.Equal(TinyColour.Train, new StudySamples().Prepare("cifar10", TinyColour.Train, Context()).Train.Count);
        var refused = Assert.Throws<InputException>(() => new StudySamples().Prepare("cifar10", TinyColour.Train + 1, Context()));
        Assert.Equal("--set: samples: found 21, expected at most 20, the training samples of cifar10, or 0 for all", refused.Message);
    }

    [Fact]
    public void A_study_s_data_are_known_by_their_bytes()
    {
        var found = Find(_folder.Path);
        Assert.Equal(("cifar10", false), (found.Name, found.Drawn));
        Assert.Equal(found.Checksum, Find(_folder.Path).Checksum);
        TinyColour.Write(_folder.File("other"), seed: 5);
        Assert.NotEqual(found.Checksum, Find(_folder.File("other")).Checksum);
    }

    /// <summary>Through the study itself: the history is that of the kept weights over the cell's samples, as it scales them.</summary>
    [Theory]
    [InlineData(0, false, 20)]
    [InlineData(12, false, 12)]
    [InlineData(12, true, 12)]
    public void A_cell_of_the_inverse_relation_trains_on_its_samples_as_it_scales_them(int samples, bool standardised, int count)
    {
        var cell = Synthetic.Cell(batchSize: 4, learningRate: 0.02) with
        {
            Data = "cifar10",
            Network = "fc:3072-5-5-10,tanh",
            Samples = samples,
            Standardised = standardised,
            MaxEpochs = 5,
            WindowEpochs = 1,
            NullModes = 10,
        };
        var context = Context();
        Assert.True(new InverseVarianceFlatnessStudy().Measure(cell, context).Completed);
        var result = CellResult.Read(context.File("result.json"));
        Assert.Equal(count / 4, result.IterationsPerEpoch);
        double[] bytes = [.. _pictures.Take(count).SelectMany(picture => picture.Select(b => (double)b))];
        double mean = standardised ? bytes.Average() : 0, unit = standardised ? Math.Sqrt(bytes.Average(b => (b - mean) * (b - mean))) : 255;
        var weights = Snapshots.Load(context.Folder, result.Epochs[^1].Epoch, FullyConnected.Parse(cell.Network));
        NaiveValley train = new(weights, Scaled(0, count, mean, unit), 1), test = new(weights, Scaled(TinyColour.Train, TinyColour.Test, mean, unit), 1);
        Assert.Equal(train.LossAtOrigin, result.Epochs[^1].TrainLoss, 1e-4 * train.LossAtOrigin);   // single precision
        Assert.Equal(test.LossAtOrigin, result.Epochs[^1].TestLoss, 1e-4 * test.LossAtOrigin);
    }

    /// <summary>12 samples in minibatches of 4 make epochs of 3 iterations; all 20 would make 5. Another training, on the first twelve, ends in the same weights and loss.</summary>
    [Fact]
    public void Cells_of_the_other_studies_train_on_their_samples()
    {
        Assert.True(new Studies.Universality.UniversalityStudy().Measure(
            Layers.Cell(1) with { Data = "cifar10", Network = "fc:3072-5-5-10,tanh", Layers = [2], Optimizer = "sgd:lr=0.02", Samples = 12, BatchSize = 4, MaxEpochs = 5, WindowEpochs = 1, NullRanks = 10 }, Context("universality")).Completed);
        Assert.Equal(3, Studies.Universality.CellResult.Read(_folder.File("universality/result.json")).IterationsPerEpoch);
        var layer = Studies.Universality.CellResult.Read(_folder.File("universality/result.json")).Layers.Single();
        Trained(new() { Network = FullyConnected.Parse("fc:3072-5-5-10,tanh"), BatchSize = 4, Optimizer = Optimizer.Parse("sgd:lr=0.02"), Seed = 1, MaxEpochs = 5, ExtraEpochs = 2, RecordedLayers = [2] }, before: 1, layer.Norm, layer.LossAtOrigin);
        Assert.True(new Studies.EffectiveDimensions.EffectiveDimensionStudy().Measure(
            new()
            {
                Data = "cifar10",
                Width = 16,
                Samples = 12,
                BatchSize = 4,
                LearningRate = 0.001,
                Seed = 1,
                MaxEpochs = 40,
                WindowEpochs = 2,
                RecordEvery = 1,
                AllModes = 3,
                SampledModes = 3,
            },
            Context("dimensions")).Completed);
        Assert.Equal(6, Studies.EffectiveDimensions.CellResult.Read(_folder.File("dimensions/result.json")).Rows);
        var dimensions = Studies.EffectiveDimensions.CellResult.Read(_folder.File("dimensions/result.json"));
        Trained(new() { Network = FullyConnected.Of(TinyColour.Pixels, 16, 16, 10), BatchSize = 4, LearningRate = 0.001, Seed = 1, MaxEpochs = 40, ExtraEpochs = 2, RecordedLayers = [2] }, before: 0, dimensions.Norm, dimensions.LossAtOrigin);
        Assert.True(new Studies.FlatnessAndHessian.FlatnessAndHessianStudy().Measure(
            new()
            {
                Data = "cifar10",
                Network = "fc:3072-5-5-10,tanh",
                Layer = 2,
                Samples = 12,
                BatchSize = 4,
                LearningRate = 0.02,
                Seed = 1,
                MaxEpochs = 5,
                WindowEpochs = 2,
                Modes = 2,
                Eigenpairs = 2,
                RandomDirections = 2,
            },
            Context("hessian")).Completed);
        Assert.Equal(6, Studies.FlatnessAndHessian.CellResult.Read(_folder.File("hessian/hessian.json")).Iterations);
        var hessian = Studies.FlatnessAndHessian.CellResult.Read(_folder.File("hessian/hessian.json"));
        Trained(new() { Network = FullyConnected.Parse("fc:3072-5-5-10,tanh"), BatchSize = 4, LearningRate = 0.02, Seed = 1, MaxEpochs = 5, ExtraEpochs = 2, RecordedLayers = [2] }, before: 0, hessian.Norm, hessian.Loss);
        var rows = RowTable.Read<Studies.FlatnessAndHessian.DirectionRow>(_folder.File("hessian/directions.parquet"));
        Assert.Equal(2, rows.Count(row => row.Kind == "mode"));      // of the five there are
    }

    /// <summary>Trains on the first twelve samples, and compares the middle layer's norm and the loss over them, some epochs before the end.</summary>
    private void Trained(TrainingPlan plan, int before, double norm, double loss)
    {
        using var again = new TinyRun(plan, new(Scaled(0, 12, 0, 255), Scaled(TinyColour.Train, TinyColour.Test, 0, 255)));
        var valley = new NaiveValley(again.After(again.Run.CompletedEpochs - before), Scaled(0, 12, 0, 255), 2);
        Assert.Equal(valley.Norm, norm, 1e-6 * norm);                  // single precision
        Assert.Equal(valley.LossAtOrigin, loss, 1e-4 * loss);
    }

    private LabelledSamples Scaled(int first, int samples, double offset, double unit) =>
        new([.. _pictures.Skip(first).Take(samples).SelectMany(picture => picture.Select(b => (float)((b - offset) / unit)))], _labels[first..(first + samples)], TinyColour.Pixels, 10);

    private static StudyData Find(string root) => StudySamples.Find(
        Parameters.Resolve(new InverseVarianceFlatnessStudy(), "quick", ["data=cifar10"]),
        new() { DataRoot = root, Progress = new Relay<WorkProgress>(_ => { }), Cancellation = TestContext.Current.CancellationToken });

    private void Same(LabelledSamples found, int first, int count, double offset, double unit)
    {
        Assert.Equal(_labels[first..(first + count)], found.Labels);
        for (int k = 0; k < count; k++)
        {
            var input = found.Input(k);
            for (int i = 0; i < TinyColour.Pixels; i++)
                Assert.Equal((_pictures[first + k][i] - offset) / unit, input[i], 1e-5);
        }
    }
}
