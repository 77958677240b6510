using System.Globalization;

namespace Talweg.Mutate;

/// <summary>The table of scores, and the list of survivors.</summary>
internal static class Report
{
    /// <summary>A line a room, and one for all: sampled, caught, survived, equivalent, and the share caught of those that are not equivalent.</summary>
    public static string Scores(IReadOnlyList<Result> results) => string.Join('\n',
    [
        "| room | sampled | caught | survived | no test runs it | equivalent | score |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        .. results.GroupBy(result => result.Room).OrderBy(room => room.Key, StringComparer.Ordinal).Select(room => Row(room.Key, [.. room])),
        Row("all", results),
    ]);

    /// <summary>What was not noticed, a line each.</summary>
    public static string Survivors(IReadOnlyList<Result> results) => string.Join('\n', results
        .Where(result => result.Fate is Fate.Survived or Fate.NotRun)
        .OrderBy(result => result.File, StringComparer.Ordinal).ThenBy(result => result.Line)
        .Select(result => $"{result.File}:{result.Line}  {result.Change}{(result.Fate == Fate.NotRun ? "  (no test of the room runs it)" : "")}\n    {result.Source}"));

    private static string Row(string name, IReadOnlyList<Result> results)
    {
        int Count(params Fate[] fates) => results.Count(result => fates.Contains(result.Fate));
        int caught = Count(Fate.Caught, Fate.TimedOut), equivalent = Count(Fate.Equivalent), real = results.Count - equivalent;
        string score = real == 0 ? "" : (100.0 * caught / real).ToString("F0", CultureInfo.InvariantCulture) + "%";
        return $"| {name} | {results.Count} | {caught} | {Count(Fate.Survived)} | {Count(Fate.NotRun)} | {equivalent} | {score} |";
    }
}
