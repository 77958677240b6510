using System.Globalization;

namespace Talweg.Networks;

/// <summary>The networks that have names.</summary>
public static class NetworkCatalogue
{
    private static readonly Dictionary<string, string> Named = new()
    {
        // Feng and Tu (2020), methods and Figs. S1, S3; the text's 1568 inputs of the last layer are right, Fig. S1's 1586 are not.
        ["lenet-mnist"] = "net:1x28x28/conv16k3p1/relu/pool2/conv32k5p2/relu/pool2/dense10",
        ["lenet-cifar"] = "net:3x32x32/conv6k5/relu/pool2/conv16k5/relu/pool2/dense120/relu/dense84/relu/dense10",

        // Musso (2020), Eqs. 24 and 25: unpadded, as the sizes 128·4·4 and 16·20·20 of their heads demand; biases as PyTorch has by default.
        ["musso-cifar"] = "net:3x32x32/conv64k3b/relu/conv64k3b/relu/pool2/conv128k3b/relu/conv128k3b/relu/conv128k3b/relu/pool2/dense2048b/relu/dense2048b/relu/dense10b",
        ["musso-stl"] = "net:3x96x96/conv8k3b/relu/conv8k3b/relu/pool2/conv16k3b/relu/conv16k3b/relu/conv16k3b/relu/pool2/dense6400b/relu/dense6400b/relu/dense10b",
    };

    /// <summary>The names that <c>--network</c> takes, besides <c>fc:…</c> and <c>net:…</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Named.Keys, "resnet50"];

    /// <exception cref="InputException">No such network.</exception>
    internal static LayeredNetwork Parse(string text)
    {
        if (text.StartsWith("net:", StringComparison.Ordinal))
            return NetworkText.Parse(text);
        if (text == "resnet50" || text.StartsWith("resnet50:", StringComparison.Ordinal) || text.StartsWith("resnet50,", StringComparison.Ordinal))
            return ResNet(text);
        if (!Named.TryGetValue(text, out string? layers))
        {
            string kinds = $"fc:784-50-50-10, net:…, {string.Join(", ", Names)} or torchscript:FILE";
            string meant = Suggestion.Nearest(Names, text) is { } nearest ? $" (did you mean {nearest}?)" : "";
            throw new InputException("--network", "name", $"'{(text.Length <= 120 ? text : text[..120] + "…")}'", kinds + meant);
        }

        var network = NetworkText.Parse(layers);
        return new(network.Input, network.Structure, text);
    }

    private static LayeredNetwork ResNet(string text)
    {
        const string form = "resnet50, resnet50:SIZE or resnet50:SIZE,classes=CLASSES with images of 32 to 512 pixels a side and 2 to 100000 classes";
        string[] parts = text.Split(',');
        int size = parts[0] == "resnet50" ? 224 : Number(parts[0]["resnet50:".Length..], 32, 512);
        int classes = size == 32 ? 10 : 1000;
        foreach (string option in parts.Skip(1))
            classes = option.StartsWith("classes=", StringComparison.Ordinal) ? Number(option[8..], 2, 100_000) : throw Wrong(option);
        return ResNet50.Of(size, classes, $"resnet50:{size},classes={classes}");

        int Number(string number, int smallest, int largest) =>
            int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= smallest && value <= largest ? value : throw Wrong(number);
        InputException Wrong(string part) => new("--network", "resnet50", $"'{part}' in '{text}'", form);
    }
}
