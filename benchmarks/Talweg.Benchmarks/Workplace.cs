using System.Runtime.InteropServices;
using Talweg.Data;
using Talweg.Networks;
using Talweg.Training;

namespace Talweg.Benchmarks;

/// <summary>What the benchmarks share: data, a network, a folder that vanishes in the end.</summary>
internal sealed class Workplace : IDisposable
{
    private readonly Lazy<(string Name, TrainingData Data)> _data = new(LoadData);
    private readonly Lazy<DenseWeights> _trained;
    private readonly Lazy<DirectoryInfo> _folder = new(() => Directory.CreateTempSubdirectory("talweg-benchmarks-"));

    private readonly PosixSignalRegistration[] _interruptions;

    public Workplace(BenchmarkOptions options)
    {
        Options = options;
        _interruptions = [.. ((PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM]).Select(signal => PosixSignalRegistration.Create(signal, _ => DeleteFolder()))];
        _trained = new(() => Train(epochs: 3));
    }

    /// <summary>784–50–50–10 without biases, the network of every benchmark here.</summary>
    public static FullyConnected Network { get; } = FullyConnected.Of(784, 50, 50, 10);

    /// <summary>B, samples a minibatch.</summary>
    public static int BatchSize => 50;

    /// <summary>α.</summary>
    public static double LearningRate => 0.1;

    public BenchmarkOptions Options { get; }

    public int Repeat => Options.Repeat ?? BenchmarkOptions.DefaultRepeat;

    /// <summary>MNIST if it is at hand, else the digits that Talweg draws.</summary>
    public TrainingData Data => _data.Value.Data;

    /// <summary>What the data are, for the reader; null if no benchmark has asked for them.</summary>
    public string? DataName => _data.IsValueCreated ? $"{_data.Value.Name}, {Data.Train.Count} training samples" : null;

    /// <summary>The network after three epochs: losses of a tenth of a nat, where both sides' single precision agrees to 1e-5.</summary>
    public DenseWeights Trained => _trained.Value;

    /// <summary>A folder for files, deleted in the end.</summary>
    public string Folder => _folder.Value.FullName;

    /// <summary>Progress, on standard error.</summary>
    public static void Say(string text) => Console.Error.WriteLine(text);

    public void Dispose()
    {
        Array.ForEach(_interruptions, registration => registration.Dispose());
        DeleteFolder();
    }

    private void DeleteFolder()
    {
        if (_folder.IsValueCreated && Directory.Exists(Folder))
            _folder.Value.Delete(recursive: true);
    }

    private static (string, TrainingData) LoadData()
    {
        string name = Datasets.Inspect("mnist", read: false).Presence == DatasetPresence.Present ? "mnist" : "digits";
        Say($"  loading {name}");
        var set = Datasets.Load(name);
        return (name, new(LabelledSamples.Of(set.Train), LabelledSamples.Of(set.Test)));
    }

    private DenseWeights Train(int epochs)
    {
        var data = Data;
        Say($"  training for {epochs} epochs");
        using var model = new DenseModel(DenseWeights.Draw(Network, Initialisation.PyTorch, seed: 1), BatchSize);
        var minibatches = new Minibatches(data.Train.Count, BatchSize, Drawing.WithoutReplacement, seed: 1);
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            int[] order = minibatches.Epoch(epoch);
            for (int step = 0; step < minibatches.PerEpoch; step++)
                model.Step(data.SparseTrain, order.AsSpan(step * BatchSize, BatchSize), LearningRate);
        }

        return model.Weights();
    }
}
