using System.Runtime.InteropServices;
using Talweg.Native;
using static TorchSharp.torch;

namespace Talweg.Networks;

/// <summary>Any TorchSharp module from tensors to logits, or a TorchScript file, as a network: weights by name, and plain forward and backward passes.</summary>
/// <remarks>
/// Tensors of two dimensions or more are weight layers, in the module's own order; what is called <c>bias</c> belongs to the layer before it. Measures
/// take <see cref="Weights"/> as their starting point, move the module's own parameters while they run, and give them back as they were, the same objects; so
/// one measure at a time, on one thread. Before its first number every measure examines the module by a few of its samples, and refuses one whose logits are no
/// function of weights and sample alone: <see cref="ModuleExamination"/>. Measures differentiate by frozen parameters (<c>requires_grad</c> false) like by others; training leaves those alone. The module stays its owner's to dispose, a TorchScript file's is disposed with this.
/// </remarks>
public sealed class ModuleNetwork : Network, IDisposable
{
    private readonly string _name;
    private readonly bool _owns;
    private readonly ModuleTensors _tensors;

    private ModuleNetwork(nn.Module module, Func<Tensor, Tensor> call, IReadOnlyList<int> inputShape, int outputs, string name, bool owns)
    {
        Module = module;
        Call = call;
        InputShape = [.. inputShape];
        Inputs = inputShape.Aggregate(1, (product, size) => checked(product * size));
        Outputs = outputs;
        _name = name;
        _owns = owns;
        _tensors = new(module);
    }

    /// <summary>The shape of a sample, without the first dimension, of samples.</summary>
    public IReadOnlyList<int> InputShape { get; }

    /// <inheritdoc/>
    public override int Inputs { get; }

