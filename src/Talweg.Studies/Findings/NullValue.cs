namespace Talweg.Studies.Findings;

/// <summary>What a measurement gives on data that have no structure of the claimed kind.</summary>
/// <param name="Surrogate">The surrogate, in words: "isotropic walk". The same words in every measurement of a finding.</param>
/// <param name="Value">The measurement on it; NaN if undefined.</param>
public sealed record NullValue(string Surrogate, double Value);
