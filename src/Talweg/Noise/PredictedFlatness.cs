namespace Talweg.Noise;

/// <summary>Between which values a flatness lies, as far as minibatch profiles along one direction can say.</summary>
/// <param name="Least">With σ_θ² = σ̃², all of the spread of minima being their own; a length in weight space.</param>
/// <param name="Most">With σ_θ² = 0, all of it coming from the other directions.</param>
public sealed record PredictedFlatness(double Least, double Most);
