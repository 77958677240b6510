using Talweg.Networks;
using Talweg.Tests.Storage;
using static TorchSharp.torch;

namespace Talweg.Tests.Networks;

public sealed class ModuleNetworkTests
{
    [Fact]
    public void A_module_is_read_by_name_and_given_back_as_it_was()
    {
        using var module = nn.Sequential(("first", nn.Linear(6, 5)), ("norm", nn.BatchNorm1d(5)), ("act", nn.SiLU()), ("last", nn.Linear(5, 3, hasBias: false)));
        using var network = ModuleNetwork.Of(module, [6], 3, "mine");
        Assert.Equal(
            ["first.weight Weight 0", "first.bias Bias 0", "norm.weight Scale 0", "norm.bias Shift 0", "last.weight Weight 1", "norm.running_mean RunningMean 1", "norm.running_var RunningVariance 1"],
            network.Tensors.Select(tensor => $"{tensor.Name} {tensor.Role} {tensor.Layer}"));
        var before = network.Weights();
        module.train();
        var space = WeightSpace.Parse(network, "last*");
        using (var session = TorchSession.Open(space.With(before, new float[space.Dimension]), ScalarType.Float64))
        {
            using var scope = NewDisposeScope();
            Assert.All(session.Forward(ones(2, 6, ScalarType.Float64)).data<double>().ToArray(), logit => Assert.Equal(0, logit));
            Assert.False(module.training);
        }

        Assert.True(module.training);
        Assert.Equal(before.Tensors, network.Weights().Tensors);
        Assert.All(module.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
    }

    [Fact]
    public void A_module_that_does_not_fit_is_refused_with_what_it_does()
    {
        using var module = nn.Sequential(("only", nn.Linear(6, 5)));
        Assert.Contains("gives [2, 5] for 2 samples", Assert.Throws<ArgumentException>(() => ModuleNetwork.Of(module, [6], 3, "mine")).Message, StringComparison.Ordinal);
        Assert.Contains("does not run", Assert.Throws<ArgumentException>(() => ModuleNetwork.Of(module, [7], 5, "mine")).Message, StringComparison.Ordinal);
        using var empty = nn.Sequential(("act", nn.ReLU()));
        Assert.Contains("no weights of two dimensions", Assert.Throws<ArgumentException>(() => ModuleNetwork.Of(empty, [3], 3, "mine")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_TorchScript_file_needs_trust()
    {
        using var folder = new TemporaryFolder();
        var refused = Assert.Throws<InputException>(() => ModuleNetwork.OfTorchScript(folder["model.pt"], [3], 3, trusted: false));
        Assert.Contains("which is a program and would run here, expected --trust-model", refused.Message, StringComparison.Ordinal);
        Assert.Contains("nothing", Assert.Throws<InputException>(() => ModuleNetwork.OfTorchScript(folder["model.pt"], [3], 3, trusted: true)).Message, StringComparison.Ordinal);
        File.WriteAllText(folder["model.pt"], "no archive");
        Assert.Contains("torch.jit.save", Assert.Throws<InputException>(() => ModuleNetwork.OfTorchScript(folder["model.pt"], [3], 3, trusted: true)).Message, StringComparison.Ordinal);
    }
}
