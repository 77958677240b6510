using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Training;
using static TorchSharp.torch;

namespace Talweg.Continual;

/// <summary>Springs along the modes of earlier tasks: R(w) = λ Σₜ Σᵢ ((w − wₜ)·pₜᵢ)²/Fₜᵢ².</summary>
/// <remarks>
/// Feng and Tu, PNAS 118, e2015617118 (2021), Eq. 14 (2020: Eq. 15); constraints of all earlier tasks add up. A direction without a flatness, whose valley is open within the search's reach,
/// is not constrained: 1/F² = 0. Springs of several tasks are kept as as many orthogonal ones, at most N, which are the same function. Memory: 4 N bytes a spring, 2 MB for 200 modes of 2,500 weights
/// (25 MB at most, when 2,500 are reached), and 4 N more. Gradients in single precision.
/// </remarks>
public sealed class LandscapeMemory : IMemory, IProximalPenalty
{
    private readonly OrthogonalSprings _springs;

    private LandscapeMemory(WeightSpace space, OrthogonalSprings springs)
    {
        Space = space;
        _springs = springs;
        Description = $"landscape-dependent constraints {springs.Checksum}";
    }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public WeightSpace Space { get; }

    /// <inheritdoc/>
    /// <remarks>Of all tasks together.</remarks>
    public int Springs => _springs.Count;

    /// <inheritdoc/>
    /// <remarks>Of one task λ/F² of the least F; of several tasks more where their modes overlap.</remarks>
    public double Stiffness => _springs.Stiffness;

    /// <inheritdoc/>
    public long Bytes => _springs.Bytes;

    /// <summary>The constraints of one task.</summary>
    /// <param name="space">Of which weights.</param>
    /// <param name="centre">w₁, the task's solution, [N].</param>
    /// <param name="directions">p₁ᵢ.</param>
    /// <param name="flatness">F₁ᵢ, lengths in weight space; null for a direction that is not to be constrained.</param>
    /// <param name="lambda">λ, nats, 0 or more.</param>
    /// <exception cref="ArgumentException">Numbers do not match, or a flatness or λ is out of range.</exception>
    public static LandscapeMemory Of(WeightSpace space, ReadOnlySpan<float> centre, Directions directions, IReadOnlyList<double?> flatness, double lambda)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(directions);
        ArgumentNullException.ThrowIfNull(flatness);
        if (centre.Length != space.Dimension || directions.Dimension != space.Dimension)
            throw new ArgumentException($"The weight space has {space.Dimension} weights, but the centre has {centre.Length} and the directions have {directions.Dimension}.", nameof(directions));
        if (flatness.Count != directions.Count)
            throw new ArgumentException($"There are {directions.Count} directions, but {flatness.Count} values of flatness.", nameof(flatness));
        if (!(lambda >= 0 && double.IsFinite(lambda)))
            throw new ArgumentOutOfRangeException(nameof(lambda), lambda, "λ must be 0 or a positive number.");
        if (flatness.FirstOrDefault(f => f is { } width && !(width > 0 && double.IsFinite(width))) is { } wrong)
            throw new ArgumentException($"A flatness must be a positive number or null, but there is {wrong}.", nameof(flatness));
        int[] constrained = lambda == 0 ? [] : [.. Enumerable.Range(0, directions.Count).Where(i => flatness[i] is not null)];
        using var scope = NewDisposeScope();
        var rows = Scaled(directions, constrained, i => Math.Sqrt(lambda) / flatness[i]!.Value);
        return new(space, OrthogonalSprings.Of(rows, centre.ToArray(), new double[constrained.Length], 0));
    }

    /// <summary>These constraints and another task's.</summary>
    public LandscapeMemory And(LandscapeMemory other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(Space, _springs.And(other._springs));
    }

    /// <inheritdoc/>
    public double AddGradient(long iteration, ReadOnlySpan<float> weights, Span<float> gradient) => _springs.AddGradient(weights, gradient);

    /// <inheritdoc/>
    public void Relax(double rate, Span<float> weights) => _springs.Relax(rate, weights);

    /// <summary>uᵢ = √λ pᵢ/Fᵢ, [directions, N].</summary>
    private static Tensor Scaled(Directions directions, int[] which, Func<int, double> scale)
    {
        double[] numbers = new double[checked(which.Length * directions.Dimension)];
        for (int row = 0; row < which.Length; row++)
        {
            var direction = directions[which[row]];
            double factor = scale(which[row]);
            for (int k = 0; k < direction.Length; k++)
                numbers[row * direction.Length + k] = factor * direction[k];
        }

        return tensor(numbers, which.Length, directions.Dimension).to(ScalarType.Float64, copy: true);     // in torch's own memory, where every run rounds alike
    }
}
