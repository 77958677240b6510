using Talweg.Networks.Layers;
using Talweg.Storage;

namespace Talweg.Networks.Loading;

/// <summary>The network that Talweg writes into a weights file's metadata, against the one that the file is read for.</summary>
internal static class RecordedNetwork
{
    /// <summary>The key in the metadata.</summary>
    public const string Key = "network";

    /// <summary>Refuses a file of another network. A module of TorchScript is known by its file's path only, and is not compared.</summary>
    /// <exception cref="InputException">The file records a network that computes something else.</exception>
    public static void Require(SafeTensorsFile file, Network network)
    {
        if (network is not ModuleNetwork && file.Metadata.TryGetValue(Key, out string? text) && Parsed(text) is { } recorded && Layers(recorded) != Layers(network))
            throw new InputException(file.Path, "network that the file records", $"{recorded}", $"{network}, the network it is to be read for; give --network {recorded}, or the weights of {network}");
    }

    private static Network? Parsed(string text)
    {
        try
        {
            return Network.Parse(text);
        }
        catch (InputException)
        {
            return null;                                       // somebody else's key of the same name, or a TorchScript file
        }
    }

    /// <summary>The layers as text, whatever the network is called: a dense first layer does not care how its inputs are arranged.</summary>
    private static string Layers(Network network)
    {
        var layered = network as LayeredNetwork ?? LayeredNetwork.Of((FullyConnected)network);
        string input = layered.Structure[0] is Dense ? $"{layered.Inputs}" : $"{layered.Input}";
        return $"{input}/{string.Join('/', layered.Structure)}";
    }
}
