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

    /// <summary>Set to anything, it trains with noise that refreshes every third epoch, and evaluates every second.</summary>
    public const string NoiseVariable = "TALWEG_TESTS_TRAIN_WITH_NOISE";

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

    public static TrainingRun Run(string folder, bool noise, WorkOptions? options = null)
    {
        var data = new TrainingData(SmallNetworks.Clouds(1010, 12, 4, 1), SmallNetworks.Clouds(200, 12, 4, 2));
        return noise
            ? Trainer.Run(Plan with { EvaluateEvery = 2 }, data, folder, options, TimeSpan.FromMilliseconds(30), new NormNoise(3))
            : Trainer.Run(Plan, data, folder, options, TimeSpan.FromMilliseconds(30));
    }

    [ModuleInitializer]
    internal static void TrainIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } folder)
            return;
        Run(folder, Environment.GetEnvironmentVariable(NoiseVariable) is not null, new(1, new Lines()));
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
