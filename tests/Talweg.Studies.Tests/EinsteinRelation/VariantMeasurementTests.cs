using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Studies.EinsteinRelation;
using Talweg.Studies.Running;
using Talweg.Studies.Tests.SgdNoise;
using Talweg.Thermodynamics;
using Talweg.Training;
using static Talweg.Studies.Tests.Near;

namespace Talweg.Studies.Tests.EinsteinRelation;

/// <summary>Every number of one small variant of each kind: it is trained again with every weight kept.</summary>
public sealed class VariantMeasurementTests : IDisposable
{
    private const int Layer = 2;
    private const int Samples = 240;
    private const int Batch = 12;
    private const int PerEpoch = Samples / Batch;
    private const int Updates = 5 * PerEpoch;
    private const double Rate = 0.1;

    private static readonly TrainingData Data = new(Clouds.Of(8, Samples), Clouds.Of(9, 150));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<EinsteinTask> Variants => [EinsteinTask.Descent, EinsteinTask.ConstantNoise, EinsteinTask.FollowingNoise, EinsteinTask.FlatnessNoise, EinsteinTask.Sgd];

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_variants_errors_and_flatness_are_those_of_its_weights(EinsteinTask task)
    {
        TorchThreads.One();
        var ending = new VariantMeasurement(Cell(task), Context("variant"), Data).Run();
        Assert.True(ending.Completed, ending.Verdict);
        var result = VariantResult.Read(_folder.File($"variant/{VariantResult.FileName}"));
        var weights = TrainAgain(task);
        int evaluated = task == EinsteinTask.Sgd ? 1 : PerEpoch;
        Assert.Equal(task == EinsteinTask.Sgd ? PerEpoch : 1, result.UpdatesPerEpoch);
        Assert.Equal(Enumerable.Range(1, 5).Select(k => k * evaluated), result.Curve.Select(record => record.Epoch));
        foreach (var record in result.Curve)
        {
            var there = weights[record.Epoch * result.UpdatesPerEpoch];
            var (train, test) = (new PlainNetwork(there, Data.Train), new PlainNetwork(there, Data.Test));
            Close(train.Loss(1, new double[48], 0), record.TrainLoss, 1e-6);      // single precision errs by 1e-8
            Close(test.Loss(1, new double[48], 0), record.TestLoss, 1e-6);
            Within(train.Error(), record.TrainError);
            Within(test.Error(), record.TestError);
        }

        Assert.Null(result.ZeroErrorUpdate);                   // the clouds overlap
        Flatness(weights[Updates], result);
    }

    [Theory]
    [InlineData(EinsteinTask.Sgd)]
    [InlineData(EinsteinTask.Descent)]
    public void Zero_training_error_is_counted_in_updates(EinsteinTask task)
    {
        TorchThreads.One();
        var apart = new TrainingData(Clouds.Of(8, Samples, 0.2), Clouds.Of(9, 150, 0.2));
        Assert.True(new VariantMeasurement(Cell(task) with { LearningRate = 0.5 }, Context("variant"), apart).Run().Completed);
        var result = VariantResult.Read(_folder.File($"variant/{VariantResult.FileName}"));
        var first = result.Curve.First(record => record.TrainError == 0);
        Assert.True(first != result.Curve[0], "it makes no mistake from the first record on, whose number tells nothing");
        Assert.Equal(first.Epoch * (task == EinsteinTask.Sgd ? PerEpoch : 1), result.ZeroErrorUpdate);
    }

