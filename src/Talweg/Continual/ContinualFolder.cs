using System.Text.Json;
using System.Text.RegularExpressions;
using Talweg.Storage;
using Talweg.Training;

namespace Talweg.Continual;

/// <summary>A folder in which a sequence of tasks is learned, held against all others until it is disposed.</summary>
/// <remarks>What is learned there is written first, into <c>plan.json</c>: a folder without it holds no sequence that could go on.</remarks>
internal sealed partial class ContinualFolder : IDisposable
{
    /// <summary>The way out of a damaged folder, the end of a sentence.</summary>
    public const string Afresh = "give --overwrite to start afresh, or choose another folder";

    private const string PlanName = "plan.json";

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, NewLine = "\n" };

    private readonly FolderLock _held;
    private readonly OwnFolder _own;

    private ContinualFolder(FolderLock held) => (_held, _own) = (held, new(held.Folder));

    public string Path => _held.Folder;

    /// <summary>The training on all tasks together.</summary>
    public string AllTasks => _own.Folder("all-tasks").Path;

    /// <summary>The finished run.</summary>
    public string Result => _own.File(ContinualRun.FileName);

    /// <summary>Takes a folder, which is made if it is missing, and removes the unfinished files of a run that was killed there.</summary>
    /// <exception cref="InputException">Another process or thread holds it, or it cannot be written.</exception>
    public static ContinualFolder Open(string path)
    {
        var held = FolderLock.Take(path);
        try
        {
            AtomicFile.RemoveLeftovers(path);
            return new(held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Whether a folder holds a sequence, finished or not.</summary>
    public static bool IsSequence(string path) => File.Exists(System.IO.Path.Combine(path, PlanName));

    /// <summary>The training of a task, counted from 0.</summary>
    public string Task(int task) => _own.Folder(NameOf(task)).Path;

    /// <summary>Whether the training of a task, counted from 0, has begun.</summary>
    public bool HasBegun(int task) => TrainingFolder.IsTraining(_own.PathOf(NameOf(task)));

    /// <summary>All weights after a task, counted from 0.</summary>
    public string WeightsAfter(int task)
    {
        _held.RequireHeld();
        return _own.File($"weights-after-{task + 1}.safetensors");
    }

    /// <summary>Makes the folder this plan's, or requires that it is.</summary>
    /// <param name="settings">All that decides what is learned, by name.</param>
    /// <param name="afresh">After <see cref="Clear"/>: what is left is somebody's, and stays beside.</param>
    /// <exception cref="InputException">Another plan's sequence is there, or something that no sequence there has written.</exception>
    public void RequireOf(IReadOnlyDictionary<string, string> settings, bool afresh)
    {
        string path = _own.File(PlanName);
        if (!File.Exists(path))
        {
            if (!afresh && Files().Concat(Trainings()).FirstOrDefault() is { } taken)
                throw new InputException($"{Path}: holds {System.IO.Path.GetFileName(taken)}, but no {PlanName} of a sequence that could go on: it is somebody's, and would be overwritten. Choose another folder, or give --overwrite to start afresh.");
            SealedJson.Write(path, JsonSerializer.Serialize(settings, Format));
            return;
        }

        var there = Read(path);
        string[] differences =
            [.. there.Keys.Union(settings.Keys).Where(name => Value(there, name) != Value(settings, name)).Select(name => $"{name} {Differing.Shown(Value(there, name), Value(settings, name))}")];
        if (differences.Length > 0)
            throw new InputException($"{Path}: holds a sequence that differs: {string.Join("; ", differences)}. Choose another folder, or give --overwrite to start afresh.");
    }

    /// <summary>Deletes what sequences write in the folder, and nothing else.</summary>
    public void Clear()
    {
        foreach (string training in Trainings())
            TrainingFolder.Delete(training);
        foreach (string file in Files().Append(_own.File(PlanName)))
            File.Delete(file);
    }

    /// <summary>Deletes the trainings of the sequence's tasks: recorded and kept weights, some hundred megabytes, which nothing needs once the sequence has ended.</summary>
    /// <param name="tasks">How many tasks it has: a folder of a higher number is somebody's, and stays.</param>
    public void DiscardTasks(int tasks)
    {
        string[] own = [.. Enumerable.Range(0, tasks).Select(NameOf)];
        foreach (string training in Trainings().Where(training => own.Contains(System.IO.Path.GetFileName(training))))
            TrainingFolder.Delete(training);
    }

    public void RequireHeld() => _held.RequireHeld();

    public void Dispose() => _held.Dispose();

    private static Dictionary<string, string> Read(string path)
    {
        byte[] bytes = SealedJson.Read(path, Afresh);
        try
        {
            var settings = JsonSerializer.Deserialize<Dictionary<string, string>>(bytes)!;
            settings.Remove(SealedJson.Key);
            return settings;
        }
        catch (JsonException error)
        {
            throw new InputException(path, "plan", $"something else ({error.Message})", $"the settings that Talweg wrote; {Afresh}");
        }
    }

    private static string NameOf(int task) => $"task-{task + 1}";

    private static string Value(IReadOnlyDictionary<string, string> settings, string name) => settings.GetValueOrDefault(name, "none");

    private IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Path).Where(file => System.IO.Path.GetFileName(file) is var name && (name == ContinualRun.FileName || WeightsName().IsMatch(name)));

    private IEnumerable<string> Trainings() => Directory.EnumerateDirectories(Path)
        .Where(folder => System.IO.Path.GetFileName(folder) is var name && (name == "all-tasks" || TaskName().IsMatch(name)) && new DirectoryInfo(folder).LinkTarget is null);

    [GeneratedRegex(@"^weights-after-[1-9]\d*\.safetensors$")]
    private static partial Regex WeightsName();

    [GeneratedRegex(@"^task-[1-9]\d*$")]
    private static partial Regex TaskName();
}
