using Talweg.Continual;
using Talweg.Data;
using Talweg.Networks;
using Talweg.Training;

namespace Talweg.Reliability.Tests.Fuzzing.Readers;

/// <summary>What trainings leave to go on from: checkpoints, the record of a sequence of tasks; and models that are programs.</summary>
internal static class TrainingReaders
{
    private const string Checkpoint = "checkpoint.safetensors";

    private static readonly TrainingData Data = Drawn();

    private static readonly TrainingPlan Plan = new()
    {
        Network = FullyConnected.Parse("fc:4-3-2"),
        BatchSize = 4,
        LearningRate = 0.1,
        Optimizer = null,
        Seed = 1,
        MaxEpochs = 2,
        ExtraEpochs = null,
        Recording = Recording.None,
    };

    private static readonly TrainingPlan WithMomentum = Plan with { LearningRate = 0, Optimizer = Optimizer.Parse("adam:lr=0.01") };

    public static IEnumerable<FuzzReader> All()
    {
        var made = (Plain: Made(Plan), Moments: Made(WithMomentum));
        string archive = Path.Combine(AppContext.BaseDirectory, "torchscript_model.pt");
        return
        [
            new("checkpoints", [made.Plain.Checkpoint], (bytes, folder) => GoOn(Plan, made.Plain.Weights, bytes, folder)),
            new("checkpoints-with-state", [made.Moments.Checkpoint], (bytes, folder) => GoOn(WithMomentum, made.Moments.Weights, bytes, folder)),
            new("continual.json", [Continual()], ReadContinual) { Finish = Seals.Json },
            new("torchscript", [File.ReadAllBytes(archive)], ReadArchive) { Share = 0.5, RefusesAll = true },
        ];
    }

    /// <summary>A finished training's checkpoint, from which the same training ends with the same weights or does not end at all.</summary>
    private static void GoOn(TrainingPlan plan, float[] expected, byte[] bytes, string folder)
    {
        FuzzFile.Write(folder, Checkpoint, bytes);
        float[] found = Weights(Trainer.Run(plan, Data, folder));
        FuzzFile.Require(found.AsSpan().SequenceEqual(expected), "a changed checkpoint was gone on from, and ends with other weights");
    }

    private static (byte[] Checkpoint, float[] Weights) Made(TrainingPlan plan)
    {
        using var folders = new FuzzFolders();
        string folder = folders.New("training");
        var run = Trainer.Run(plan, Data, folder);
        return (File.ReadAllBytes(Path.Combine(folder, Checkpoint)), Weights(run));
    }

    private static float[] Weights(TrainingRun run) => [.. WeightSpace.All(run.Plan.Network).Flatten(run.Weights)];

    private static TrainingData Drawn()
    {
        var images = new ImageSet("drawn", Enumerable.Range(0, 48).Select(i => (byte)(i * 37)).ToArray(), Enumerable.Range(0, 12).Select(i => (byte)(i % 2)).ToArray(), 2, 2, 2);
        var samples = LabelledSamples.Of(images, PixelScaling.Unit);
        return new(samples, samples);
    }

    private static byte[] Continual() => FuzzFile.Made("continual.json", path =>
    {
        using var folder = ContinualFolder.Open(Path.GetDirectoryName(path)!);
        Learned.Save(folder);
    });

    private static ContinualRun Learned => new()
    {
        Plan = "a plan",
        Protocol = TrainingProtocol.FromScratch,
        Method = "none",
        Tasks = ["01", "23"],
        Weights = 12,
        Accuracy = new() { Before = [0.5, 0.25], After = [[0.9, 0.1], [0.4, 0.8]] },
        OwnAccuracy = new() { Before = [0.5, 0.25], After = [[0.9, 0.1], [0.4, 0.8]] },
        Courses = [[new(0, [0.1, 0.2], [0.1, 0.2]), new(5, [0.1, double.NaN], [0, 0])], []],
        MemoryBytes = [96, 0],
        WeightsFiles = ["weights-after-1.safetensors", "weights-after-2.safetensors"],
        Divergence = "",
    };

    private static void ReadContinual(byte[] bytes, string folder)
    {
        FuzzFile.Write(folder, "continual.json", bytes);
        using var held = ContinualFolder.Open(folder);
        var run = ContinualRun.Load(held, "a plan")!;
        FuzzFile.Require(run is { Tasks: not null, Method: not null, Courses: not null, MemoryBytes: not null, WeightsFiles: not null, Divergence: not null }, "what is required is missing");
        FuzzFile.Require(!double.IsInfinity(run.Accuracy.AverageError + run.OwnAccuracy.Forgetting), "an accuracy is infinite");
    }

    /// <summary>Without trust nothing of it is run: not as a model, and not as a file of weights either.</summary>
    private static void ReadArchive(byte[] bytes, string folder)
    {
        string path = FuzzFile.Write(folder, "model.pt", bytes);
        var refused = Record.Exception(() => ModuleNetwork.OfTorchScript(path, [4], 2, trusted: false));
        FuzzFile.Require(refused is InputException, "an untrusted model was opened");
        WeightsFile.Load(path, Plan.Network);
    }
}
