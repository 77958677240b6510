using System.Text.RegularExpressions;
using Talweg.Networks;
using Talweg.Networks.Layers;
using Talweg.Tests.Conventions;
using static TorchSharp.torch;

namespace Talweg.Tests.Networks;

/// <summary>An activation or layer without an implementation is refused wherever kinds are told apart, and never taken for another.</summary>
public sealed partial class ActivationTests
{
    private const Activation Unknown = (Activation)7;

    [Fact]
    public void An_unknown_activation_is_refused()
    {
        Assert.Contains("There is no activation 7, only Relu and Tanh.", Assert.Throws<ArgumentException>(() => new FullyConnected([3, 4, 2], activation: Unknown)).Message, StringComparison.Ordinal);
        foreach (var ask in (Func<object>[])[() => Unknown.IsRelu(), () => Unknown.Increases(), () => new Activated(Unknown).ToString()])
            Assert.Contains("There is no implementation for the activation '7', only for ReLU and tanh.", Assert.Throws<NotSupportedException>(ask).Message, StringComparison.Ordinal);
        Assert.Equal((true, false), (Activation.Relu.IsRelu(), Activation.Tanh.IsRelu()));
        Assert.True(Activation.Relu.Increases() && Activation.Tanh.Increases());
        using var scope = NewDisposeScope();
        Assert.Throws<NotSupportedException>(() => new Activated(Unknown).Run(zeros(1), new([], 0, 0, Normalisation.Evaluation, null)));
    }

    [Fact]
    public void An_unknown_layer_is_refused_by_name() =>
        Assert.Equal("There is no gradient for a layer 'tanh' of kind Activated.", Activations.Unimplemented(new Activated(Activation.Tanh), "gradient").Message);

    /// <summary>"Is it ReLU, else …" compiles on when a third activation comes, and takes it for the other: <see cref="Activations.IsRelu"/> and switches with a refusing rest do not.</summary>
    [Fact]
    public void No_code_of_ours_compares_activations()
    {
        string[] found = [.. Repository.Sources(Path.Combine(Repository.Root, "src"))
            .SelectMany(file => File.ReadLines(file).Where(line => Comparison().IsMatch(line)).Select(line => $"{Path.GetFileName(file)}: {line.Trim()}"))];
        Assert.True(found.Length == 0, string.Join('\n', found) + "\nAsk activation.IsRelu(), or switch with a rest that refuses.");
    }

    [GeneratedRegex(@"[=!]=\s*(Networks\.)?Activation\.\w|Activation\.\w+\s*[=!]=|\bis (not )?Activation\.\w")]
    private static partial Regex Comparison();
}
