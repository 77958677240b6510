namespace Talweg.Studies.Running;

/// <summary>A named set of parameters: "quick" for a first look, "paper" for the published sizes.</summary>
/// <param name="Name">The name given to <c>--preset</c>.</param>
/// <param name="Help">What it does and what it costs, in one line.</param>
/// <param name="Values">Parameters that differ from their defaults, written as after <c>--set</c>.</param>
public sealed record Preset(string Name, string Help, IReadOnlyDictionary<string, string> Values);
