using CsCheck;
using Talweg.Networks;

namespace Talweg.Tests.Networks;

public sealed class FullyConnectedTests
{
    [Fact]
    public void Text_is_read_as_written() =>
        Gen.Select(Gen.Int[1, 1 << 14].List[2, 6], Gen.Bool, Gen.Enum<Activation>()).Sample((widths, bias, activation) =>
        {
            var network = new FullyConnected(widths, bias, activation);
            var read = FullyConnected.Parse(network.ToString());
            return read.Equals(network) && read.Widths.SequenceEqual(widths) && read.Bias == bias && read.Activation == activation
                && read.GetHashCode() == network.GetHashCode() && read.Layers == widths.Count - 1 && read.Inputs == widths[0] && read.Outputs == widths[^1];
        });

    [Theory]
    [InlineData("fc:784-50-50-10", false, Activation.Relu)]
    [InlineData("fc:784-50-50-10,relu", false, Activation.Relu)]
    [InlineData("fc:784-50-10,tanh,bias", true, Activation.Tanh)]
    public void Options_may_come_in_any_order(string text, bool bias, Activation activation)
    {
        var network = FullyConnected.Parse(text);
        Assert.Equal((bias, activation), (network.Bias, network.Activation));
    }

    [Theory]
    [InlineData("784-50-10", "--network: kind: found '784-50-10', expected fc:INPUTS-WIDTH-…-OUTPUTS")]
    [InlineData("", "--network: kind: found ''")]
    [InlineData("fc:", "--network: widths: found '' in 'fc:', expected whole numbers from 1 to 1048576")]
    [InlineData("fc:784", "--network: widths: found 1 width in 'fc:784'")]
    [InlineData("fc:784--10", "widths: found '' in")]
    [InlineData("fc:784-0-10", "widths: found '0' in")]
    [InlineData("fc:784-1048577", "widths: found '1048577' in")]
    [InlineData("fc:784-99999999999", "widths: found '99999999999' in")]
    [InlineData("fc:65536-65537-10", "widths: found a layer of 65536 × 65537 weights in 'fc:65536-65537-10', expected at most 268435456 weights a layer")]
    [InlineData("fc:784-+5", "widths: found '+5' in")]
    [InlineData("fc:784-5.0", "widths: found '5.0' in")]
    [InlineData("fc: 784-5", "widths: found ' 784' in")]
    [InlineData("fc:784-10,biased", "--network: option: found 'biased' in 'fc:784-10,biased', expected bias, tanh or relu")]
    [InlineData("fc:784-10,", "option: found '' in")]
    public void Other_text_is_refused(string text, string message) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => FullyConnected.Parse(text)).Message);

    [Fact]
    public void Widths_are_checked()
    {
        Assert.Contains("at least an input and an output width, but 1 was given", Assert.Throws<ArgumentException>(() => FullyConnected.Of(3)).Message);
        Assert.Contains("up to 268435456 weights, but 65536 × 65537 are more", Assert.Throws<ArgumentException>(() => FullyConnected.Of(65536, 65537)).Message);
        Assert.Contains("1 … 1048576, but one is 0", Assert.Throws<ArgumentException>(() => FullyConnected.Of(3, 0)).Message);
    }
}
