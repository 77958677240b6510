using System.Text.Json;
using System.Text.Json.Nodes;
using Talweg.Continual;
using Talweg.Networks;
using Talweg.Storage;
using Talweg.Tests.Storage;

namespace Talweg.Tests.Continual;

/// <summary>A finished run's record, sealed as Talweg seals it, whose tables do not fit its tasks.</summary>
public sealed class RecordedRunTests : IDisposable
{
    private static readonly TaskSequence Two = SmallTasks.Of(2);
    private static readonly ContinualPlan Plan = new() { Network = FullyConnected.Parse("fc:6-8-6"), Method = new NoMethod(), BatchSize = 10, Epochs = 1, WindowEpochs = 1 };

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tables_of_other_sizes_than_the_tasks_are_refused()
    {
        var run = ContinualTrainer.Run(Plan, Two, _folder["run"], new(1));
        string path = Path.Combine(_folder["run"], "continual.json"), good = File.ReadAllText(path);
        (string What, Action<JsonObject> Change)[] changes =
        [
            ("a course that is none", record => record["Courses"]!.AsArray()[1] = null),
            ("a point that is none", record => record["Courses"]![0]!.AsArray()[1] = null),
            ("no accuracy before", record => record["Accuracy"]!["Before"]!.AsArray().RemoveAt(1)),
            ("no accuracy of one's own classes before", record => record["OwnAccuracy"]!["Before"]!.AsArray().RemoveAt(0)),
            ("a row after a task that there is not", record => record["Accuracy"]!["After"]!.AsArray().Add(new JsonArray(0.5, 0.5))),
            ("a short row", record => record["OwnAccuracy"]!["After"]![1]!.AsArray().RemoveAt(1)),
            ("a row that is none", record => record["Accuracy"]!["After"]!.AsArray()[0] = null),
        ];
        foreach (var (what, change) in changes)
        {
            var record = JsonNode.Parse(good)!.AsObject();
            record.Remove(SealedJson.Key);
            change(record);
            SealedJson.Write(path, record.ToJsonString(Indented));
            string message = Assert.Throws<InputException>(() => ContinualTrainer.Run(Plan, Two, _folder["run"], new(1))).Message;
            Assert.True(message == $"{path}: found no run that Talweg wrote (tables of other sizes than 2 tasks); expected one, or another folder.", $"{what}: {message}");
        }

        File.WriteAllText(path, good);
        Assert.Equal(run.Accuracy.After, ContinualTrainer.Run(Plan, Two, _folder["run"], new(1)).Accuracy.After);
    }
}
