namespace Talweg.Studies.Forgetting;

/// <summary>Which λ validation chooses: every method has as many to choose from. Test errors play no part.</summary>
internal static class Chosen
{
    /// <summary>Of the runs at one stop, a method's with the least mean error over the tasks' validation samples, among equals the weakest λ; null where none reached the stop.</summary>
    public static RunRow? Run(IEnumerable<RunRow> runs, string method) =>
        Of(runs, method).Where(run => run.Reached).OrderBy(run => run.Validation).ThenBy(run => run.Lambda).FirstOrDefault();

    /// <summary>
    /// The λ for experiments that take one λ for all stops of a ladder, so that each is one training: the one with the least sum of validation errors over the stops after epochs, which every training that does not
    /// diverge reaches; of those that diverge nothing is taken. Where all diverge, the weakest.
    /// </summary>
    public static double Lambda(IEnumerable<RunRow> runs, string method, IReadOnlyCollection<string> stops)
    {
        var tried = Of(runs, method).Where(run => stops.Contains(run.Stop)).GroupBy(run => run.Lambda).OrderBy(group => group.Key).ToList();
        return (tried.Where(group => group.All(run => run.Reached)).MinBy(group => group.Sum(run => run.Validation)) ?? tried[0]).Key;
    }

    private static IEnumerable<RunRow> Of(IEnumerable<RunRow> runs, string method) => runs.Where(run => run.Experiment == "trade-off" && run.Method == method);
}
