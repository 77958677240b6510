using Talweg.Cli.Inputs;
using Talweg.Cli.Rendering;
using Talweg.Data;
using Talweg.Networks;
using Talweg.Storage;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Cli;

/// <summary>A finished training run and the files of its folder, which is held against others until this is disposed.</summary>
internal sealed class TrainedFolder : IDisposable
{
    private const string WeightsName = "weights.safetensors", HistoryName = "history.json", HistoryTableName = "history.parquet";

    private readonly TrainingFolder _held;

    public TrainedFolder(TrainingFolder folder, TrainingRun run, Dataset data, Standardisation standardised, PixelScaling scaling, string? dataRoot)
    {
        _held = folder;
        Run = run;
        Data = data;
        Standardised = standardised;
        Scaling = scaling;
        DataRoot = dataRoot;
        if (run.TrajectoryPath is null)
            return;
        using var trajectory = Trajectory.Open(run.TrajectoryPath);
        (RecordedIterations, RecordedWeights) = (trajectory.Iterations, trajectory.Weights);
    }

    public string Folder => _held.Path;

    public TrainingRun Run { get; }

    public Dataset Data { get; }

    public Standardisation Standardised { get; }

    /// <summary>How bytes became inputs.</summary>
    public PixelScaling Scaling { get; }

    public string? DataRoot { get; }

    /// <summary>Rows of the trajectory; 0 without one.</summary>
    public long RecordedIterations { get; }

    /// <summary>N of the trajectory; 0 without one.</summary>
    public int RecordedWeights { get; }

    /// <summary>The last weights; not written by a run that diverged.</summary>
    public string WeightsPath => Path.Combine(Folder, WeightsName);

    /// <summary>All about the run, an entry an epoch.</summary>
    public string HistoryPath => Path.Combine(Folder, HistoryName);

    /// <summary>Lets go of the folder, and frees a TorchScript file's module.</summary>
    public void Dispose()
    {
        _held.Dispose();
        (Run.Plan.Network as IDisposable)?.Dispose();
    }

    /// <summary>Deletes what <c>talweg train</c> writes into a folder, and nothing else.</summary>
    public static void Clear(TrainingFolder folder)
    {
        folder.Clear();
        foreach (string name in (string[])[WeightsName, HistoryName, HistoryTableName])
            File.Delete(folder.File(name));
    }

    /// <summary>Writes weights and history.</summary>
    public void Save()
    {
        if (Run.Ending != Ending.Diverged)
            WeightsFile.Save(_held.File(WeightsName), Run.Weights);
        SealedJson.Write(_held.File(HistoryName), JsonText.IndentedOf(json => HistoryDocument.Write(json, this)));
        ParquetTable.Write(_held.File(HistoryTableName),
        [
            new("epoch", Run.Epochs.Select(e => e.Epoch).ToArray()),
            new("train_loss", Run.Epochs.Select(e => e.TrainLoss).ToArray()),
            new("train_error", Run.Epochs.Select(e => e.TrainError).ToArray()),
            new("test_loss", Run.Epochs.Select(e => e.TestLoss).ToArray()),
            new("test_error", Run.Epochs.Select(e => e.TestError).ToArray()),
        ]);
    }
}
