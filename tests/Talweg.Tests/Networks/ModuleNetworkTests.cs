using Talweg.Conventions;
using Talweg.Native;
using Talweg.Networks;
using Talweg.Tests.Storage;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Tests.Networks;

public sealed class ModuleNetworkTests
{
    [Fact]
    public void A_module_is_read_by_name_and_given_back_as_it_was()
    {
        using var module = nn.Sequential(("first", nn.Linear(6, 5)), ("norm", nn.BatchNorm1d(5)), ("act", nn.SiLU()), ("last", nn.Linear(5, 3, hasBias: false))).Fixed();
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
    public void Only_what_stands_beside_a_matrix_or_kernel_is_a_layers_bias()
    {
        using var module = nn.Sequential(
            ("stem", nn.Conv2d(1, 4, 3)), ("group", nn.GroupNorm(2, 4)), ("flat", nn.Flatten()), ("head", nn.Linear(64, 3, hasBias: false)), ("layer", nn.LayerNorm(3))).Fixed();
        using var network = ModuleNetwork.Of(module, [1, 6, 6], 3, "normalised");
        Assert.Equal(
            ["stem.weight Weight", "stem.bias Bias", "group.weight Scale", "group.bias Shift", "head.weight Weight", "layer.weight Scale", "layer.bias Shift"],
            network.Tensors.Select(tensor => $"{tensor.Name} {tensor.Role}"));
        Assert.Equal(4 * 9 + 4, WeightSpace.Parse(network, "stem.*", withBiases: true).Dimension);
        Assert.Equal(36 + 4 + 192 + 8 + 6, WeightSpace.All(network).Dimension);
    }

    [Fact]
    public void A_module_that_does_not_fit_is_refused_with_what_it_does()
    {
        using var module = nn.Sequential(("only", nn.Linear(6, 5))).Fixed();
        Assert.Contains("gives [2, 5] for 2 samples", Assert.Throws<ArgumentException>(() => ModuleNetwork.Of(module, [6], 3, "mine")).Message, StringComparison.Ordinal);
        Assert.Contains("does not run", Assert.Throws<ArgumentException>(() => ModuleNetwork.Of(module, [7], 5, "mine")).Message, StringComparison.Ordinal);
        using var empty = nn.Sequential(("act", nn.ReLU()));
        Assert.Contains("no weights of two dimensions", Assert.Throws<ArgumentException>(() => ModuleNetwork.Of(empty, [3], 3, "mine")).Message, StringComparison.Ordinal);
    }

    /// <summary>TorchSharp's optimizers know parameters by the objects and their native handles, as momentum does here: the same steps are taken whether or not someone measures between them.</summary>
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void An_optimizer_made_before_a_session_goes_on_after_it(ScalarType type)
    {
        Assert.Equal(Train(null), Train(type));

        static float[][] Train(ScalarType? between)
        {
            using var scope = NewDisposeScope();
            using var module = nn.Sequential(("first", nn.Linear(6, 5)), ("norm", nn.BatchNorm1d(5)), ("last", nn.Linear(5, 3))).Fixed();

            using var network = ModuleNetwork.Of(module, [6], 3, "mine");
            var parameters = module.parameters().ToArray();
            var velocities = parameters.ToDictionary(parameter => parameter.Handle, parameter => zeros_like(parameter));
            using var rate = 0.1.ToScalar();
            var inputs = linspace(-1, 2, 24).reshape(4, 6);
            for (int step = 0; step < 3; step++)
            {
                nn.functional.cross_entropy(module.call(inputs), tensor(new long[] { 0, 1, 2, 1 })).backward();
                if (between is { } precision)
                {
                    using var session = TorchSession.Open(network.Weights(), precision);
                    Assert.Equal([4L, 3], session.Forward(inputs.to(precision)).shape);
                }

                using var noGradient = no_grad();
                foreach (var parameter in parameters)
                {
                    parameter.sub_(velocities[parameter.Handle].add_(parameter.grad!, HeldScalar.One).mul(rate));
                    parameter.grad = null;
                }
            }

            return [.. network.Weights().Tensors];
        }
    }

    [Fact]
    public void Parameters_stay_the_objects_that_they_were_each_of_its_type()
    {
        using var module = nn.Sequential(("first", nn.Linear(6, 5)), ("last", nn.Linear(5, 3, dtype: ScalarType.Float64))).Fixed();
        using var network = ModuleNetwork.Of(new Mixed(module), [6], 3, "mixed");
        var before = module.parameters().ToArray();
        double[] values = before[2].data<double>().ToArray();
        using var gradient = ones_like(before[0]);
        before[0].grad = gradient;
        foreach (var type in (ScalarType[])[ScalarType.Float64, ScalarType.Float32])
        {
            using var session = TorchSession.Open(network.Weights(), type);
            Assert.All(module.parameters(), parameter => Assert.Equal(type, parameter.dtype));
        }

        Assert.All(before.Zip(module.parameters()), pair => Assert.Same(pair.First, pair.Second));
        Assert.Equal([ScalarType.Float32, ScalarType.Float32, ScalarType.Float64, ScalarType.Float64], before.Select(parameter => parameter.dtype));
        Assert.Equal(values, before[2].data<double>().ToArray());          // not rounded to single precision
        Assert.All(before[0].grad!.data<float>().ToArray(), part => Assert.Equal(1, part));
    }

    /// <summary>A recurrent layer holds its weights in native code, where nothing of ours but the values arrives.</summary>
    [Fact]
    public void Layers_of_native_code_change_their_precision_too()
    {
        using var module = new Recurrent();
        using var network = ModuleNetwork.Of(module, [4, 3], 2, "recurrent");
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var inputs = linspace(-1, 1, 24).reshape(2, 12);
        float[] expected = module.call(inputs.reshape(2, 4, 3)).data<float>().ToArray();
        using (var session = TorchSession.Open(network.Weights(), ScalarType.Float64))
        {
            double[] found = session.Forward(inputs.to(ScalarType.Float64)).data<double>().ToArray();
            foreach (var (one, other) in expected.Zip(found))
                Close.Assert(one, other, 1e-6, 1);
        }

        Assert.Equal(expected, module.call(inputs.reshape(2, 4, 3)).data<float>().ToArray());
    }

    [Fact]
    public void A_failure_to_open_leaves_the_module_free_and_as_it_was()
    {
        using var module = nn.Sequential(("first", nn.Linear(6, 5)), ("last", nn.Linear(5, 3))).Fixed();
        using var network = ModuleNetwork.Of(module, [6], 3, "mine");
        using var other = nn.Sequential(("first", nn.Linear(6, 5)), ("last", nn.Linear(5, 3))).Fixed();
        using var othersNetwork = ModuleNetwork.Of(other, [6], 3, "other");
        var weights = network.Weights();
        module.train();
        var refused = weights.Copy();
        ((float[][])refused.Tensors)[3] = new float[2];
        Assert.ThrowsAny<Exception>(() => TorchSession.Open(refused, ScalarType.Float64));
        Assert.Equal(1, network.InUse.CurrentCount);
        Assert.True(module.training);
        Assert.Equal(weights.Tensors, network.Weights().Tensors);
        Assert.All(module.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
    }

    [Fact]
    public void A_shared_parameter_is_one_parameter()
    {
        using var first = nn.Linear(6, 6, hasBias: false).Fixed();
        using var second = nn.Linear(6, 6, hasBias: false).Fixed();
        second.weight = first.weight;
        using var module = nn.Sequential(("first", first), ("act", nn.Tanh()), ("second", second));
        using var network = ModuleNetwork.Of(module, [6], 6, "tied");
        Assert.Equal(["first.weight"], network.Tensors.Select(tensor => tensor.Name));
        using var scope = NewDisposeScope();
        var inputs = linspace(-1, 1, 12, ScalarType.Float64).reshape(2, 6);
        using (var session = TorchSession.Open(network.Weights(), ScalarType.Float64))
        {
            var weight = session.Parameters[0];
            Assert.Equal(inputs.mm(weight.t()).tanh().mm(weight.t()).data<double>().ToArray(), session.Forward(inputs).data<double>().ToArray());
        }

        Assert.Same(first.weight, second.weight);
        Assert.Equal([2L, 6], module.call(inputs.to(ScalarType.Float32)).shape);
    }

    [Fact]
    public void One_memory_under_two_parameters_is_refused_with_their_names()
    {
        using var first = nn.Linear(6, 6, hasBias: false).Fixed();
        using var second = nn.Linear(6, 6, hasBias: false).Fixed();
        second.weight = new(first.weight!.detach());
        using var module = nn.Sequential(("first", first), ("second", second));
        Assert.Contains("has one memory under two names, first.weight and second.weight",
            Assert.Throws<ArgumentException>(() => ModuleNetwork.Of(module, [6], 6, "tied")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_part_keeps_its_own_mode()
    {
        using var norm = nn.BatchNorm1d(5);
        using var inner = nn.Sequential(("linear", nn.Linear(6, 5)), ("norm", norm));
        using var module = nn.Sequential(("inner", inner), ("drop", nn.Dropout(0.5)), ("last", nn.Linear(5, 3))).Fixed();
        module.train();
        norm.eval();
        using var network = ModuleNetwork.Of(module, [6], 3, "mine");
        AssertModes();
        foreach (var normalisation in (Normalisation[])[Normalisation.Evaluation, Normalisation.Training])
        {
            TorchSession.Open(network.Weights(), ScalarType.Float32, normalisation).Dispose();
            AssertModes();
        }

        void AssertModes() => Assert.Equal([true, true, true, false], new[] { module.training, inner.training, inner.named_children().First().module.training, norm.training });
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

    private sealed class Mixed(nn.Module<Tensor, Tensor> inner) : nn.Module<Tensor, Tensor>("mixed")
    {
        public override IEnumerable<(string name, TorchSharp.Modules.Parameter parameter)> named_parameters(bool recurse = true) => inner.named_parameters(recurse);

        public override Tensor forward(Tensor input)
        {
            var values = input;
            foreach (var layer in inner.children().Cast<TorchSharp.Modules.Linear>())
                values = layer.call(values.to(layer.weight!.dtype));
            return values;
        }
    }

    private sealed class Recurrent : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.GRU memory = nn.GRU(3, 5, batchFirst: true);
        private readonly TorchSharp.Modules.Linear last = nn.Linear(5, 2);

        public Recurrent()
            : base("recurrent")
        {
            RegisterComponents();
            this.Fixed();
        }

        public override Tensor forward(Tensor input)
        {
            var (values, state) = memory.call(input, null);
            state.Dispose();
            return last.call(values.select(1, 3));
        }
    }
}
