namespace Talweg.Statistics;

/// <summary>A measured number with its uncertainty, and what that uncertainty is over.</summary>
/// <param name="Value">The estimate itself.</param>
/// <param name="Interval">The 95% confidence interval; null where the data cannot give one (a single cell, say).</param>
/// <param name="Over">What was taken as independent: "3 seeds", "981 points", "30 epochs".</param>
public sealed record Estimate(double Value, Interval? Interval, string Over);
