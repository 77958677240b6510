using Talweg.Networks;

namespace Talweg.Training;

/// <summary>Sees every step of a training run.</summary>
public interface IStepObserver
{
    /// <summary>What it is, in words and numbers: part of what a checkpoint knows its run by.</summary>
    string Description { get; }

    /// <summary>The weights that it sees: all that are trained, or some of them.</summary>
    WeightSpace Space { get; }

    /// <summary>All that it knows, by name: kept in checkpoints, and filled from one before the first step of a resumed run. 0 at first.</summary>
    IReadOnlyList<(string Name, float[] Values)> State { get; }

    /// <summary>Sees one step.</summary>
    /// <param name="before">w before it, [N].</param>
    /// <param name="gradient">∂L^μ/∂w of the data there, without any penalty, [N].</param>
    /// <param name="after">w after it, [N].</param>
    void Observe(ReadOnlySpan<float> before, ReadOnlySpan<float> gradient, ReadOnlySpan<float> after);
}
