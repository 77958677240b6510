namespace Talweg.Studies.Running;

/// <summary>Where a study's claims were published.</summary>
/// <param name="Authors">"Feng and Tu".</param>
/// <param name="Reference">"PNAS 118, e2015617118 (2021)".</param>
/// <param name="Figures">"Figures 1 and 2".</param>
public sealed record Source(string Authors, string Reference, string Figures);
