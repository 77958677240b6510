using Talweg.Networks.Layers;

namespace Talweg.Networks;

/// <summary>Which of the activations it is, asked so that a kind without an implementation is refused and never taken for another.</summary>
internal static class Activations
{
    /// <summary>True for ReLU, false for tanh.</summary>
    /// <exception cref="NotSupportedException">Any other.</exception>
    public static bool IsRelu(this Activation activation) => activation switch
    {
        Activation.Relu => true,
        Activation.Tanh => false,
        _ => throw Unimplemented(activation),
    };

    /// <summary>Whether it never falls, so that the maximum of activations is the activation of the maximum.</summary>
    /// <exception cref="NotSupportedException">Neither ReLU nor tanh.</exception>
    public static bool Increases(this Activation activation) => activation switch
    {
        Activation.Relu or Activation.Tanh => true,
        _ => throw Unimplemented(activation),
    };

    /// <summary>For a switch over kinds of layers that has no case for one.</summary>
    public static NotSupportedException Unimplemented(NetworkLayer layer, string what) => new($"There is no {what} for a layer '{layer}' of kind {layer.GetType().Name}.");

    private static NotSupportedException Unimplemented(Activation activation) => new($"There is no implementation for the activation '{activation}', only for ReLU and tanh.");
}
