using Talweg.Networks;
using Talweg.Training.Updates;

namespace Talweg.Training;

/// <summary>Where a weight space's weights lie in another's flat vector.</summary>
internal sealed class SpaceWithin
{
    private readonly (int Inner, int Outer, int Length)[] _stretches;

    /// <exception cref="ArgumentException">The outer space lacks weights of the inner one.</exception>
    public SpaceWithin(WeightSpace inner, WeightSpace outer)
    {
        _stretches = [.. inner.Segments.Select(segment =>
        {
            var place = outer.Segments.FirstOrDefault(other => other.Tensor == segment.Tensor)
                ?? throw new ArgumentException($"'{inner.Network.Tensors[segment.Tensor].Name}' of {inner.Network} is not among the weights that are trained.", nameof(inner));
            return (segment.Start, place.Start, segment.Length);
        })];
    }

    /// <summary>Copies the inner space's part of the outer vector.</summary>
    public void Gather(ReadOnlySpan<float> outer, Span<float> inner)
    {
        foreach (var (target, source, length) in _stretches)
            outer.Slice(source, length).CopyTo(inner.Slice(target, length));
    }

    /// <summary>Overwrites the inner space's part of the outer vector.</summary>
    public void Scatter(ReadOnlySpan<float> inner, Span<float> outer)
    {
        foreach (var (source, target, length) in _stretches)
            inner.Slice(source, length).CopyTo(outer[target..]);
    }

    /// <summary>Adds the inner vector to its part of the outer one.</summary>
    public void Add(ReadOnlySpan<float> inner, Span<float> outer)
    {
        foreach (var (source, target, length) in _stretches)
            Lanes.Add(inner.Slice(source, length), outer.Slice(target, length));
    }
}
