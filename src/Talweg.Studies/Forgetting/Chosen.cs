namespace Talweg.Studies.Forgetting;

/// <summary>Which λ validation chooses: every method has as many to choose from.</summary>
internal static class Chosen
{
    /// <summary>The run of a method with the least mean error over the tasks' validation samples; among equals the weakest λ. Test errors play no part.</summary>
    public static RunRow Run(IEnumerable<RunRow> runs, string method) =>
        runs.Where(run => run.Experiment == "trade-off" && run.Method == method).OrderBy(run => run.Validation).ThenBy(run => run.Lambda).First();

    /// <summary>Its λ.</summary>
    public static double Lambda(IEnumerable<RunRow> runs, string method) => Run(runs, method).Lambda;
}
