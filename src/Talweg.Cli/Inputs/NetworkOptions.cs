using System.CommandLine;
using Talweg.Data;
using Talweg.Networks;

namespace Talweg.Cli.Inputs;

/// <summary>Options that say which network: a text that Talweg knows, or a TorchScript file that is trusted.</summary>
internal sealed class NetworkOptions
{
    private const string ScriptPrefix = "torchscript:";

    private readonly Option<string> _text = new("--network")
    {
        Description = $"Network: fc:784-50-50-10 with options ,bias and ,tanh; {string.Join(", ", NetworkCatalogue.Names)} (`talweg list networks`); "
            + "net:1x28x28/conv16k3p1/relu/pool2/dense10; or torchscript:FILE, a model saved by torch.jit.save",
        HelpName = "NET",
        Required = true,
    };

    private readonly Option<bool> _trust = new("--trust-model") { Description = "Run the TorchScript file, which is a program; only if you trust whoever made it" };

    public void AddTo(Command command)
    {
        command.Add(_text);
        command.Add(_trust);
    }

    /// <summary>The network, to be disposed where it is a file's.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="data">Asked only for a TorchScript file, which does not say what samples it takes: an image, or its pixels in a row.</param>
    /// <exception cref="InputException">The text names no network, or a TorchScript file is not trusted, not there, or not for such data.</exception>
    public Network Read(ParseResult parsed, Func<Dataset> data)
    {
        string text = parsed.GetRequiredValue(_text);
        if (!text.StartsWith(ScriptPrefix, StringComparison.Ordinal))
            return Network.Parse(text);
        string path = text[ScriptPrefix.Length..];
        if (string.IsNullOrWhiteSpace(path) || Directory.Exists(path))
            throw new InputException("--network", "file", path.Length == 0 ? "nothing behind torchscript:" : $"the folder '{path}'", "torchscript:FILE, a model saved by torch.jit.save");
        bool trusted = parsed.GetValue(_trust);
        ModuleNetwork.RequireTrusted(path, trusted);
        var images = data().Train;
        TorchSetup.Prepare(threads: 1);
        return ModuleNetwork.OfTorchScript(path, [[images.Channels, images.Rows, images.Columns], [images.PixelsPerImage]], images.Classes, trusted);
    }

    /// <summary>The options as they are given in a command.</summary>
    public static string[] Words(Network network) => ["--network", network.ToString(), .. network is ModuleNetwork ? (string[])["--trust-model"] : []];
}
