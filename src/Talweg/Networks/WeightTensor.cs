namespace Talweg.Networks;

/// <summary>What a tensor of a network does.</summary>
public enum TensorRole
{
    /// <summary>A matrix [outputs, inputs] or a kernel [outputs, inputs, rows, columns]: what <c>--layers</c> counts.</summary>
    Weight,

    /// <summary>What a layer adds to its outputs.</summary>
    Bias,

    /// <summary>What a normalisation multiplies by, γ.</summary>
    Scale,

    /// <summary>What a normalisation adds, β.</summary>
    Shift,

    /// <summary>A normalisation's running mean: a statistic, not trained by gradients.</summary>
    RunningMean,

    /// <summary>A normalisation's running variance: a statistic, not trained by gradients.</summary>
    RunningVariance,
}

/// <summary>One tensor of a network.</summary>
/// <param name="Name">As PyTorch names it: <c>0.weight</c>, <c>layer1.0.conv1.weight</c>.</param>
/// <param name="Shape">Row-major, as in PyTorch.</param>
/// <param name="Layer">The weight layer that it belongs to or follows, counted from 0; −1 in front of the first.</param>
/// <param name="Role">What it does.</param>
public sealed record WeightTensor(string Name, IReadOnlyList<int> Shape, int Layer, TensorRole Role)
{
    /// <summary>Its number of weights.</summary>
    public int Length { get; } = Shape.Aggregate(1, (product, size) => checked(product * size));

    /// <summary>Whether gradients train it.</summary>
    public bool IsTrained => Role is not (TensorRole.RunningMean or TensorRole.RunningVariance);

    /// <summary>The number of weights that one output sees: what its first values are scaled by.</summary>
    public int Inputs => Length / Shape[0];

    /// <summary>The shape in words, [50, 784].</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";
}
