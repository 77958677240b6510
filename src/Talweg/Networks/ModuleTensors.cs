using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Talweg.Networks.Loading;
using static TorchSharp.torch;

namespace Talweg.Networks;

/// <summary>A module's parameters and floating-point buffers, and what each of them does.</summary>
/// <remarks>A tensor that a module has under two names is one tensor, under the first name. TorchScript names it under both.</remarks>
internal sealed class ModuleTensors
{
    private readonly nn.Module _module;
    private readonly bool[] _again;

    public ModuleTensors(nn.Module module)
    {
        _module = module;
        var all = All().ToArray();
        _again = Repetitions([.. all.Select(entry => entry.Tensor)]);
        Tensors = Read([.. all.Where((_, i) => !_again[i])]);
    }

    /// <summary>In the module's order, parameters first.</summary>
    public IReadOnlyList<WeightTensor> Tensors { get; }

    /// <summary>The module's own tensors, in the order of <see cref="Tensors"/>.</summary>
    public IReadOnlyList<Tensor> Sources() => [.. All().Where((_, i) => !_again[i]).Select(entry => entry.Tensor)];

    /// <summary>Its whole numbers, such as normalisations' counts of batches.</summary>
    public IReadOnlyList<Tensor> Counters() => [.. _module.named_buffers().Select(entry => entry.buffer).Where(buffer => !buffer.is_floating_point())];

    /// <summary>Why Talweg cannot move these tensors; null where it can.</summary>
    public string? Problem()
    {
        var tensors = Tensors.Zip(Sources(), (tensor, source) => (tensor.Name, tensor.Length, Type: source.dtype)).ToArray();
        if (tensors.FirstOrDefault(tensor => tensor.Type is not (ScalarType.Float32 or ScalarType.Float64)) is { Name: { } odd, Type: var type })
            return $"has '{odd}' in {type}, while Talweg moves weights of single or double precision: in any other the model computes another function. Call model.float() before it is saved";
        if (NotWeights.ProblemOfModule(tensors.Select(tensor => tensor.Name)) is { } computed)
            return computed;
        if (tensors.FirstOrDefault(tensor => tensor.Length == 0) is { Name: { } empty })
            return $"has '{empty}', which is empty: run the model once before it is saved, so that its lazy parameters are made";
        if (Sources().FirstOrDefault(source => source.device_type != TorchSharp.DeviceType.CPU) is { } elsewhere)
            return $"is on {elsewhere.device}: move it to the CPU";
        if (Shared() is var (one, other))
            return $"has one memory under two names, {one} and {other}; share the parameter itself (second.weight = first.weight), which is then one";
        return Tensors.Any(tensor => tensor.Role == TensorRole.Weight) ? null
            : Tensors.Count > 0 ? "has no weights of two dimensions or more"
            : "has no weights of two dimensions or more, and no parameters at all: torch.jit.freeze and optimize_for_inference turn them into constants; save the model as it is before";
    }

    private IEnumerable<(string Name, Tensor Tensor, bool IsParameter)> All() =>
    [
        .. _module.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter, true)),
        .. _module.named_buffers().Where(entry => entry.buffer.is_floating_point()).Select(entry => (entry.name, entry.buffer, false)),
    ];

    /// <summary>Which names lead to a tensor that an earlier name leads to.</summary>
    private static bool[] Repetitions(IReadOnlyList<Tensor> tensors)
    {
        bool[] again = new bool[tensors.Count];
        var earlier = new Dictionary<nint, Tensor>();
        for (int i = 0; i < again.Length; i++)
            again[i] = AddressOf(tensors[i]) is { } address && !earlier.TryAdd(address, tensors[i]) && IsSame(earlier[address], tensors[i]);
        return again;
    }

    /// <summary>Whether both are one tensor, which shows by what is set on the one; two tensors over one memory are not one.</summary>
    private static bool IsSame(Tensor one, Tensor other)
    {
        bool asked = one.requires_grad;
        if (!one.is_floating_point() || other.requires_grad != asked || !one.shape.SequenceEqual(other.shape))
            return false;
        one.requires_grad_(!asked);
        bool same = other.requires_grad != asked;
        one.requires_grad_(asked);
        return same;
    }

    /// <summary>Two tensors that begin at the same place: moving the one would move the other.</summary>
    private (string, string)? Shared()
    {
        var names = new Dictionary<nint, string>();
        foreach (var (source, tensor) in Sources().Zip(Tensors))
        {
            if (AddressOf(source) is { } address && !names.TryAdd(address, tensor.Name))
                return (names[address], tensor.Name);
        }

        return null;
    }

    private static unsafe nint? AddressOf(Tensor tensor) =>
        tensor.numel() == 0 || !tensor.is_contiguous() || tensor.device_type != TorchSharp.DeviceType.CPU ? null : (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));

    private static List<WeightTensor> Read(IReadOnlyList<(string Name, Tensor Tensor, bool IsParameter)> entries)
    {
        var tensors = new List<WeightTensor>();
        // A bias stands beside a matrix or a kernel; what stands beside a vector is a normalisation's shift.
        var ofLayers = entries.Where(entry => entry.IsParameter && entry.Tensor.dim() >= 2).Select(entry => OwnerOf(entry.Name)).ToHashSet();
        int layer = -1;
        foreach (var (name, tensor, isParameter) in entries)
        {
            var role = !isParameter ? name.EndsWith("running_var", StringComparison.Ordinal) ? TensorRole.RunningVariance : TensorRole.RunningMean
                : tensor.dim() >= 2 ? TensorRole.Weight
                : !name.EndsWith("bias", StringComparison.Ordinal) ? TensorRole.Scale
                : ofLayers.Contains(OwnerOf(name)) ? TensorRole.Bias : TensorRole.Shift;
            layer += role == TensorRole.Weight ? 1 : 0;
            tensors.Add(new(name, tensor.dim() == 0 ? [1] : [.. tensor.shape.Select(size => checked((int)size))], layer, role));
        }

        return tensors;
    }

    private static string OwnerOf(string name) => name[..(name.LastIndexOf('.') + 1)];
}
