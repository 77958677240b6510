using Talweg.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Noise.Gradients;

/// <summary>What a layer took in and the error of what it gave, δ = ∂ℓ/∂z, both [samples, …].</summary>
internal readonly record struct SampleFactors(Tensor Inputs, Tensor Errors);

/// <summary>One stretch of a weight space, the place of its layer among those of <see cref="GradientFactors"/>, and how its gradient is made there.</summary>
internal sealed record GradientPart(WeightSpace.Segment Segment, int Layer, GradientForm Form);

/// <summary>Inputs and errors of the layers of a weight space, for every sample: what gradients are products of.</summary>
internal abstract class GradientFactors : IDisposable
{
    /// <summary>As <see cref="SampleGradients.Path"/> tells it.</summary>
    public abstract string Path { get; }

    /// <summary>Single or double precision.</summary>
    public abstract ScalarType Type { get; }

    /// <summary>Number of samples.</summary>
    public abstract int Count { get; }

    /// <summary>The space's segments, in their order.</summary>
    public abstract IReadOnlyList<GradientPart> Parts { get; }

    /// <summary>Consecutive samples to ask for at a time.</summary>
    public abstract int Chunk { get; }

    /// <summary>Samples in any order to ask for at a time.</summary>
    public abstract int Gathered { get; }

    /// <summary>Factors of consecutive samples, layer by layer; not to be written to.</summary>
    public abstract SampleFactors[] Of(int first, int count);

    /// <summary>Factors of samples in any order, the errors divided by <paramref name="divisor"/>.</summary>
    public abstract SampleFactors[] Of(int[] which, Scalar divisor);

    public abstract void Dispose();
}
