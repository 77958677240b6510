using System.Globalization;

namespace Talweg.Networks;

/// <summary>What a hidden unit does to its pre-activation.</summary>
public enum Activation
{
    /// <summary>max(z, 0).</summary>
    Relu,

    /// <summary>tanh z.</summary>
    Tanh,
}

/// <summary>A fully connected network: widths of its layers, with or without biases, and the hidden units' activation.</summary>
/// <remarks>Written <c>fc:784-50-50-10</c>: no biases, ReLU; options follow as <c>,bias</c> and <c>,tanh</c>.</remarks>
public sealed class FullyConnected : Network
{
    private const int LargestWidth = 1 << 20;
    private const int LargestMatrix = 1 << 28;

    /// <param name="widths">Inputs, hidden widths, outputs: at least two numbers.</param>
    /// <param name="bias">Whether every layer adds a bias.</param>
    /// <param name="activation">Of the hidden units; the last layer's outputs are the logits.</param>
    /// <exception cref="ArgumentException">Fewer than two widths, a width below 1 or above 2²⁰, a layer of more than 2²⁸ weights, or an activation that is none.</exception>
    public FullyConnected(IReadOnlyList<int> widths, bool bias = false, Activation activation = Activation.Relu)
    {
        ArgumentNullException.ThrowIfNull(widths);
        if (widths.Count < 2)
            throw new ArgumentException($"A network needs at least an input and an output width, but {widths.Count} was given.", nameof(widths));
        foreach (int width in widths)
        {
            if (width is < 1 or > LargestWidth)
                throw new ArgumentException($"A width must lie in 1 … {LargestWidth}, but one is {width}.", nameof(widths));
        }

        for (int layer = 1; layer < widths.Count; layer++)
        {
            if ((long)widths[layer - 1] * widths[layer] > LargestMatrix)
                throw new ArgumentException($"A layer may have up to {LargestMatrix} weights, but {widths[layer - 1]} × {widths[layer]} are more.", nameof(widths));
        }

        if (!Enum.IsDefined(activation))
            throw new ArgumentException($"There is no activation {activation}, only {string.Join(" and ", Enum.GetNames<Activation>())}.", nameof(activation));
        Widths = [.. widths];
        Bias = bias;
        Activation = activation;
        Tensors = [.. Enumerable.Range(0, widths.Count - 1).SelectMany(TensorsOf)];
    }

    /// <summary>Inputs, hidden widths, outputs.</summary>
    public IReadOnlyList<int> Widths { get; }

    /// <summary>Whether every layer adds a bias.</summary>
    public bool Bias { get; }

    /// <summary>Of the hidden units.</summary>
    public Activation Activation { get; }

    /// <summary>Number of weight matrices.</summary>
    public override int Layers => Widths.Count - 1;

    /// <inheritdoc/>
    public override bool HasBiases => Bias;

    /// <inheritdoc/>
    public override int Inputs => Widths[0];

    /// <inheritdoc/>
    public override int Outputs => Widths[^1];

    /// <summary>Every layer's matrix, then its bias if it has one, named as PyTorch's Sequential names them: activations take every second place.</summary>
    public override IReadOnlyList<WeightTensor> Tensors { get; }

    /// <summary>A network of these widths without biases, with ReLU.</summary>
    public static FullyConnected Of(params int[] widths) => new(widths);

    /// <summary>Reads <c>fc:784-50-50-10</c>, <c>fc:784-50-10,bias</c>, <c>fc:784-50-10,bias,tanh</c>.</summary>
    /// <exception cref="InputException">The text is not of this form.</exception>
    public static new FullyConnected Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        const string form = "fc:INPUTS-WIDTH-…-OUTPUTS with options ,bias and ,tanh, such as fc:784-50-50-10";
        if (!text.StartsWith("fc:", StringComparison.Ordinal))
            throw new InputException("--network", "kind", $"'{text}'", form);
        string[] parts = text[3..].Split(',');
        var widths = new List<int>();
        foreach (string width in parts[0].Split('-'))
        {
            if (!int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > LargestWidth)
                throw new InputException("--network", "widths", $"'{width}' in '{text}'", $"whole numbers from 1 to {LargestWidth}, as in {form}");
            widths.Add(number);
        }

        if (widths.Count < 2)
            throw new InputException("--network", "widths", $"{widths.Count} width in '{text}'", form);
        for (int layer = 1; layer < widths.Count; layer++)
        {
            if ((long)widths[layer - 1] * widths[layer] > LargestMatrix)
                throw new InputException("--network", "widths", $"a layer of {widths[layer - 1]} × {widths[layer]} weights in '{text}'", $"at most {LargestMatrix} weights a layer");
        }

        bool bias = false;
        var activation = Activation.Relu;
        foreach (string option in parts.Skip(1))
        {
            switch (option)
            {
                case "bias": bias = true; break;
                case "tanh": activation = Activation.Tanh; break;
                case "relu": activation = Activation.Relu; break;
                default: throw new InputException("--network", "option", $"'{option}' in '{text}'", "bias, tanh or relu");
            }
        }

        return new(widths, bias, activation);
    }

    /// <summary>Inputs of layer <paramref name="layer"/>, counted from 0.</summary>
    public int InputsOf(int layer) => Widths[layer];

    /// <summary>Outputs of layer <paramref name="layer"/>, counted from 0.</summary>
    public int OutputsOf(int layer) => Widths[layer + 1];

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() =>
        "fc:" + string.Join('-', Widths) + (Bias ? ",bias" : "") + (Activation.IsRelu() ? "" : ",tanh");

    private IEnumerable<WeightTensor> TensorsOf(int layer)
    {
        yield return new($"{2 * layer}.weight", [OutputsOf(layer), InputsOf(layer)], layer, TensorRole.Weight);
        if (Bias)
            yield return new($"{2 * layer}.bias", [OutputsOf(layer)], layer, TensorRole.Bias);
    }
}
