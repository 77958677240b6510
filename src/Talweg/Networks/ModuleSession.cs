using Talweg.Native;
using static TorchSharp.torch;

namespace Talweg.Networks;

/// <summary>Runs a module, whose own parameters move where they are; all of it is given back as it was at the end, also where opening fails.</summary>
internal sealed class ModuleSession : TorchSession
{
    private readonly ModuleNetwork _network;
    private readonly ModuleState _before;

    public ModuleSession(ModuleNetwork network, NetworkWeights weights, ScalarType type, Normalisation normalisation)
        : base(network, type)
    {
        _network = network;
        _before = ModuleState.Take(network);
        try
        {
            using var noGradient = no_grad();
            using var scope = NewDisposeScope();
            Parameters = _before.Tensors;
            ElementType.Change(Parameters, type);
            Normalisation = normalisation;
            for (int i = 0; i < Parameters.Count; i++)
            {
                Parameters[i].copy_(Copied(weights.Tensors[i], network.Tensors[i]).reshape(Parameters[i].shape));
                Parameters[i].requires_grad_(network.Tensors[i].IsTrained);
            }
        }
        catch
        {
            _before.Dispose();
            throw;
        }
    }

    public override IReadOnlyList<Tensor> Parameters { get; }

    public override bool IsFrozen(int tensor) => _before.Frozen[tensor];

    public override bool CanShare => false;

    public override Normalisation Normalisation
    {
        get => _network.Module.training ? Normalisation.Training : Normalisation.Evaluation;
        set => _network.Module.train(value == Normalisation.Training);
    }

    public override Tensor Forward(Tensor inputs) =>
        _network.Call(inputs.reshape([inputs.shape[0], .. _network.InputShape.Select(size => (long)size)]));

    public override void Dispose() => _before.Dispose();
}
