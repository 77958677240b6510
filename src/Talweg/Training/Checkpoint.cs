using System.Text.Json;
using System.Text.Json.Serialization;
using Talweg.Networks;
using Talweg.Storage;

namespace Talweg.Training;

/// <summary>A training run between two epochs, from which it goes on bit for bit.</summary>
/// <param name="Weights">At the end of the last epoch.</param>
/// <param name="Epochs">The epochs so far.</param>
/// <param name="RecordedRows">Rows of the trajectory that belong to them.</param>
/// <param name="FirstRecordedEpoch">The trajectory's first epoch; null if recording has not begun.</param>
internal sealed record Checkpoint(DenseWeights Weights, IReadOnlyList<EpochRecord> Epochs, long RecordedRows, int? FirstRecordedEpoch)
{
    private const string FileName = "checkpoint.safetensors";

    /// <summary>A test loss may overflow while the training loss does not, and JSON has no infinity of its own.</summary>
    private static readonly JsonSerializerOptions Format = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public void Save(string folder, TrainingPlan plan)
    {
        var metadata = new Dictionary<string, string>
        {
            ["plan"] = plan.Fingerprint,
            ["state"] = JsonSerializer.Serialize(new State(Epochs, RecordedRows, FirstRecordedEpoch), Format),
        };
        SafeTensorsWriter.Write(Path.Combine(folder, FileName), [.. WeightsFile.Tensors(Weights)], metadata);
    }

    /// <summary>The folder's checkpoint; null where there is none yet.</summary>
    /// <exception cref="InputException">It belongs to another plan, or is damaged.</exception>
    public static Checkpoint? Load(string folder, TrainingPlan plan)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;
        string? fingerprint;
        string? text;
        using (var file = SafeTensorsFile.Open(path))
        {
            fingerprint = file.Metadata.GetValueOrDefault("plan");
            text = file.Metadata.GetValueOrDefault("state");
        }

        if (fingerprint != plan.Fingerprint)
            throw new InputException(path, "plan", fingerprint is null ? "none" : fingerprint.Length > 2000 ? fingerprint[..2000] : fingerprint, $"{plan.Fingerprint}; use another folder, or delete this one to start afresh");
        try
        {
            var state = JsonSerializer.Deserialize<State>(text ?? "null", Format);
            if (state is not { Epochs: not null, RecordedRows: >= 0 } || state.Epochs.Any(epoch => epoch is null))
                throw new JsonException("no state");
            return new(WeightsFile.Load(path, plan.Network), state.Epochs, state.RecordedRows, state.FirstRecordedEpoch);
        }
        catch (JsonException)
        {
            throw new InputException(path, "state", "something else", "the state that Talweg wrote; delete the file to start afresh");
        }
    }

    private sealed record State(IReadOnlyList<EpochRecord> Epochs, long RecordedRows, int? FirstRecordedEpoch);
}
