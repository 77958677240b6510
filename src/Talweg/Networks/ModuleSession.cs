using System.Runtime.InteropServices;
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

    /// <summary>The module gets a copy, since what it writes into its input (<c>x -= mean</c>) must not reach samples that pass again at the next displacement.</summary>
    /// <exception cref="InputException">It does not run, or gives something else than logits of every sample.</exception>
    public override Tensor Forward(Tensor inputs)
    {
        long samples = inputs.shape[0];
        var logits = Run(inputs.reshape([samples, .. _network.InputShape.Select(size => (long)size)]).clone());
        if (!logits.shape.SequenceEqual([samples, Network.Outputs]))
            throw new InputException($"{_network} gives [{string.Join(", ", logits.shape)}] for {samples} sample{(samples == 1 ? "" : "s")}, where logits are [{samples}, {Network.Outputs}]");
        if (!logits.is_floating_point())
            throw new InputException($"{_network} gives {logits.dtype} numbers, where logits are floating point");
        return logits.to(Type);
    }

    /// <exception cref="InputException">Torch cannot differentiate what the module does.</exception>
    public override IReadOnlyList<Tensor> Gradients(IReadOnlyList<Tensor> of, IReadOnlyList<Tensor> by, IReadOnlyList<Tensor>? along, bool differentiable = false)
    {
        try
        {
            return CaughtGradients.Of([.. of], [.. by], [.. along ?? of.Select(output => ones_like(output))], differentiable);
        }
        catch (ExternalException exception)
        {
            throw new InputException($"{_network} cannot be differentiated: {TorchCause.Of(exception)}. Slopes, gradients and curvatures need operations that torch can differentiate, slopes and curvatures twice", exception);
        }
    }

    public override void Dispose() => _before.Dispose();

    private Tensor Run(Tensor inputs)
    {
        try
        {
            return _network.Call(inputs);
        }
        catch (InvalidCastException exception) when (_network.IsScript)
        {
            throw new InputException($"{_network} gives a tuple, list or dictionary, where one tensor of logits is needed: save a module whose forward returns the logits alone ({exception.Message})", exception);
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or OperationCanceledException))
        {
            // A module's own code may fail in any way, and whatever it throws is its owner's to read.
            string cause = TorchCause.Of(exception);
            string traced = cause.Contains("is invalid for input of size", StringComparison.Ordinal)
                ? ". If it was traced, the number of samples of its example is built in: write x.flatten(1) in place of a reshape by numbers, or use torch.jit.script"
                : "";
            throw new InputException($"{_network} does not run: {cause}{traced}", exception);
        }
    }
}
