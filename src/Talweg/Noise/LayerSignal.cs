namespace Talweg.Noise;

/// <summary>How strongly minibatches pull at one layer's weights, and how much that varies from minibatch to minibatch.</summary>
/// <remarks>
/// s_I = (1/N_I) Σ_{w ∈ Ω_I} |∂L^μ/∂w|, the sum over the layer's N_I weights without its biases: Musso (2020), Eq. 2. Its mean over minibatches is the training
/// signal through the layer, its standard deviation the signal's noise, which there stands for the layer's temperature. Units: nats over weight.
/// </remarks>
public sealed record LayerSignal
{
    /// <summary>The layer, counted from 1.</summary>
    public required int Layer { get; init; }

    /// <summary>⟨s_I⟩ over the minibatches.</summary>
    public required double Signal { get; init; }

    /// <summary>Population standard deviation (divided by their number) of s_I over the minibatches.</summary>
    public required double Deviation { get; init; }

    /// <summary>s_I of every minibatch, [count].</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>Signal over noise, ⟨s_I⟩/deviation; infinite where all minibatches pull alike.</summary>
    public double SignalToNoise => Signal / Deviation;
}
