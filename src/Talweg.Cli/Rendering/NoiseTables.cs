using Spectre.Console;
using Talweg.Landscapes;
using Talweg.Noise;

namespace Talweg.Cli.Rendering;

/// <summary>The results of <c>talweg measure temperature</c> and <c>ensemble</c> for a reader: a row a direction.</summary>
internal static class NoiseTables
{
    private const int DisplacementsShown = 3;

    /// <summary>Temperatures with their standard errors, at three displacements at most.</summary>
    public static void Temperature(IAnsiConsole console, MinibatchSets sets, double learningRate, IReadOnlyList<ActiveTemperature> directions)
    {
        var displacements = directions[0].Displacements;
        int[] shown = Spread(displacements.Count);
        var table = Tables.OfNumbers(["direction", .. shown.Select(i => $"T at {Tables.Number(displacements[i])}")]);
        AddRows(table, directions, temperature => [.. shown.Select(i => PlusMinus(temperature.Temperature[i], temperature.StandardError?[i]))]);
        console.Write(table);
        console.Line($"Temperature ± standard error over {Describe(sets)}, at learning rate {Tables.Number(learningRate)}; displacements are lengths in weight space.");
        if (shown.Length < displacements.Count)
            console.Line($"{shown.Length} of {displacements.Count} displacements are shown; --json gives all.");
    }

    /// <summary>Mean ± standard deviation of the valleys' minima, curvatures and losses, and how many minibatches have none.</summary>
    public static void Ensemble(IAnsiConsole console, MinibatchSets sets, IReadOnlyList<MinibatchEnsemble> directions)
    {
        var table = Tables.OfNumbers("direction", "minimum", "curvature", "loss", "without minimum");
        AddRows(table, directions, ensemble =>
            [Spread(ensemble.Minimum), Spread(ensemble.Curvature), Spread(ensemble.Loss), $"{ensemble.WithoutMinimum}"]);
        console.Write(table);
        console.Line($"Mean ± standard deviation over the valleys of {Describe(sets)}: ln L = ln(loss) + curvature/2·(θ − minimum)²; θ is a length in weight space.");
        int unsettled = directions.Count(ensemble => MeasureTables.NotSettled(ensemble.Flatness));
        if (unsettled > 0)
            console.Line($"{unsettled} of {directions.Count} directions have a side that was not settled: the mean loss jumps right beside the weights, so no window is known.");
        int open = directions.Count(ensemble => ensemble.Flatness.Value is null) - unsettled;
        if (open > 0)
            console.Line($"{open} of {directions.Count} directions are open: within {FlatnessOptions.ReachInNorms} times the weights' norm the mean loss does not rise to e times that at the origin, so no window is known.");
    }

    private static void AddRows<T>(Table table, IReadOnlyList<T> directions, Func<T, string[]> cells)
    {
        foreach (int? row in Tables.Rows(directions.Count))
            table.Add(row is { } i ? [$"{i + 1}", .. cells(directions[i])] : [.. Enumerable.Repeat("…", table.Columns.Count)]);
    }

    /// <summary>The first, the middle one, the last.</summary>
    private static int[] Spread(int count) => count <= DisplacementsShown
        ? [.. Enumerable.Range(0, count)]
        : [.. Enumerable.Range(0, DisplacementsShown).Select(i => i * (count - 1) / (DisplacementsShown - 1))];

    private static string Spread(EnsembleMoments? moments) => moments is null ? "–" : PlusMinus(moments.Mean, Math.Sqrt(moments.Variance));

    private static string PlusMinus(double value, double? error) => error is null ? Tables.Number(value) : $"{Tables.Number(value)} ± {Tables.Number(error)}";

    private static string Describe(MinibatchSets sets)
    {
        int left = sets.Samples - sets.Count * sets.BatchSize;
        return $"{sets.Count} minibatch{(sets.Count == 1 ? "" : "es")} of {sets.BatchSize} samples{(left == 0 ? "" : $" ({left} left over)")}";
    }
}
