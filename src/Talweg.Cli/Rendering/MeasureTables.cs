using Spectre.Console;
using Talweg.Landscapes;
using Talweg.Trajectories;

namespace Talweg.Cli.Rendering;

/// <summary>The results of <c>talweg measure …</c> for a reader.</summary>
internal static class MeasureTables
{
    private const int ModesShown = 10;
    private const int DirectionsShown = 6;

    /// <summary>The first modes, and what the spectrum says in three numbers.</summary>
    /// <param name="console">Where to print.</param>
    /// <param name="modes">The modes.</param>
    /// <param name="iterations">Iterations of the window.</param>
    /// <param name="wanted">How many modes to list; null for the first ten.</param>
    public static void Modes(IAnsiConsole console, PrincipalModes modes, int iterations, int? wanted)
    {
        int shown = Math.Min(wanted ?? ModesShown, modes.Variances.Length);
        double total = modes.Variances.Sum();
        var table = Tables.OfNumbers("mode", "variance σ²", "share", "cumulative");
        double sum = 0;
        for (int i = 0; i < shown; i++)
        {
            sum += modes.Variances[i];
            table.Add($"{i + 1}", Tables.Number(modes.Variances[i]), Share(modes.Variances[i], total), Share(sum, total));
        }

        console.Write(table);
        console.Line($"{iterations} iterations of {modes.Dimension} weights: {modes.Variances.Length} modes, total variance {Tables.Number(total)}, norm of the mean {Tables.Number(modes.MeanNorm)}");
        if (total > 0)
            console.Line($"90% of the variance in {Count(modes.Variances, 0.9 * total)} modes, 99% in {Count(modes.Variances, 0.99 * total)}");
    }

    /// <summary>The loss at each displacement, a column a direction.</summary>
    public static void Transect(IAnsiConsole console, IReadOnlyList<double> displacements, IReadOnlyList<Landscapes.Profile> profiles)
    {
        int shown = Math.Min(DirectionsShown, profiles.Count);
        var table = Tables.OfNumbers(["displacement", .. Enumerable.Range(1, shown).Select(i => $"loss {i}")]);
        foreach (int? row in Tables.Rows(displacements.Count))
            table.Add(row is { } i ? [Tables.Number(displacements[i]), .. profiles.Take(shown).Select(p => Tables.Number(p.Loss[i]))] : [.. Enumerable.Repeat("…", shown + 1)]);
        console.Write(table);
        console.Line($"Loss in nats along {Shown(shown, profiles.Count)}; displacements are lengths in weight space. --json gives slopes too.");
    }

    /// <summary>A row a direction.</summary>
    public static void Flatness(IAnsiConsole console, double level, IReadOnlyList<Flatness> directions)
    {
        var table = Tables.OfNumbers("direction", "left", "right", "flatness", "fit flatness", "fit R²");
        foreach (int? row in Tables.Rows(directions.Count))
        {
            if (row is not { } i)
            {
                table.Add([.. Enumerable.Repeat("…", 6)]);
                continue;
            }

            var f = directions[i];
            table.Add($"{i + 1}", Side(f.Left, f.LeftEnding), Side(f.Right, f.RightEnding), Width(f), Fit(f.FitFlatness), Fit(f.FitRSquared));
        }

        console.Write(table);
        console.Line($"Width of the valley where the loss is {Tables.Number(level)} times that at the origin, {Tables.Number(directions[0].LossAtOrigin)} nats; lengths in weight space.");
        int open = directions.Count(f => f.LeftEnding == SideEnding.Open || f.RightEnding == SideEnding.Open);
        if (open > 0)
            console.Line($"{open} of {directions.Count} directions are open: within {FlatnessOptions.ReachInNorms} times the weights' norm the loss does not rise so far.");
        int unsettled = directions.Count(NotSettled);
        if (unsettled > 0)
            console.Line($"{unsettled} of {directions.Count} directions have a side that was not settled in {Passes(directions)}: the loss jumps right beside the weights.");
        else
            console.Line($"Each direction took {Passes(directions)} over the samples.");
    }

    /// <summary>Whether the search could not place a side.</summary>
    public static bool NotSettled(Flatness flatness) => flatness.LeftEnding == SideEnding.RoundLimit || flatness.RightEnding == SideEnding.RoundLimit;

    private static string Side(double? side, SideEnding ending) => ending == SideEnding.RoundLimit ? "not settled" : Tables.Number(side);

    private static string Width(Flatness flatness) => NotSettled(flatness) ? "not settled" : Tables.Number(flatness.Value);

    private static string Passes(IReadOnlyList<Flatness> directions)
    {
        int fewest = directions.Min(f => f.Passes), most = directions.Max(f => f.Passes);
        return fewest == most ? $"{most} passes" : $"{fewest} to {most} passes";
    }

    private static string Fit(double? value) => value is null ? "–" : Tables.Number(value);

    private static string Share(double part, double total) => total > 0 ? Tables.Percent(part / total) : "–";

    private static string Shown(int shown, int count) => shown == count ? $"{count} direction{(count == 1 ? "" : "s")}" : $"the first {shown} of {count} directions";

    private static int Count(double[] variances, double wanted)
    {
        double sum = 0;
        int count = 0;
        while (count < variances.Length && sum < wanted)
            sum += variances[count++];
        return count;
    }
}
