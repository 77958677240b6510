namespace Talweg;

/// <summary>How far a piece of long work has come.</summary>
/// <param name="What">The work, in words: "training", "flatness of 200 modes".</param>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all; 0 when unknown.</param>
/// <param name="Detail">A short remark such as the present loss; empty when there is none.</param>
public readonly record struct WorkProgress(string What, long Done, long Total, string Detail = "");
