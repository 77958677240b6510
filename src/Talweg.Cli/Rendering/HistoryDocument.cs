using System.Text.Json;
using Talweg.Cli.Inputs;
using Talweg.Networks;
using Talweg.Training;

namespace Talweg.Cli.Rendering;

/// <summary>history.json, which is also what <c>talweg train --json</c> prints.</summary>
internal static class HistoryDocument
{
    /// <summary>Writes the document's properties.</summary>
    public static void Write(Utf8JsonWriter json, TrainedFolder trained)
    {
        var plan = trained.Run.Plan;
        json.WriteString("network", plan.Network.ToString());
        json.WriteStartObject("data");
        json.WriteString("name", trained.Data.Name);
        json.WriteString("checksum", trained.Data.Checksum);
        json.WriteNumber("samples", trained.Data.Train.Count);
        json.WriteBoolean("standardised", trained.Standardised != Standardisation.None);
        json.Objects("scaling", trained.Scaling.Channels, channel =>
        {
            json.Number("offset", channel.Offset);
            json.Number("factor", channel.Factor);
        });
        DataNote.WriteFiles(json, trained.Data.Source);
        json.WriteEndObject();
        json.WriteNumber("batch", plan.BatchSize);
        json.Number("learning_rate", plan.LearningRate);
        if (plan.Optimizer is { } optimizer)
            json.WriteString("optimizer", optimizer.ToString());
        if (plan.Schedule is { } schedule)
            json.WriteString("schedule", schedule.ToString());
        json.WriteNumber("seed", plan.Seed);
        json.WriteString("initialisation", plan.Initialisation == Initialisation.He ? "he" : "pytorch");
        json.WriteBoolean("with_replacement", plan.Drawing == Drawing.WithReplacement);
        json.WriteNumber("iterations_per_epoch", trained.Run.IterationsPerEpoch);
        json.WriteString("ending", JsonNamingPolicy.SnakeCaseLower.ConvertName(trained.Run.Ending.ToString()));
        json.WriteString("verdict", trained.Run.Verdict);
        json.Whole("zero_error_epoch", trained.Run.ZeroErrorEpoch);
        WriteRecorded(json, trained);
        json.Objects("epochs", trained.Run.Epochs, epoch => Write(json, epoch));
    }

    private static void WriteRecorded(Utf8JsonWriter json, TrainedFolder trained)
    {
        if (trained.Run.FirstRecordedEpoch is not { } first)
        {
            json.WriteNull("recorded");
            return;
        }

        json.WriteStartObject("recorded");
        json.WriteStartArray("layers");
        foreach (int layer in trained.Run.Plan.RecordedLayers)
            json.WriteNumberValue(layer);
        json.WriteEndArray();
        json.WriteNumber("weights", trained.RecordedWeights);
        json.WriteNumber("iterations", trained.RecordedIterations);
        json.WriteNumber("first_epoch", first);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, EpochRecord epoch)
    {
        json.WriteNumber("epoch", epoch.Epoch);
        json.Number("train_loss", epoch.TrainLoss);
        json.Number("train_error", epoch.TrainError);
        json.Number("test_loss", epoch.TestLoss);
        json.Number("test_error", epoch.TestError);
    }
}
