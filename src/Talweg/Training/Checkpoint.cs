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
internal sealed record Checkpoint(NetworkWeights Weights, IReadOnlyList<EpochRecord> Epochs, int CompletedEpochs, long RecordedRows, int? FirstRecordedEpoch)
{
    private const string FileName = "checkpoint.safetensors";

    /// <summary>A test loss may overflow while the training loss does not, and JSON has no infinity of its own.</summary>
    private static readonly JsonSerializerOptions Format = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <param name="folder">The run's.</param>
    /// <param name="fingerprint">All that decides the run, as text.</param>
    /// <param name="optimizer">The optimizer's state.</param>
    public void Save(string folder, string fingerprint, IReadOnlyList<(string Name, float[] Values)> optimizer)
    {
        var metadata = new Dictionary<string, string>
        {
            ["plan"] = fingerprint,
            ["state"] = JsonSerializer.Serialize(new State(Epochs, CompletedEpochs, RecordedRows, FirstRecordedEpoch), Format),
        };
        SafeTensorsWriter.Write(Path.Combine(folder, FileName), [.. WeightsFile.Tensors(Weights), .. optimizer.Select(state => new NamedTensor(WeightsFile.OptimizerPrefix + state.Name, [state.Values.Length], state.Values))], metadata);
    }

    /// <summary>The folder's checkpoint; null where there is none yet.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="fingerprint">All that decides the run, as text.</param>
    /// <param name="network">Whose weights it holds.</param>
    /// <param name="optimizer">The optimizer's state, which is filled.</param>
    /// <exception cref="InputException">It belongs to another plan, or is damaged.</exception>
    public static Checkpoint? Load(string folder, string fingerprint, Network network, IReadOnlyList<(string Name, float[] Values)> optimizer)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;
        string? found;
        string? text;
        using (var file = SafeTensorsFile.Open(path))
        {
            found = file.Metadata.GetValueOrDefault("plan");
            text = file.Metadata.GetValueOrDefault("state");
        }

        if (found != fingerprint)
            throw new InputException(path, "plan", found is null ? "none" : found.Length > 2000 ? found[..2000] : found, $"{fingerprint}; use another folder, or delete this one to start afresh");
        try
        {
            var state = JsonSerializer.Deserialize<State>(text ?? "null", Format);
            if (state is not { Epochs: not null, RecordedRows: >= 0 } || state.Epochs.Any(epoch => epoch is null) || state.CompletedEpochs < state.Epochs.Count)
                throw new JsonException("no state");
            LoadOptimizer(path, optimizer);
            return new(WeightsFile.Load(path, network), state.Epochs, state.CompletedEpochs ?? state.Epochs.Count, state.RecordedRows, state.FirstRecordedEpoch);
        }
        catch (JsonException)
        {
            throw new InputException(path, "state", "something else", "the state that Talweg wrote; delete the file to start afresh");
        }
    }

    private static void LoadOptimizer(string path, IReadOnlyList<(string Name, float[] Values)> optimizer)
    {
        using var file = SafeTensorsFile.Open(path);
        foreach (var (name, values) in optimizer)
        {
            var entry = file.Entry(WeightsFile.OptimizerPrefix + name);
            if (entry.Shape is not [var length] || length != values.Length)
                throw new InputException(path, $"tensor '{entry.Name}'", $"shape [{string.Join(", ", entry.Shape)}]", $"[{values.Length}], a number for each weight; delete the file to start afresh");
            file.ReadSingles(entry.Name).CopyTo(values, 0);
        }
    }

    /// <param name="Epochs">The evaluated epochs.</param>
    /// <param name="CompletedEpochs">Null where an earlier version wrote it, for which every epoch was evaluated.</param>
    /// <param name="RecordedRows">Rows of the trajectory.</param>
    /// <param name="FirstRecordedEpoch">The trajectory's first epoch.</param>
    private sealed record State(IReadOnlyList<EpochRecord> Epochs, int? CompletedEpochs, long RecordedRows, int? FirstRecordedEpoch);
}
