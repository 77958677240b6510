using Talweg.Conventions;
using Talweg.Native;
using Talweg.Networks;
using Talweg.Networks.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Tests.Networks;

/// <summary>Networks of layers as anyone would write them in TorchSharp, from its own modules: the reference for forward and backward passes.</summary>
internal static class TorchModules
{
    /// <summary>A module in double precision, in evaluation mode, with these weights.</summary>
    public static nn.Module<Tensor, Tensor> Of(LayeredNetwork network, NetworkWeights weights)
    {
        var module = Chain(network.Structure, network.Input).to(ScalarType.Float64);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var parameters = new Queue<Tensor>(module.named_parameters().Select(entry => (Tensor)entry.parameter));
        var statistics = new Queue<Tensor>(module.named_buffers().Where(entry => entry.buffer.is_floating_point()).Select(entry => entry.buffer));
        for (int i = 0; i < weights.Tensors.Count; i++)
        {
            var target = (network.Tensors[i].IsTrained ? parameters : statistics).Dequeue();
            target.copy_(tensor(weights.Tensors[i], dtype: ScalarType.Float64).reshape(target.shape));
        }

        Assert.Empty(parameters.Concat(statistics));
        module.eval();
        return module;
    }

    private static Sequence Chain(IReadOnlyList<NetworkLayer> layers, ImageShape shape)
    {
        var modules = new List<nn.Module<Tensor, Tensor>>();
        foreach (var layer in layers)
        {
            modules.Add(ModuleOf(layer, shape));
            shape = layer.After(shape);
        }

        return new([.. modules]);
    }

    private static nn.Module<Tensor, Tensor> ModuleOf(NetworkLayer layer, ImageShape shape) => FixedWeights.Fixed<nn.Module<Tensor, Tensor>>(layer switch
    {
        Dense dense => new Flat(nn.Linear(shape.Length, dense.Outputs, dense.Bias)),
        Convolution kernel => nn.Conv2d(shape.Channels, kernel.Outputs, kernel.Kernel, kernel.Stride, kernel.Padding, bias: kernel.Bias),
        MaxPooling pool => nn.MaxPool2d(pool.Size, pool.Stride, pool.Padding),
        AveragePooling => nn.AdaptiveAvgPool2d(1),
        Activated { Activation: Activation.Relu } => nn.ReLU(),
        Activated => nn.Tanh(),
        BatchNormalisation when shape.Rows * shape.Columns == 1 => nn.BatchNorm1d(shape.Channels),
        BatchNormalisation => nn.BatchNorm2d(shape.Channels),
        Residual block => new Sum(Chain(block.Branch, shape), Chain(block.Shortcut, shape)),
        _ => throw new ArgumentException($"{layer}"),
    });

    private sealed class Sequence : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor>[] _modules;

        public Sequence(nn.Module<Tensor, Tensor>[] modules)
            : base("sequence")
        {
            _modules = modules;
            for (int i = 0; i < modules.Length; i++)
                register_module($"{i:D3}", modules[i]);
        }

        public override Tensor forward(Tensor input) => _modules.Aggregate(input, (values, module) => module.call(values));
    }

    private sealed class Flat : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Linear _linear;

        public Flat(TorchSharp.Modules.Linear linear)
            : base("flat")
        {
            _linear = linear;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _linear.call(input.flatten(1));
    }

    private sealed class Sum : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _branch;
        private readonly nn.Module<Tensor, Tensor> _shortcut;

        public Sum(nn.Module<Tensor, Tensor> branch, nn.Module<Tensor, Tensor> shortcut)
            : base("sum")
        {
            (_branch, _shortcut) = (branch, shortcut);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _branch.call(input).add(_shortcut.call(input), HeldScalar.One);
    }
}
