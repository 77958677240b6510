using System.Globalization;
using Spectre.Console;
using Talweg.Continual;

namespace Talweg.Cli.Rendering;

/// <summary>A sequence of tasks as tables for people.</summary>
internal static class ContinualTables
{
    public static void Write(IAnsiConsole console, ContinualRun run, string folder)
    {
        console.Line($"{run.Method}, {Protocol(run)}: {run.Weights} weights");
        console.Line("Accuracy on every task (columns) after every task (rows):");
        console.Write(Matrix(run, run.Accuracy));
        if (!run.Accuracy.IsComplete)
            return;                                            // why is told on standard error
        var table = Tables.OfNumbers("", "all outputs compete", "own classes only");
        Row(table, "average error", run, matrix => matrix.AverageError);
        Row(table, "forgetting", run, matrix => matrix.Forgetting);
        Row(table, "backward transfer", run, matrix => matrix.BackwardTransfer);
        Row(table, "forward transfer", run, matrix => matrix.ForwardTransfer);
        console.Write(table);
        console.Line($"Remembered after each task: {string.Join(", ", run.MemoryBytes.Take(run.Tasks.Count - 1).Select(Size))}");
        console.Line($"Weights in {run.WeightsFiles[^1]} and {run.WeightsFiles.Count - 1} before it; time courses in {ContinualRun.PathIn(folder)}");
    }

    private static string Protocol(ContinualRun run) =>
        run.Protocol == TrainingProtocol.HiddenLayers ? "hidden layers alone, after a training on all tasks together" : "everything from scratch";

    private static Table Matrix(ContinualRun run, AccuracyMatrix matrix)
    {
        var table = Tables.OfNumbers(["after", .. run.Tasks]);
        table.Add(["(none)", .. matrix.Before.Select(Tables.Percent)]);
        foreach (var (name, row) in run.Tasks.Zip(matrix.After))
            table.Add([name, .. row.Select(Tables.Percent)]);
        return table;
    }

    private static void Row(Table table, string name, ContinualRun run, Func<AccuracyMatrix, double> value) =>
        table.Add(name, Tables.Percent(value(run.Accuracy)), Tables.Percent(value(run.OwnAccuracy)));

    private static string Size(long bytes) => bytes switch
    {
        0 => "nothing",
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:F0} KB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):F1} MB"),
    };
}