    /// <inheritdoc/>
    public override int Outputs { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<WeightTensor> Tensors => _tensors.Tensors;

    /// <summary>What the last examination found that a reader of any number should know: outputs that are probabilities, weights that were rounded. Empty before the first.</summary>
    public IReadOnlyList<string> Remarks { get; internal set; } = [];

    internal nn.Module Module { get; }

    /// <summary>The module's forward pass, from [samples, …<see cref="InputShape"/>].</summary>
    internal Func<Tensor, Tensor> Call { get; }

    /// <summary>Whether it comes from a TorchScript file.</summary>
    internal bool IsScript => _owns;

    /// <summary>The module's own tensors, in the order of <see cref="Tensors"/>.</summary>
    internal IReadOnlyList<Tensor> Sources() => _tensors.Sources();

    /// <summary>Which of them are parameters that do not require gradients.</summary>
    internal IReadOnlyList<bool> Frozen() => [.. Sources().Zip(Tensors, (source, tensor) => tensor.IsTrained && !source.requires_grad)];

    /// <summary>Its whole numbers, such as normalisations' counts of batches.</summary>
    internal IReadOnlyList<Tensor> Counters() => _tensors.Counters();

    /// <summary>Which of its modules are in training mode, itself first and every module before those inside it.</summary>
    internal IReadOnlyList<(nn.Module Module, bool Training)> Modes() =>
        [(Module, Module.training), .. Module.named_modules().Select(entry => (entry.module, entry.module.training))];

    /// <summary>Sets them so, outer modules first, since a module takes those inside it along.</summary>
    internal static void SetModes(IReadOnlyList<(nn.Module Module, bool Training)> modes)
    {
        foreach (var (module, training) in modes)
            module.train(training);
    }

    /// <summary>Held while a session moves the module's parameters.</summary>
    internal SemaphoreSlim InUse { get; } = new(1, 1);

    /// <summary>A module as a network.</summary>
    /// <param name="module">From [samples, …<paramref name="inputShape"/>] to logits [samples, <paramref name="outputs"/>], in single or double precision, on the CPU.</param>
    /// <param name="inputShape">The shape of one sample: [784], or [3, 32, 32].</param>
    /// <param name="outputs">Number of classes.</param>
    /// <param name="name">What results call it.</param>
    /// <exception cref="ArgumentException">
    /// It has no weights of two dimensions or more, two parameters over one memory, weights of another precision, or does not map such samples to such logits.
    /// </exception>
    public static ModuleNetwork Of(nn.Module<Tensor, Tensor> module, IReadOnlyList<int> inputShape, int outputs, string name)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(inputShape);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 2);
        var network = new ModuleNetwork(module, module.call, inputShape, outputs, $"module:{name}", owns: false);
        return network.Problem() is { } problem ? throw new ArgumentException(problem, nameof(module)) : network;
    }

    /// <summary>A TorchScript file, as <c>torch.jit.save</c> writes it in PyTorch. Such a file is a program, and loading it runs it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="inputShape">The shape of one sample.</param>
    /// <param name="outputs">Number of classes.</param>
    /// <param name="trusted">Whether the file's author is trusted; false refuses.</param>
    /// <exception cref="InputException">Not trusted, not there, not TorchScript, or not from such samples to such logits.</exception>
    public static ModuleNetwork OfTorchScript(string path, IReadOnlyList<int> inputShape, int outputs, bool trusted) =>
        OfTorchScript(path, [inputShape], outputs, trusted);

    /// <summary>As <see cref="OfTorchScript(string, IReadOnlyList{int}, int, bool)"/>, with the first of several shapes of a sample that the model takes.</summary>
    public static ModuleNetwork OfTorchScript(string path, IReadOnlyList<IReadOnlyList<int>> inputShapes, int outputs, bool trusted)
    {
        ArgumentNullException.ThrowIfNull(inputShapes);
        RequireTrusted(path, trusted);
        jit.ScriptModule<Tensor, Tensor> module;
        try
        {
            module = jit.load<Tensor, Tensor>(path);
        }
        catch (ExternalException exception)
        {
            throw new InputException(path, "file", TorchCause.Of(exception), "a TorchScript file, as torch.jit.save writes it; the state_dict of torch.save is none: convert it to safetensors, and name its network");
        }

        string? problem = null;
        foreach (var shape in inputShapes)
        {
            var network = new ModuleNetwork(module, module.call, shape, outputs, $"torchscript:{path}", owns: true);
            if (network.Problem() is not { } found)
                return network;
            problem ??= found;
        }

        module.Dispose();
        string shapes = string.Join(" or ", inputShapes.Select(shape => $"[{string.Join(", ", shape)}]"));
        throw new InputException(path, "model", problem ?? "no shape of a sample", $"a model from samples of shape {shapes} to {outputs} logits");
    }

    /// <summary>Refuses a TorchScript file that is not trusted or not there, before anything of it is read.</summary>
    /// <exception cref="InputException">Not trusted, or not there.</exception>
    public static void RequireTrusted(string path, bool trusted)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!trusted)
            throw new InputException(path, "trust", "a TorchScript file, which is a program and would run here", "--trust-model, if you trust whoever made it");
        if (!File.Exists(path))
            throw new InputException(path, "file", "nothing", "a TorchScript file, as torch.jit.save writes it");
    }

    /// <summary>The module's weights as they are now, copied.</summary>
    public NetworkWeights Weights()
    {
        using var scope = NewDisposeScope();
        return NetworkWeights.Of(this, [.. Sources().Select(source => source.detach().to(ScalarType.Float32).contiguous().data<float>().ToArray())]);
    }

    /// <inheritdoc/>
    public override string ToString() => _name;

    /// <summary>A module is equal to itself alone: another of the same name may compute something else.</summary>
    public override bool Equals(Network? other) => ReferenceEquals(this, other);

    /// <summary>Frees the module of a TorchScript file.</summary>
    public void Dispose()
    {
        if (_owns)
            Module.Dispose();
        InUse.Dispose();
    }

    /// <summary>Why it cannot be used; null where two samples become their logits.</summary>
    private string? Problem()
    {
        if (_tensors.Problem() is { } problem)
            return $"{_name} {problem}";
        try
        {
            using var session = new ModuleSession(this, Weights(), ScalarType.Float32, Normalisation.Evaluation);
            using var noGradient = no_grad();
            using var scope = NewDisposeScope();
            session.Forward(zeros(2, Inputs));
            return null;
        }
        catch (InputException failure)
        {
            return failure.Message;
        }
    }
}
