using System.Diagnostics;
using System.Globalization;
using Talweg.Data;
using Talweg.Networks;
using Talweg.Storage;

namespace Talweg.Training;

/// <summary>Trains a network on cross entropy, recording a weight space's trajectory, in a folder from which it resumes.</summary>
/// <remarks>
/// Runs on the calling thread. A checkpoint is written at most every two seconds, at the end of an epoch, after the trajectory's rows
/// have reached their file; so a run killed at any moment resumes from the last one and ends bit-identical to one that was not.
/// The first one is written before any other file, once the run is known to be one that can begin, so that the folder is known for its own. With noise, checkpoints are written only where the noise refreshes next. Memory: the weights, the optimizer's state of the same size, and a megabyte of trajectory on its way to the disk.
/// </remarks>
public sealed class Trainer
{
    private const int SamplesAtOnce = 1000;

    private readonly TrainingPlan _plan;
    private readonly TrainingData _data;
    private readonly TrainingFolder _folder;
    private readonly WorkOptions _options;
    private readonly Interventions _interventions;
    private readonly TimeSpan _checkpointInterval;
    private readonly Minibatches _minibatches;
    private readonly WeightSpace? _space;
    private readonly HashSet<long> _snapshots;
    private readonly WeightSpace _all;
    private readonly float[] _flat;
    private readonly IDescent _descent;
    private readonly List<EpochRecord> _epochs = [];
    private int _completed;
    private int? _firstRecorded;

    private Trainer(TrainingPlan plan, TrainingData data, TrainingFolder folder, WorkOptions options, Interventions interventions, TimeSpan checkpointInterval)
    {
        _plan = plan;
        _data = data;
        _folder = folder;
        _options = options;
        _interventions = interventions;
        _checkpointInterval = checkpointInterval;
        _minibatches = new(data.Train.Count, plan.BatchSize, plan.Drawing, plan.Seed);
        _space = plan.Recording == Recording.None ? null : WeightSpace.Of(plan.Network, [.. plan.RecordedLayers], plan.RecordBiases);
        _snapshots = [.. plan.SnapshotIterations ?? []];
        _all = WeightSpace.All(plan.Network);
        _flat = new float[Noise is null ? 0 : _all.Dimension];
        _descent = plan.Network is FullyConnected && plan.Optimizer is null or Sgd { IsPlain: true } && interventions.Observer is null
            ? new PlainDescent(interventions)
            : new RuleDescent(plan.Optimizer ?? new Sgd { LearningRate = plan.LearningRate }, plan.Trained, plan.Seed, interventions);
    }

    /// <summary>Trains by <paramref name="plan"/>, going on from what is in <paramref name="folder"/>.</summary>
    /// <param name="plan">What to do.</param>
    /// <param name="data">On what.</param>
    /// <param name="folder">For checkpoints and the trajectory, <c>trajectory.safetensors</c>; made if missing, and held while it is written in.</param>
    /// <param name="options">Progress and cancellation; a cancelled run writes a checkpoint first, where noise allows one.</param>
    /// <param name="interventions">Where to start, noise, a penalty, an observer; null for none of them.</param>
    /// <exception cref="InputException">
    /// The plan does not fit the data; the folder holds another plan's run, or one with other interventions, or files that no run there wrote; another process writes in it; or something cannot be written.
    /// A run of the same plan with fewer epochs goes on, and ends with the bits of one that was begun with as many, or is refused where it cannot.
    /// </exception>
    /// <exception cref="ArgumentException">The interventions do not fit the plan, or the noise refreshes less than every epoch.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the same call goes on from there.</exception>
    public static TrainingRun Run(TrainingPlan plan, TrainingData data, string folder, WorkOptions? options = null, Interventions? interventions = null) =>
        Run(plan, data, folder, options, TimeSpan.FromSeconds(2), interventions);

    /// <summary>As above, in a folder that the caller holds, and may go on holding until he has written what he makes of the run.</summary>
    /// <inheritdoc cref="Run(TrainingPlan, TrainingData, string, WorkOptions?, Interventions?)"/>
    public static TrainingRun Run(TrainingPlan plan, TrainingData data, TrainingFolder folder, WorkOptions? options = null, Interventions? interventions = null) =>
        Run(plan, data, folder, options, TimeSpan.FromSeconds(2), interventions);

    /// <summary>As above, with a checkpoint at the end of the first epoch that ends <paramref name="checkpointInterval"/> after the last.</summary>
    internal static TrainingRun Run(TrainingPlan plan, TrainingData data, string folder, WorkOptions? options, TimeSpan checkpointInterval, Interventions? interventions = null)
    {
        Validate(plan, data, interventions ?? Interventions.None);
        using var held = TrainingFolder.Open(folder);
        return Run(plan, data, held, options, checkpointInterval, interventions);
    }

