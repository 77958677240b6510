using Spectre.Console;
using Talweg.Cli.Inputs;
using Talweg.Training;

namespace Talweg.Cli.Rendering;

/// <summary>The result of <c>talweg train</c> for a reader, and what to do next.</summary>
internal static class TrainingTables
{
    private const int EpochsShown = 10;
    private const int WindowEpochs = 10;
    private const int ModesWanted = 200;

    public static void Write(IAnsiConsole console, TrainedFolder trained)
    {
        var run = trained.Run;
        if (run.Epochs.Count > 0)
            console.Write(Epochs(run.Epochs));
        if (run.Ending == Ending.Diverged)
            return;                                            // the verdict goes to standard error
        console.Line($"{char.ToUpperInvariant(run.Verdict[0])}{run.Verdict[1..]}.");
        console.Line($"Weights in {trained.WeightsPath}, history in {trained.HistoryPath}");
        if (run.TrajectoryPath is null)
            return;
        console.Line($"Trajectory in {run.TrajectoryPath}: {trained.RecordedIterations} iterations of {trained.RecordedWeights} weights, from epoch {run.FirstRecordedEpoch} on");
        WriteNext(console, trained);
    }

    private static Table Epochs(IReadOnlyList<EpochRecord> epochs)
    {
        var table = Tables.OfNumbers("epoch", "loss", "error", "test loss", "test error");
        foreach (int i in Thinned(epochs.Count))
        {
            var e = epochs[i];
            table.Add($"{e.Epoch}", Tables.Number(e.TrainLoss), Tables.Percent(e.TrainError), Tables.Number(e.TestLoss), Tables.Percent(e.TestError));
        }

        return table;
    }

    private static IEnumerable<int> Thinned(int count) =>
        count <= EpochsShown ? Enumerable.Range(0, count) : Enumerable.Range(0, EpochsShown).Select(i => (int)((long)i * (count - 1) / (EpochsShown - 1)));

    private static void WriteNext(IAnsiConsole console, TrainedFolder trained)
    {
        var run = trained.Run;
        long window = Math.Min(trained.RecordedIterations, (long)WindowEpochs * run.IterationsPerEpoch);
        if (window < 2)
            return;
        long modes = Math.Min(ModesWanted, Math.Min(window - 1, trained.RecordedWeights));
        string directions = Path.Combine(trained.Folder, "modes.safetensors");
        string[] measureModes =
        [
            "talweg", "measure", "modes", "--trajectory", run.TrajectoryPath!, "--window", $"{trained.RecordedIterations - window}:{window}",
            "--modes", $"{modes}", "--save-directions", directions,
        ];
        string[] measureFlatness =
        [
            "talweg", "measure", "flatness", .. NetworkOptions.Words(run.Plan.Network), "--weights", trained.WeightsPath,
            "--layers", string.Join(',', run.Plan.RecordedLayers), "--directions", directions, "--data", trained.Data.Name,
            .. trained.DataRoot is { } root ? (string[])["--data-root", root] : [], .. trained.Standardised.Words(),
        ];
        console.Line("");
        console.Line("Next, the principal modes of its last epochs, and the flatness along them:");
        foreach (string[] command in (string[][])[measureModes, measureFlatness])
            console.Line("  " + ShellText.Join(command));
    }
}
