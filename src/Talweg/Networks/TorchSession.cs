using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Networks;

/// <summary>A network at one point of weight space, ready to run in torch: forward passes, with or without gradients.</summary>
/// <remarks>
/// For one thread at a time; where <see cref="CanShare"/>, several sessions of one network run side by side. Move it by copying into
/// <see cref="Parameters"/> under no_grad. Outlives the dispose scope it was opened in: dispose it.
/// </remarks>
internal abstract class TorchSession : IDisposable
{
    private protected TorchSession(Network network, ScalarType type)
    {
        Network = network;
        Type = type;
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>In which it runs.</summary>
    public ScalarType Type { get; }

    /// <summary>Weights and running statistics, leaf tensors in the order of <see cref="Network.Tensors"/>; only what gradients train asks for gradients.</summary>
    public abstract IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>Whether another session of the same network may be opened beside this one.</summary>
    public abstract bool CanShare { get; }

    /// <summary>Whether a parameter's owner has frozen it: training leaves it alone, while measures differentiate by it like by any other.</summary>
    public virtual bool IsFrozen(int tensor) => false;

    /// <summary>How batch normalisation runs from now on.</summary>
    public abstract Normalisation Normalisation { get; set; }

    /// <summary>A session at <paramref name="weights"/>.</summary>
    public static TorchSession Open(NetworkWeights weights, ScalarType type, Normalisation normalisation = Normalisation.Evaluation) => weights.Network switch
    {
        FullyConnected dense => new LayeredSession(LayeredNetwork.Of(dense), weights, type, normalisation),
        LayeredNetwork layered => new LayeredSession(layered, weights, type, normalisation),
        ModuleNetwork module => new ModuleSession(module, weights, type, normalisation),
        _ => throw new NotSupportedException($"{weights.Network} has no torch form."),
    };

    /// <summary>Logits [samples, classes] of inputs [samples, <see cref="Network.Inputs"/>].</summary>
    public abstract Tensor Forward(Tensor inputs);

    /// <summary>Derivatives of outputs by parameters or inputs, times <paramref name="along"/>: null or invalid where there is none, since the outputs do not depend on it.</summary>
    /// <param name="of">Outputs of <see cref="Forward"/>, or what was made of them.</param>
    /// <param name="by">What they are differentiated by.</param>
    /// <param name="along">As many as outputs, of their shapes; null for single numbers.</param>
    /// <param name="differentiable">Whether the results are to be differentiated again.</param>
    public virtual IReadOnlyList<Tensor> Gradients(IReadOnlyList<Tensor> of, IReadOnlyList<Tensor> by, IReadOnlyList<Tensor>? along, bool differentiable = false) =>
        [.. autograd.grad([.. of], [.. by], along is null ? null : [.. along], retain_graph: differentiable, create_graph: differentiable, allow_unused: true)];

    /// <summary>The values as they are now.</summary>
    public NetworkWeights Weights()
    {
        using var scope = NewDisposeScope();
        return NetworkWeights.Of(Network, [.. Parameters.Select(parameter => parameter.detach().to(ScalarType.Float32).contiguous().data<float>().ToArray())]);
    }

    /// <summary>Frees the native memory, and gives a module back as it was.</summary>
    public abstract void Dispose();

    /// <summary>A tensor of these values in torch's own memory, where every run rounds alike.</summary>
    private protected Tensor Copied(float[] values, WeightTensor tensor) =>
        torch.tensor(values).to(Type, copy: true).reshape([.. tensor.Shape.Select(size => (long)size)]);

}

/// <summary>Runs a network whose layers are known.</summary>
internal sealed class LayeredSession : TorchSession
{
    private readonly LayeredNetwork _network;
    private readonly Tensor[] _parameters;

    public LayeredSession(LayeredNetwork network, NetworkWeights weights, ScalarType type, Normalisation normalisation)
        : base(weights.Network, type)
    {
        _network = network;
        Normalisation = normalisation;
        using var scope = NewDisposeScope();
        _parameters = [.. network.Tensors.Select((tensor, i) => Copied(weights.Tensors[i], tensor).requires_grad_(tensor.IsTrained).DetachFromDisposeScope())];
    }

    /// <summary>The layers that run.</summary>
    public LayeredNetwork Layers => _network;

    public override IReadOnlyList<Tensor> Parameters => _parameters;

    public override bool CanShare => true;

    public override Normalisation Normalisation { get; set; }

    public override Tensor Forward(Tensor inputs) => Forward(inputs, null);

    /// <summary>As <see cref="Forward(Tensor)"/>; the tap sees every weight layer.</summary>
    public Tensor Forward(Tensor inputs, Layers.LayerTap? tap) =>
        _network.Run(_network.Shaped(inputs), _parameters, Normalisation, 0, _network.Structure.Count, tap);

    /// <summary>As <see cref="LayeredNetwork.Run"/>, with this session's weights.</summary>
    public Tensor Run(Tensor values, int first, int end, Layers.LayerTap? tap = null) => _network.Run(values, _parameters, Normalisation, first, end, tap);

    public override void Dispose()
    {
        foreach (var parameter in _parameters)
            parameter.Dispose();
    }
}
