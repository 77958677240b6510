using System.Text.Json;
using Talweg.Continual;

namespace Talweg.Cli.Rendering;

/// <summary>What <c>talweg continual --json</c> prints.</summary>
internal static class ContinualDocument
{
    /// <summary>Writes the document's properties.</summary>
    public static void Write(Utf8JsonWriter json, ContinualRun run, DataNote data)
    {
        json.WriteString("method", run.Method);
        json.WriteString("protocol", JsonNamingPolicy.KebabCaseLower.ConvertName(run.Protocol.ToString()));
        json.Texts("tasks", run.Tasks);
        json.WriteNumber("weights", run.Weights);
        Write(json, "accuracy", run.Accuracy);
        Write(json, "own_accuracy", run.OwnAccuracy);
        json.Numbers("memory_bytes", run.MemoryBytes.Select(bytes => (double)bytes));
        json.Texts("weights_files", run.WeightsFiles);
        json.Objects("courses", run.Courses, course => json.Objects("points", course, point =>
        {
            json.WriteNumber("iteration", point.Iteration);
            json.Numbers("errors", point.Errors);
            json.Numbers("own_errors", point.OwnErrors);
        }));
        json.WriteString("divergence", run.Divergence);
        data.Write(json);
    }

    private static void Write(Utf8JsonWriter json, string name, AccuracyMatrix matrix)
    {
        json.WriteStartObject(name);
        json.Numbers("before", matrix.Before);
        json.WriteStartArray("after");
        foreach (var row in matrix.After)
            json.Numbers(row);
        json.WriteEndArray();
        json.Number("average_error", matrix.AverageError);
        json.Number("forgetting", matrix.Forgetting);
        json.Number("backward_transfer", matrix.BackwardTransfer);
        json.Number("forward_transfer", matrix.ForwardTransfer);
        json.WriteEndObject();
    }
}
