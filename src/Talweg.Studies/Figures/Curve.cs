namespace Talweg.Studies.Figures;

/// <summary>A named series of points.</summary>
/// <param name="Label">What the legend says.</param>
/// <param name="X">Abscissas.</param>
/// <param name="Y">Ordinates, as many.</param>
public sealed record Curve(string Label, IReadOnlyList<double> X, IReadOnlyList<double> Y);
