using Talweg.Networks;

namespace Talweg.Studies.Running;

/// <summary>What tables and figures call a network's activation.</summary>
internal static class ActivationName
{
    /// <summary>"ReLU" or "tanh".</summary>
    /// <param name="network">The text of a fully connected network.</param>
    public static string Of(string network) => FullyConnected.Parse(network).Activation switch
    {
        Activation.Relu => "ReLU",
        Activation.Tanh => "tanh",
        var other => throw new NotSupportedException($"There is no name for the activation '{other}' of {network}."),
    };
}
