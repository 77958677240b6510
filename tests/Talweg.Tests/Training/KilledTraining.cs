using System.Globalization;
using System.Runtime.CompilerServices;
using Talweg.Networks;
using Talweg.Tests.Networks;
using Talweg.Training;

namespace Talweg.Tests.Training;

/// <summary>A training run that a test can start in a process of its own, to kill it: this test program, told so by its environment.</summary>
internal static class KilledTraining
{
    /// <summary>Set to the run's folder, it makes the program train there instead of testing.</summary>
    public const string Variable = "TALWEG_TESTS_TRAIN_IN";

    /// <summary>Set to one of the names below, it says what is trained.</summary>
    public const string KindVariable = "TALWEG_TESTS_TRAIN_KIND";

    public const string Plain = "plain";

    /// <summary>With noise that refreshes every third epoch, evaluated every second.</summary>
    public const string Noisy = "noisy";

    /// <summary>Convolutions, a residual block and batch normalisation, by AdamW with a schedule.</summary>
    public const string Convolutions = "convolutions";

    public static readonly TrainingPlan Plan = new()
    {
        Network = FullyConnected.Parse("fc:12-31-30-4,bias"),
        BatchSize = 20,
        LearningRate = 0.05,
        Seed = 1,
        MaxEpochs = 100,
        ExtraEpochs = null,
        Recording = Recording.All,
        RecordedLayers = [2],
    };

    public static TrainingRun Run(string folder, string kind, WorkOptions? options = null)
    {
        var data = new TrainingData(SmallNetworks.Clouds(1010, 12, 4, 1), SmallNetworks.Clouds(200, 12, 4, 2));
        return Trainer.Run(PlanOf(kind), data, folder, options, TimeSpan.FromMilliseconds(30), kind == Noisy ? new() { Noise = new NormNoise(3) } : null);
    }

    public static TrainingPlan PlanOf(string kind) => kind switch
    {
        Plain => Plan,
        Noisy => Plan with { EvaluateEvery = 2 },
        Convolutions => Plan with
        {
            Network = Network.Parse("net:1x3x4/conv4k3p1/bn/relu/res(conv4k3p1/bn)/relu/dense4b"),
            MaxEpochs = 20,
            LearningRate = 0,
            Optimizer = Optimizer.Parse("adamw:lr=0.003"),
            Schedule = Schedule.Parse("warmup:epochs=2+cosine:epochs=15,floor=0.1"),
        },
        _ => throw new ArgumentException(kind),
    };

    [ModuleInitializer]
    internal static void TrainIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } folder)
            return;
        Run(folder, Environment.GetEnvironmentVariable(KindVariable)!, new(1, new Lines()));
        Environment.Exit(0);
    }

    /// <summary>One line an epoch, by which the test knows how far the run is.</summary>
    private sealed class Lines : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value)
        {
            Console.Out.WriteLine(value.Done.ToString(CultureInfo.InvariantCulture));
            Console.Out.Flush();
        }
    }
}
