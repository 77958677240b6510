using Talweg.Networks;
using Talweg.Networks.Layers;

namespace Talweg.Landscapes;

/// <summary>What lies between a convolution and the next layer with weights, if it is one activation and at most one max pooling, in any order.</summary>
/// <param name="Activation">Increasing, so that the maximum of activations is the activation of the maximum.</param>
/// <param name="Pooling">Null for none.</param>
/// <param name="End">The place of the next layer with weights.</param>
internal sealed record ConvolutionParts(Activation Activation, MaxPooling? Pooling, int End)
{
    public static ConvolutionParts? After(LayeredNetwork network, int place) =>
        network.Structure.Skip(place + 1).TakeWhile(part => part is Activated or MaxPooling).ToArray() switch
        {
            [Activated one] when one.Activation.Increases() => new(one.Activation, null, place + 2),
            [Activated one, MaxPooling pooling] when one.Activation.Increases() => new(one.Activation, pooling, place + 3),
            [MaxPooling pooling, Activated one] when one.Activation.Increases() => new(one.Activation, pooling, place + 3),
            _ => null,
        };
}