    private static void Flatness(DenseWeights end, VariantResult result)
    {
        var network = new PlainNetwork(end, Data.Train);
        var random = new RandomStream(0, "directions of flatness");
        double?[] along = [.. Enumerable.Range(0, 20).Select(_ =>
        {
            double[] p = [.. Enumerable.Range(0, 56).Select(_ => random.NextNormal())];
            double norm = Math.Sqrt(p.Sum(x => x * x));
            return network.Flatness(Layer, [.. p.Select(x => x / norm)]);
        })];
        double[][] top = Top(end);
        double?[] sharp = [.. top.Select(p => network.Flatness(Layer, p))];
        Close(Geometric(along), result.RandomFlatness, 5e-4);      // each side is found to 1e-4
        Close(Geometric(sharp), result.SharpFlatness, 5e-4);
        Assert.Equal(along.Concat(sharp).Count(f => f is null), result.OpenDirections);

        static double Geometric(double?[] values)
        {
            double product = 1;
            double[] known = [.. values.OfType<double>()];
            foreach (double value in known)
                product *= Math.Pow(value, 1.0 / known.Length);
            return product;
        }
    }

    /// <summary>The top twenty eigenvectors of the Hessian: the search is the library's, since the last of them hang on its last digits, and the first five are held against MathNet's.</summary>
    private static double[][] Top(DenseWeights end)
    {
        using var hessian = HessianOperator.Of(end, Data.Train, WeightSpace.Of(end.Network, Layer), 1);
        var found = Lanczos.Top(hessian, 20, new() { Tolerance = 1e-4 });
        var (values, vectors) = PlainHessian.Eigenpairs(end, Data.Train, Layer);
        for (int k = 0; k < 5; k++)
        {
            Assert.Equal(values[k], found.Values[k], 1e-3 * values[0]);
            Assert.Equal(1, Math.Abs(Naive.Dot(vectors[k], found.Vector(k).ToArray())), 1e-2);
        }

        return [.. Enumerable.Range(0, 20).Select(k => found.Vector(k).ToArray())];
    }

    /// <summary>The weights after every update, those before the first first.</summary>
    private List<DenseWeights> TrainAgain(EinsteinTask task)
    {
        List<DenseWeights> seen = [];
        bool sgd = task == EinsteinTask.Sgd;
        Trainer.Run(
            new()
            {
                Network = FullyConnected.Parse("fc:6-8-7-3"),
                BatchSize = sgd ? Batch : Samples,
                LearningRate = Rate,
                Seed = 7,
                MaxEpochs = sgd ? 5 : Updates,
                ExtraEpochs = null,
                Recording = Recording.None,
                EvaluateEvery = sgd ? null : Updates,
            },
            Data,
            _folder.File("again"),
            interventions: new() { Noise = Noise(task), Watcher = new Watcher<DenseWeights>(seen) });
        Assert.Equal(Updates + 1, seen.Count);
        return seen;
    }

    private static IUpdateNoise? Noise(EinsteinTask task)
    {
        var sgd = new SgdStrength(Data.Train, Batch, Rate);
        return task switch
        {
            EinsteinTask.ConstantNoise => IsotropicNoise.Constant(sgd.TotalVariance(DenseWeights.Draw(FullyConnected.Parse("fc:6-8-7-3"), Initialisation.PyTorch, 7)), 7),
            EinsteinTask.FollowingNoise => IsotropicNoise.Following(sgd, 30, 7),
            EinsteinTask.FlatnessNoise => new FlatnessNoise(sgd, 3, 30, 7),
            _ => null,
        };
    }

    private static EinsteinCell Cell(EinsteinTask task) => new()
    {
        Task = task,
        Data = "synthetic",
        Network = "fc:6-8-7-3",
        Layer = Layer,
        Samples = Samples,
        BatchSize = Batch,
        LearningRate = Rate,
        Seed = 7,
        Updates = Updates,
        RefreshEvery = 30,
        NoiseDirections = 3,
    };

    private CellContext Context(string name) => new() { Folder = Directory.CreateDirectory(_folder.File(name)).FullName, Threads = 1, Progress = new Silent(), Cancellation = CancellationToken.None };

    private static void Within((double Low, double High) error, double found) => Assert.InRange(found, error.Low - 1e-12, error.High + 1e-12);
}
