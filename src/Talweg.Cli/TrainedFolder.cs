using Talweg.Cli.Inputs;
using Talweg.Cli.Rendering;
using Talweg.Data;
using Talweg.Networks;
using Talweg.Storage;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Cli;

/// <summary>A finished training run and the files of its folder.</summary>
internal sealed class TrainedFolder : IDisposable
{
    public TrainedFolder(string folder, TrainingRun run, Dataset data, Standardisation standardised, PixelScaling scaling, string? dataRoot)
    {
        Folder = folder;
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

    public string Folder { get; }

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
    public string WeightsPath => Path.Combine(Folder, "weights.safetensors");

    /// <summary>All about the run, an entry an epoch.</summary>
    public string HistoryPath => Path.Combine(Folder, "history.json");

    /// <summary>The epochs as a table.</summary>
    public string HistoryTablePath => Path.Combine(Folder, "history.parquet");

    /// <summary>Frees a TorchScript file's module.</summary>
    public void Dispose() => (Run.Plan.Network as IDisposable)?.Dispose();

    /// <summary>Writes weights and history.</summary>
    public void Save()
    {
        if (Run.Ending != Ending.Diverged)
            WeightsFile.Save(WeightsPath, Run.Weights);
        AtomicFile.WriteAllText(HistoryPath, JsonText.IndentedOf(json => HistoryDocument.Write(json, this)) + "\n");
        ParquetTable.Write(HistoryTablePath,
        [
            new("epoch", Run.Epochs.Select(e => e.Epoch).ToArray()),
            new("train_loss", Run.Epochs.Select(e => e.TrainLoss).ToArray()),
            new("train_error", Run.Epochs.Select(e => e.TrainError).ToArray()),
            new("test_loss", Run.Epochs.Select(e => e.TestLoss).ToArray()),
            new("test_error", Run.Epochs.Select(e => e.TestError).ToArray()),
        ]);
    }
}
