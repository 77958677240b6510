using System.Globalization;
using System.Text.RegularExpressions;
using Talweg.Networks.Layers;

namespace Talweg.Networks;

/// <summary>Networks of layers as text: <c>net:CHANNELSxROWSxCOLUMNS/layer/layer/…</c>, or <c>net:INPUTS/layer/…</c> of numbers that are no image.</summary>
/// <remarks>
/// Layers are <c>conv16k3s1p1b</c> (channels given, kernel, stride, padding, with bias; stride 1, padding 0 and no bias where left out), <c>dense10b</c>,
/// <c>pool2s2p0</c> (maxima; the stride is the size where left out), <c>avg</c> (mean over the image), <c>relu</c>, <c>tanh</c>, <c>bn</c>, and
/// <c>res(branch)</c> or <c>res(branch|shortcut)</c> of further layers.
/// </remarks>
internal static partial class NetworkText
{
    private const string Form = "net:CHANNELSxROWSxCOLUMNS/LAYER/…/denseCLASSES, or net:INPUTS/… where there is no image, with layers convNkN[sN][pN][b], denseN[b], poolN[sN][pN], avg, relu, tanh, bn, res(LAYERS[|LAYERS]), such as net:1x28x28/conv16k3p1/relu/pool2/dense10";
    private const int LargestNumber = 1 << 20;
    private const int LargestImage = 1 << 24;
    private const int MostLayers = 10_000;
    private const int DeepestNesting = 8;

    /// <exception cref="InputException">The text is not of this form, or its layers do not fit together.</exception>
    public static LayeredNetwork Parse(string text)
    {
        string[] parts = text.Split('/', 2);
        if (!parts[0].StartsWith("net:", StringComparison.Ordinal) || parts.Length < 2)
            throw Wrong(text, text);
        var input = Shape(parts[0][4..], text);
        var structure = Layers(parts[1], text, 0);
        try
        {
            RequireSmall(structure, input, text);
            return new(input, structure);
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            throw new InputException("--network", "layers", $"'{Short(text)}'", exception is ArgumentException ? $"layers that fit together: {exception.Message.Split(" (Parameter", 2)[0]}" : "smaller layers");
        }
    }

    private static ImageShape Shape(string text, string whole)
    {
        int[] sizes = [.. text.Split('x').Select(part => Number(part, whole))];
        if (sizes.Length == 1)
            sizes = [sizes[0], 1, 1];                          // so many numbers that are no image
        return sizes.Length == 3 && (long)sizes[0] * sizes[1] <= LargestImage && (long)sizes[0] * sizes[1] * sizes[2] <= LargestImage
            ? new(sizes[0], sizes[1], sizes[2])
            : throw new InputException("--network", "shape", $"'{Short(text)}'", $"CHANNELSxROWSxCOLUMNS of at most {LargestImage} numbers, such as 3x32x32, or a number of inputs, such as 784");
    }

    private static List<NetworkLayer> Layers(string text, string whole, int depth)
    {
        if (depth > DeepestNesting)
            throw new InputException("--network", "layers", "residual blocks within each other", $"at most {DeepestNesting} levels");
        var layers = Split(text, '/').Select(part => Layer(part, whole, depth)).ToList();
        return layers.Count <= MostLayers ? layers : throw new InputException("--network", "layers", $"{layers.Count}", $"at most {MostLayers}");
    }

    private static NetworkLayer Layer(string text, string whole, int depth)
    {
        switch (text)
        {
            case "relu": return new Activated(Activation.Relu);
            case "tanh": return new Activated(Activation.Tanh);
            case "bn": return new BatchNormalisation();
            case "avg": return new AveragePooling();
        }

        if (text.StartsWith("res(", StringComparison.Ordinal) && text.EndsWith(')'))
            return ResidualOf([.. Split(text[4..^1], '|')], whole, depth);
        var match = Sized().Match(text);
        if (!match.Success)
            throw Wrong(text, whole);
        int size = Number(match.Groups["size"].Value, whole);
        int kernel = Optional(match, "kernel", 0, whole);
        int stride = Optional(match, "stride", 0, whole, smallest: 1);
        int padding = Optional(match, "padding", 0, whole);
        bool bias = match.Groups["bias"].Success;
        return match.Groups["kind"].Value switch
        {
            "conv" when kernel > 0 => new Convolution(size, kernel, Math.Max(stride, 1), padding, bias),
            "dense" when kernel + stride + padding == 0 => new Dense(size, bias),
            "pool" when kernel == 0 && !bias && 2 * padding <= size => new MaxPooling(size, stride == 0 ? size : stride, padding),
            _ => throw Wrong(text, whole),
        };
    }

    private static Residual ResidualOf(string[] sides, string whole, int depth) =>
        sides.Length is 1 or 2
            ? new(Layers(sides[0], whole, depth + 1), sides.Length == 2 ? Layers(sides[1], whole, depth + 1) : [])
            : throw new InputException("--network", "layers", $"{sides.Length - 1} bars in a residual block", "at most one, between branch and shortcut");

    /// <summary>The pieces between separators that stand in no bracket.</summary>
    private static IEnumerable<string> Split(string text, char separator)
    {
        int depth = 0, start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (text[i] != separator || depth != 0)
                continue;
            yield return text[start..i];
            start = i + 1;
        }

        yield return text[start..];
    }

    /// <summary>No layer may blow a sample up, within a block neither: memory would follow.</summary>
    private static void RequireSmall(IReadOnlyList<NetworkLayer> structure, ImageShape shape, string whole)
    {
        foreach (var layer in structure)
        {
            if (layer is Residual block)
            {
                RequireSmall(block.Branch, shape, whole);
                RequireSmall(block.Shortcut, shape, whole);
            }

            shape = layer.After(shape);
            if ((long)shape.Channels * shape.Rows * shape.Columns > LargestImage)
                throw new InputException("--network", "layers", $"{shape} numbers a sample behind {layer} in '{Short(whole)}'", $"at most {LargestImage}");
        }
    }

    private static int Optional(Match match, string group, int otherwise, string whole, int smallest = 0) =>
        match.Groups[group].Success ? Number(match.Groups[group].Value, whole, smallest) : otherwise;

    private static int Number(string text, string whole, int smallest = 1) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= smallest && number <= LargestNumber
            ? number
            : throw new InputException("--network", "number", $"'{Short(text)}' in '{Short(whole)}'", $"a whole number from {smallest} to {LargestNumber}, as in {Form}");

    private static InputException Wrong(string part, string whole) => new("--network", "layer", $"'{Short(part)}' in '{Short(whole)}'", Form);

    private static string Short(string text) => text.Length <= 120 ? text : text[..120] + "…";

    [GeneratedRegex("^(?<kind>conv|dense|pool)(?<size>[0-9]{1,9})(k(?<kernel>[0-9]{1,9}))?(s(?<stride>[0-9]{1,9}))?(p(?<padding>[0-9]{1,9}))?(?<bias>b)?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Sized();
}
