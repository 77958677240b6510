using Talweg.Studies.EinsteinRelation;
using Talweg.Studies.Running;
using Talweg.Training;

namespace Talweg.Studies.Tests.EinsteinRelation;

/// <summary>Cells with numbers made up after known laws, as if they had been measured, in folders below a root.</summary>
internal sealed class EinsteinCells(string root)
{
    public static EinsteinCell Cell(EinsteinTask task, int seed) => new()
    {
        Task = task,
        Data = "synthetic",
        Network = "fc:784-50-50-10",
        Layer = 2,
        Samples = 2000,
        BatchSize = 50,
        LearningRate = 0.1,
        Seed = seed,
    };

    /// <summary>A control whose modes obey power laws, the first <paramref name="slow"/> of the thermal ones too slow and off the line.</summary>
    public FinishedCell<EinsteinCell> Control(int seed, double thermal = 2, double sgd = -4, double drift = 0.01, int slow = 3)
    {
        string folder = Directory.CreateDirectory(Path.Combine(root, $"control-{seed}-{Guid.NewGuid()}")).FullName;
        double[] flatness = [.. Enumerable.Range(0, 50).Select(i => 10 * Math.Pow(0.95, i))];
        double Wobble(int i) => 1 + 0.01 * seed * ((i % 3) - 1);
        new MotionTable
        {
            Variance = [.. flatness.Select((f, i) => i < slow ? 7 : 1e-5 * Wobble(i) * Math.Pow(f, thermal + 0.01 * seed))],
            Flatness = [.. flatness.Select(f => (double?)f)],
            Relaxations = [.. flatness.Select((_, i) => (double?)(i < slow ? 9.99 : 10))],
        }.Write(Path.Combine(folder, MotionTable.ThermalFile));
        new MotionTable
        {
            Variance = [.. flatness.Select(f => f * f)],
            Flatness = [.. flatness.Select(f => (double?)f)],
            Relaxations = [.. flatness.Select(_ => (double?)100)],
        }.Write(Path.Combine(folder, MotionTable.DirectionsFile));
        double[] reversed = [.. Enumerable.Range(0, 50).Select(i => 0.5 * Math.Pow(1.05, i))];
        new MotionTable
        {
            Variance = [.. reversed.Select((f, i) => i == 0 ? 1e3 : 1e-5 * Wobble(i) * Math.Pow(f, sgd))],
            Flatness = [.. reversed.Select((f, i) => i == 4 ? null : (double?)f)],
            Relaxations = new double?[50],
        }.Write(Path.Combine(folder, MotionTable.SgdFile));
        new ControlResult
        {
            ZeroErrorEpoch = 30,
            SgdIterations = 800,
            SolutionLoss = 0.006,
            Curvatures = [0.5, 0.1, 0.01],
            SquaredGradient = 1e-4,
            SquaredGradientInSpan = 8e-5,
            StepSize = 0.2,
            Temperature = 2e-5,
            Steps = 1000,
            Stride = 10,
            BurnInLosses = [.. Enumerable.Repeat(0.006, 50)],
            Losses = [.. Enumerable.Repeat(0.0065, 100)],
            LossDrift = drift + 1e-4 * seed,
            LossDriftLow = drift - 0.02,
            LossDriftHigh = drift + 0.02,
            LossDriftOver = "10 blocks of 100 steps",
        }.Write(Path.Combine(folder, ControlResult.FileName));
        return new(Cell(EinsteinTask.Control, seed), folder, CellEnding.Measured());
    }

    public FinishedCell<EinsteinCell> Variant(EinsteinTask task, int seed, double testError, double flatness)
    {
        string folder = Directory.CreateDirectory(Path.Combine(root, $"{task}-{seed}-{Guid.NewGuid()}")).FullName;
        bool sgd = task == EinsteinTask.Sgd;
        new VariantResult
        {
            UpdatesPerEpoch = sgd ? 40 : 1,
            Curve = [.. Enumerable.Range(1, 5).Select(k => new EpochRecord(sgd ? k : 40 * k, 0.1 / k, 0.01, 0.4, testError + 0.1 / k - 0.02))],
            ZeroErrorUpdate = sgd ? 160 : null,
            RandomFlatness = 3,
            SharpFlatness = (sgd ? 1 : (task == EinsteinTask.FlatnessNoise ? flatness : 0.5) * (1 + 0.001 * seed)) * (1 + 0.01 * seed),
            OpenDirections = task == EinsteinTask.Descent ? 2 : sgd ? 1 : 0,
        }.Write(Path.Combine(folder, VariantResult.FileName));
        return new(Cell(task, seed), folder, CellEnding.Measured());
    }

    public FinishedCell<EinsteinCell>[] Variants(double constant = 0.14, double flatness = 0.119, double sharpness = 0.97) =>
        [.. from seed in new[] { 1, 2, 3 }
            from pair in new[] { (EinsteinTask.Descent, 0.13), (EinsteinTask.ConstantNoise, constant), (EinsteinTask.FollowingNoise, 0.125), (EinsteinTask.FlatnessNoise, flatness), (EinsteinTask.Sgd, 0.12) }
            select Variant(pair.Item1, seed, pair.Item2 + 0.02 * seed + Jitter(pair.Item1) * seed, sharpness)];

    /// <summary>By so much a seed a variant's error rises beyond what seeds share: paired differences have a spread.</summary>
    public static double Jitter(EinsteinTask task) => task switch
    {
        EinsteinTask.Descent => 1e-5,
        EinsteinTask.ConstantNoise => 3e-5,
        EinsteinTask.FlatnessNoise => 6e-5,
        EinsteinTask.Sgd => 1e-4,
        _ => 0,
    };
}
