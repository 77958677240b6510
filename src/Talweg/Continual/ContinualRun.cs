using System.Text.Json;
using System.Text.Json.Serialization;
using Talweg.Storage;

namespace Talweg.Continual;

/// <summary>A sequence of tasks that was learned.</summary>
public sealed record ContinualRun
{
    internal const string FileName = "continual.json";

    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
    };

    /// <summary>All that decided it, as text.</summary>
    public required string Plan { get; init; }

    /// <summary>The files of the data; empty where nobody named them.</summary>
    public IReadOnlyList<string> DataFiles { get; init; } = [];

    /// <summary>What was trained.</summary>
    public required TrainingProtocol Protocol { get; init; }

    /// <summary>The way not to forget, as text.</summary>
    public required string Method { get; init; }

    /// <summary>The tasks' names, in order.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>N, the weights that were trained and remembered.</summary>
    public required int Weights { get; init; }

    /// <summary>Accuracy on every task after every task, all outputs of the network competing; without rows for tasks that were not learned.</summary>
    public required AccuracyMatrix Accuracy { get; init; }

    /// <summary>The same if only a task's own classes compete.</summary>
    public required AccuracyMatrix OwnAccuracy { get; init; }

    /// <summary>All tasks' test errors during every task's training, [tasks learned][moments].</summary>
    public required IReadOnlyList<IReadOnlyList<CoursePoint>> Courses { get; init; }

    /// <summary>Bytes remembered after each task, the last of which need not remember anything: 0.</summary>
    public required IReadOnlyList<long> MemoryBytes { get; init; }

    /// <summary>Files with all weights after each task.</summary>
    public required IReadOnlyList<string> WeightsFiles { get; init; }

    /// <summary>The checksums that these files carry, <c>talweg-sha256</c> in their metadata; empty in the record of a version that did not keep them.</summary>
    public IReadOnlyList<string> WeightsChecksums { get; init; } = [];

    /// <summary>Why it ended before its last task, and what to try; empty where it did not.</summary>
    public required string Divergence { get; init; }

    /// <summary>Where a folder has it.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, FileName);

    internal void Save(ContinualFolder folder)
    {
        folder.RequireHeld();
        SealedJson.Write(folder.Result, JsonSerializer.Serialize(this, Format));
    }

    /// <summary>A folder's finished run; null where there is none.</summary>
    /// <exception cref="InputException">It is another plan's, or damaged.</exception>
    internal static ContinualRun? Load(ContinualFolder folder, string plan)
    {
        string path = folder.Result;
        if (!File.Exists(path))
            return null;
        ContinualRun? run;
        try
        {
            run = JsonSerializer.Deserialize<ContinualRun>(SealedJson.Read(path, "delete it, and the tasks are learned again"), Format);
            if (run is not null && !(IsWhole(run.Accuracy, run.Tasks.Count) && IsWhole(run.OwnAccuracy, run.Tasks.Count) && run.Courses.All(IsWhole)))
                throw new JsonException($"tables of other sizes than {run.Tasks.Count} tasks");
        }
        catch (JsonException error)
        {
            throw new InputException($"{path}: found no run that Talweg wrote ({error.Message}); expected one, or another folder.", error);
        }

        return run?.Plan == plan ? run : throw new InputException(path, "plan", Quoted.Name(run?.Plan ?? "none"), $"{plan}; use another folder, or give --overwrite to start afresh");
    }

    private static bool IsWhole(AccuracyMatrix matrix, int tasks) =>
        matrix.Before.Count == tasks && matrix.After.Count <= tasks && matrix.After.All(row => row?.Count == tasks);

    private static bool IsWhole(IReadOnlyList<CoursePoint>? course) => course is not null && course.All(point => point is not null);
}
