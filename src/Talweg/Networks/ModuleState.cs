using Talweg.Native;
using static TorchSharp.torch;

namespace Talweg.Networks;

/// <summary>A module's values, types, frozen parameters and modes, as they were; and the right to change them until this is disposed, which sets them back.</summary>
internal sealed class ModuleState : IDisposable
{
    private readonly ModuleNetwork _network;
    private readonly Tensor[] _values;
    private readonly bool[] _asked;
    private readonly Tensor[] _counters;
    private readonly Tensor[] _counts;
    private readonly IReadOnlyList<(nn.Module Module, bool Training)> _modes;
    private bool _disposed;

    private ModuleState(ModuleNetwork network)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _network = network;
        Tensors = network.Sources();
        _values = [.. Tensors.Select(Copy)];
        _asked = [.. Tensors.Select(tensor => tensor.requires_grad)];
        Frozen = network.Frozen();
        _counters = [.. network.Counters()];                   // a pass in training mode counts itself
        _counts = [.. _counters.Select(Copy)];
        _modes = network.Modes();
    }

    /// <summary>The module's own tensors, in the order of <see cref="Network.Tensors"/>.</summary>
    public IReadOnlyList<Tensor> Tensors { get; }

    /// <summary>Which of them are parameters that did not require gradients.</summary>
    public IReadOnlyList<bool> Frozen { get; }

    /// <summary>Waits until nobody else uses the module.</summary>
    public static ModuleState Take(ModuleNetwork network)
    {
        network.InUse.Wait();
        try
        {
            return new(network);
        }
        catch
        {
            network.InUse.Release();
            throw;
        }
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        try
        {
            using var noGradient = no_grad();
            using var scope = NewDisposeScope();
            for (int i = 0; i < _values.Length; i++)
            {
                ElementType.Change([Tensors[i]], _values[i].dtype);
                Tensors[i].copy_(_values[i]);
                Tensors[i].requires_grad_(_asked[i]);
                _values[i].Dispose();
            }

            for (int i = 0; i < _counts.Length; i++)
            {
                _counters[i].copy_(_counts[i]);
                _counts[i].Dispose();
            }

            ModuleNetwork.SetModes(_modes);
        }
        finally
        {
            _network.InUse.Release();
        }
    }

    private static Tensor Copy(Tensor tensor) => tensor.detach().clone().DetachFromDisposeScope();
}