    private static TrainingRun Run(TrainingPlan plan, TrainingData data, TrainingFolder folder, WorkOptions? options, TimeSpan checkpointInterval, Interventions? interventions)
    {
        ArgumentNullException.ThrowIfNull(folder);
        Validate(plan, data, interventions ?? Interventions.None);
        return new Trainer(plan, data, folder, options ?? WorkOptions.Default, interventions ?? Interventions.None, checkpointInterval).Run();
    }

    private static void Validate(TrainingPlan plan, TrainingData data, Interventions interventions)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(data);
        plan.Validate(data.Train.Count);
        RequireFit(plan.Network, data.Train, data.Test);
        interventions.Validate(plan);
    }

    /// <exception cref="InputException">The samples have other inputs than the network, or classes for which it has no output.</exception>
    internal static void RequireFit(Network network, LabelledSamples train, LabelledSamples test)
    {
        if (train.Width != network.Inputs || Math.Max(train.Classes, test.Classes) > network.Outputs)
            throw new InputException("training plan", "network", $"{network}", $"{train.Width} inputs and at least {train.Classes} outputs, as the data have");
    }

    private IUpdateNoise? Noise => _interventions.Noise;

    private TrainingRun Run()
    {
        var found = Checkpoint.Load(_folder, _plan, _interventions, _descent.State);
        var checkpoint = found ?? Begin();
        _epochs.AddRange(checkpoint.Epochs);
        _completed = checkpoint.CompletedEpochs;
        _firstRecorded = checkpoint.FirstRecordedEpoch;
        using ITrainingModel model = checkpoint.Weights is DenseWeights dense
            ? new DenseTraining(dense, _data, _descent is PlainDescent ? _plan.BatchSize : Math.Min(_plan.BatchSize, SamplesAtOnce), _plan.TrainedLayers)
            : new TorchTraining(checkpoint.Weights, _data);
        if (found is null)
            Save(checkpoint);   // only now: a module that cannot be trained was refused above, and leaves the folder as it was
        SafeTensorsRowWriter? recorder = _firstRecorded is null ? null
            : SafeTensorsRowWriter.Resume(_folder.Trajectory, checkpoint.RecordedRows, _space!.Dimension, checkpoint.RecordedChecksum, Checkpoint.Afresh);
        if (_completed == 0)
            KeepIteration(0, model);
        try
        {
            var sinceCheckpoint = Stopwatch.StartNew();
            while (!IsLast)
            {
                if (recorder is null && ShouldRecord())
                {
                    _folder.RequireHeld();
                    recorder = new SafeTensorsRowWriter(_folder.Trajectory, _space!.Dimension);
                    _firstRecorded = _completed + 1;
                }

                if (Refreshes)
                    Noise?.Refresh(model.Weights());
                if (RunEpoch(model, recorder) is { } divergence)
                    return Finish(model, recorder, Ending.Diverged, divergence);
                bool cancelled = _options.Cancellation.IsCancellationRequested;
                if (IsLast || (Refreshes && (cancelled || sinceCheckpoint.Elapsed > _checkpointInterval)))
                {
                    recorder?.Flush(durable: true);   // the checkpoint counts on these rows
                    Save(new(model.Weights(), _epochs, _completed, recorder?.Rows ?? 0, _firstRecorded, recorder?.Checksum));
                    sinceCheckpoint.Restart();
                }

                _options.Cancellation.ThrowIfCancellationRequested();
            }

            bool zeroError = _plan.ExtraEpochs is { } extra && ZeroErrorEpoch is { } zero && _completed >= zero + extra;
            return zeroError
                ? Finish(model, recorder, Ending.ZeroError, $"zero training error at epoch {ZeroErrorEpoch}, and {_plan.ExtraEpochs} epochs more")
                : Finish(model, recorder, Ending.EpochLimit, Limit(_epochs[^1]));
        }
        finally
        {
            recorder?.Dispose();
        }
    }

    /// <summary>The checkpoint before the first epoch, by which, once it is saved, the folder is this run's.</summary>
    private Checkpoint Begin()
    {
        _folder.RequireFree();
        return new(Start(), [], 0, 0, null, null);
    }

    private void Save(Checkpoint checkpoint) => checkpoint.Save(_folder, PlanText.Of(_plan, _interventions), _descent.State);

    private NetworkWeights Start() => _interventions.Start ?? Draw(_plan.Network, _plan.Initialisation, _plan.Seed);

    /// <summary>The weights that a run starts from: drawn ones, but of a module, whose vectors may mean anything, only matrices, kernels and their biases, and none that its owner has frozen.</summary>
    internal static NetworkWeights Draw(Network network, Initialisation initialisation, long seed)
    {
        var drawn = NetworkWeights.Draw(network, initialisation, seed);
        if (network is not ModuleNetwork module)
            return drawn;
        var own = module.Weights();
        return NetworkWeights.Of(module, [.. module.Frozen().Select((frozen, i) =>
            frozen || module.Tensors[i].Role is not (TensorRole.Weight or TensorRole.Bias) ? own.Tensors[i] : drawn.Tensors[i])]);
    }

    private string Limit(EpochRecord last)
    {
        string verdict = $"stopped at the limit of {_plan.MaxEpochs} epochs with training error {Share(last.TrainError)}";
        return TrainingRun.IsGuess(last.TrainLoss, _plan.Network.Outputs) ? verdict + ", no better than guessing: hidden units may have died; try a smaller learning rate" : verdict;
    }

    private TrainingRun Finish(ITrainingModel model, SafeTensorsRowWriter? recorder, Ending ending, string verdict)
    {
        recorder?.Flush();
        return new()
        {
            Plan = _plan,
            Ending = ending,
            Verdict = verdict,
            Epochs = _epochs,
            CompletedEpochs = _completed,
            ZeroErrorEpoch = ZeroErrorEpoch,
            Weights = model.Weights(),
            IterationsPerEpoch = _minibatches.PerEpoch,
            TrajectoryPath = _firstRecorded is null ? null : _folder.Trajectory,
            FirstRecordedEpoch = _firstRecorded,
        };
    }

    /// <summary>Runs one epoch and evaluates it if its turn has come; returns the verdict if the run diverged in it.</summary>
    private string? RunEpoch(ITrainingModel model, SafeTensorsRowWriter? recorder)
    {
        int epoch = _completed + 1;
        int[][] orders = [.. Enumerable.Range(0, _plan.Optimizer?.Passes ?? 1).Select(pass => _minibatches.Epoch(epoch, pass))];
        var row = new float[recorder is null ? 0 : _space!.Dimension];
        for (int t = 0; t < _minibatches.PerEpoch; t++)
        {
            long iteration = (epoch - 1L) * _minibatches.PerEpoch + t + 1;
            double rate = _plan.LearningRate * (_plan.Schedule?.At(epoch, iteration, _minibatches.PerEpoch) ?? 1);
            double loss = _descent.Step(model, new(iteration, orders, t * _plan.BatchSize, _plan.BatchSize), rate);
            if (!double.IsFinite(loss))
                return Divergence(epoch, $"iteration {t + 1} of epoch {epoch}", loss);
            Kick(model, iteration);
            KeepIteration(iteration, model);
            if (recorder is null || iteration % (_plan.RecordEvery ?? 1) != 0)
                continue;
            model.Read(_space!, row);
            recorder.Append(row);
        }

        if ((epoch % (_plan.EvaluateEvery ?? 1) == 0 || epoch == ExpectedEpochs) && Evaluate(model, epoch) is { } divergence)
            return divergence;
        _completed = epoch;
        if (epoch % _plan.SnapshotEvery == 0)
            Keep(Snapshots.NameOf(epoch), model);
        return null;
    }

    private string? Evaluate(ITrainingModel model, int epoch)
    {
        var (trainLoss, trainError, _) = model.Evaluate(test: false);
        var (testLoss, testError, _) = model.Evaluate(test: true);
        if (!double.IsFinite(trainLoss))
            return Divergence(epoch, $"the end of epoch {epoch}", trainLoss);
        _epochs.Add(new(epoch, trainLoss, trainError, testLoss, testError));
        _options.Progress?.Report(new("training", epoch, ExpectedEpochs, string.Create(CultureInfo.InvariantCulture, $"loss {trainLoss:G3}, error {Share(trainError)}, test error {Share(testError)}")));
        return null;
    }

    private void Kick(ITrainingModel model, long iteration)
    {
        if (Noise is null)
            return;
        model.Read(_all, _flat);
        Noise.Add(iteration, _flat);
        model.Load(_all, _flat);
    }

    /// <summary>A resumed run comes by again and writes the same bits.</summary>
    private void KeepIteration(long iteration, ITrainingModel model)
    {
        if (_snapshots.Contains(iteration))
            Keep(Snapshots.NameOfIteration(iteration), model);
        if (_interventions.Watcher is { } watcher && watcher.Wants(iteration))
            watcher.See(iteration, model.Weights());
    }

    private void Keep(string name, ITrainingModel model)
    {
        _folder.RequireHeld();
        WeightsFile.Save(_folder.Snapshot(name), model.Weights());
    }

    private string Divergence(int epoch, string when, double loss) => string.Create(
        CultureInfo.InvariantCulture,
        $"diverged: the loss was {loss} at {when}. Try a learning rate below {_plan.LearningRate:G4}{(epoch == 1 ? ", or inputs of a smaller scale" : "")}.");

    private static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:G3}%");

    /// <summary>Whether the noise takes in the weights before the next epoch, so that nothing from before is needed.</summary>
    private bool Refreshes => Noise is null || _completed % Noise.RefreshEvery == 0;

    private int ExpectedEpochs => _plan.LastEpochAfter(ZeroErrorEpoch);

    private bool IsLast => _completed >= ExpectedEpochs;

    private bool ShouldRecord() => _plan.FirstRecordedAfter(ZeroErrorEpoch) <= _completed + 1;

    private int? ZeroErrorEpoch => Checkpoint.ZeroErrorIn(_epochs);
}
