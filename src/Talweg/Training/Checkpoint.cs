using System.Text.Json;
using System.Text.Json.Serialization;
using Talweg.Networks;
using Talweg.Storage;

namespace Talweg.Training;

/// <summary>A training run between two epochs, from which it goes on bit for bit.</summary>
/// <param name="Weights">At the end of the last epoch.</param>
/// <param name="Epochs">The evaluated epochs so far.</param>
/// <param name="CompletedEpochs">The epochs so far, evaluated or not.</param>
/// <param name="RecordedRows">Rows of the trajectory that belong to them.</param>
/// <param name="FirstRecordedEpoch">The trajectory's first epoch; null if recording has not begun.</param>
/// <param name="RecordedChecksum">Of those rows; null where an earlier version wrote the checkpoint.</param>
internal sealed record Checkpoint(
    NetworkWeights Weights, IReadOnlyList<EpochRecord> Epochs, int CompletedEpochs, long RecordedRows, int? FirstRecordedEpoch, uint? RecordedChecksum)
{
    /// <summary>The way out where a run's files cannot be gone on with.</summary>
    public const string Afresh = "give --overwrite to start afresh, or choose another folder";

    private const string PlanKey = "plan", StateKey = "state";

    /// <summary>A test loss may overflow while the training loss does not, and JSON has no infinity of its own.</summary>
    private static readonly JsonSerializerOptions Format = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>The first of these epochs with zero training error.</summary>
    public static int? ZeroErrorIn(IEnumerable<EpochRecord> epochs) => epochs.FirstOrDefault(epoch => epoch.TrainError == 0)?.Epoch;

    /// <param name="folder">The run's.</param>
    /// <param name="plan">All that decides the run: <see cref="PlanText.Of"/>.</param>
    /// <param name="optimizer">The optimizer's state.</param>
    public void Save(TrainingFolder folder, string plan, IReadOnlyList<(string Name, float[] Values)> optimizer)
    {
        folder.RequireHeld();
        var metadata = new Dictionary<string, string>
        {
            [PlanKey] = plan,
            [StateKey] = JsonSerializer.Serialize(new State(Epochs, CompletedEpochs, RecordedRows, FirstRecordedEpoch, RecordedChecksum), Format),
        };
        var state = optimizer.Select(one => new NamedTensor(WeightsFile.OptimizerPrefix + one.Name, [one.Values.Length], one.Values));
        SafeTensorsWriter.Write(folder.Checkpoint, [.. WeightsFile.Tensors(Weights), .. state], metadata, checksum: true);
    }

    /// <summary>The folder's checkpoint, all of it from one open file; null where there is none yet.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="plan">What decides the run: with more epochs than the checkpoint's, it goes on.</param>
    /// <param name="interventions">What acts on it.</param>
    /// <param name="optimizer">The optimizer's state, which is filled.</param>
    /// <exception cref="InputException">It belongs to another plan, which has not merely fewer epochs, or is damaged.</exception>
    public static Checkpoint? Load(TrainingFolder folder, TrainingPlan plan, Interventions interventions, IReadOnlyList<(string Name, float[] Values)> optimizer)
    {
        if (!File.Exists(folder.Checkpoint))
            return null;
        using var file = SafeTensorsFile.Open(folder.Checkpoint);
        RequireUndamaged(file);
        var here = PlanText.Parse(PlanText.Of(plan, interventions))!;
        var there = PlanText.Parse(file.Metadata.GetValueOrDefault(PlanKey))
            ?? throw new InputException(file.Path, PlanKey, "none", $"a checkpoint that Talweg wrote; {Afresh}");
        string[] differences = [.. there.Differences(here)];
        if (differences.Length > 0 && !there.IsGivenMoreEpochsBy(here))
            throw new InputException($"{folder.Path}: holds a training that differs: {string.Join("; ", differences)}. Choose another folder, or give --overwrite to start afresh.");
        var checkpoint = Read(file, plan.Network, optimizer);
        return differences.Length > 0 ? new MoreEpochs(folder.Path, plan, interventions).From(checkpoint) : checkpoint;
    }

    /// <summary>A file of an earlier version had these two entries and no checksum; damage to a checksum's name leaves a third.</summary>
    private static void RequireUndamaged(SafeTensorsFile file)
    {
        if (file.Metadata.Count == 2 && file.Metadata.ContainsKey(PlanKey) && file.Metadata.ContainsKey(StateKey))
            return;
        try
        {
            file.RequireChecksum();
        }
        catch (InputException damage)
        {
            throw new InputException($"{damage.Message}; {Afresh}", damage);
        }
    }

    private static Checkpoint Read(SafeTensorsFile file, Network network, IReadOnlyList<(string Name, float[] Values)> optimizer)
    {
        try
        {
            var state = JsonSerializer.Deserialize<State>(file.Metadata.GetValueOrDefault(StateKey) ?? "null", Format);
            if (state is not { Epochs: not null, RecordedRows: >= 0 } || state.Epochs.Any(epoch => epoch is null) || state.CompletedEpochs < state.Epochs.Count)
                throw new JsonException("no state");
            foreach (var (name, values) in optimizer)
                Tensor(file, WeightsFile.OptimizerPrefix + name, [values.Length]).CopyTo(values, 0);
            var weights = NetworkWeights.Of(network, [.. network.Tensors.Select(tensor => Tensor(file, tensor.Name, [.. tensor.Shape.Select(size => (long)size)]))]);
            return new(weights, state.Epochs, state.CompletedEpochs ?? state.Epochs.Count, state.RecordedRows, state.FirstRecordedEpoch, state.RecordedChecksum);
        }
        catch (JsonException)
        {
            throw new InputException(file.Path, StateKey, "something else", $"the state that Talweg wrote; {Afresh}");
        }
    }

    private static float[] Tensor(SafeTensorsFile file, string name, long[] shape)
    {
        var entry = file.Entry(name);
        return entry.Shape.SequenceEqual(shape)
            ? file.ReadSingles(name)
            : throw new InputException(file.Path, $"tensor '{name}'", $"shape {entry.ShapeText}", $"[{string.Join(", ", shape)}], as the network has it; {Afresh}");
    }

    /// <param name="Epochs">The evaluated epochs.</param>
    /// <param name="CompletedEpochs">Null where an earlier version wrote it, for which every epoch was evaluated.</param>
    /// <param name="RecordedRows">Rows of the trajectory.</param>
    /// <param name="FirstRecordedEpoch">The trajectory's first epoch.</param>
    /// <param name="RecordedChecksum">Of the trajectory's rows.</param>
    private sealed record State(IReadOnlyList<EpochRecord> Epochs, int? CompletedEpochs, long RecordedRows, int? FirstRecordedEpoch, uint? RecordedChecksum);
}
