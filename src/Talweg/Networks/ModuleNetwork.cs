using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Networks;

/// <summary>Any TorchSharp module from tensors to logits, or a TorchScript file, as a network: weights by name, and plain forward and backward passes.</summary>
/// <remarks>
/// Tensors of two dimensions or more are weight layers, in the module's own order; what is called <c>bias</c> belongs to the layer before it. Measures
/// take <see cref="Weights"/> as their starting point, move the module's own parameters while they run, and give them back as they were; so one measure
/// at a time, on one thread. The module stays its owner's to dispose, a TorchScript file's is disposed with this.
/// </remarks>
public sealed class ModuleNetwork : Network, IDisposable
{
    private readonly string _name;
    private readonly bool _owns;

    private ModuleNetwork(nn.Module module, Func<Tensor, Tensor> call, IReadOnlyList<int> inputShape, int outputs, string name, bool owns)
    {
        Module = module;
        Call = call;
        InputShape = [.. inputShape];
        Inputs = inputShape.Aggregate(1, (product, size) => checked(product * size));
        Outputs = outputs;
        _name = name;
        _owns = owns;
        Tensors = Read(module);
    }

    /// <summary>The shape of a sample, without the first dimension, of samples.</summary>
    public IReadOnlyList<int> InputShape { get; }

    /// <inheritdoc/>
    public override int Inputs { get; }

    /// <inheritdoc/>
    public override int Outputs { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<WeightTensor> Tensors { get; }

    internal nn.Module Module { get; }

    /// <summary>The module's forward pass, from [samples, …<see cref="InputShape"/>].</summary>
    internal Func<Tensor, Tensor> Call { get; }

    /// <summary>The module's own tensors as they are now, in the order of <see cref="Tensors"/>: a change of type replaces them.</summary>
    internal IReadOnlyList<Tensor> Sources() =>
        [.. Module.named_parameters().Select(entry => (Tensor)entry.parameter), .. Module.named_buffers().Select(entry => entry.buffer).Where(buffer => buffer.is_floating_point())];

    /// <summary>Its whole numbers, such as normalisations' counts of batches.</summary>
    internal IReadOnlyList<Tensor> Counters() => [.. Module.named_buffers().Select(entry => entry.buffer).Where(buffer => !buffer.is_floating_point())];

    /// <summary>Held while a session moves the module's parameters.</summary>
    internal SemaphoreSlim InUse { get; } = new(1, 1);

    /// <summary>A module as a network.</summary>
    /// <param name="module">From [samples, …<paramref name="inputShape"/>] to logits [samples, <paramref name="outputs"/>], in single precision, on the CPU.</param>
    /// <param name="inputShape">The shape of one sample: [784], or [3, 32, 32].</param>
    /// <param name="outputs">Number of classes.</param>
    /// <param name="name">What results call it.</param>
    /// <exception cref="ArgumentException">It has no weights of two dimensions or more, or does not map such samples to such logits.</exception>
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
            throw new InputException(path, "file", FirstLine(exception), "a TorchScript file, as torch.jit.save writes it");
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

    /// <summary>Converts the module, whose new tensors then live as long as it does, not as long as the dispose scope they were made in.</summary>
    internal void Take(ScalarType type)
    {
        if (Sources()[0].dtype == type)
            return;
        Module.to(type);
        foreach (var source in Sources().Concat(Counters()))
            source.DetachFromDisposeScope();
    }

    private string? Problem()
    {
        if (Layers == 0)
            return $"{_name} has no weights of two dimensions or more";
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        bool training = Module.training;
        Module.eval();
        try
        {
            var logits = Call(zeros([2, .. InputShape.Select(size => (long)size)]));
            return logits.shape is [2, var classes] && classes == Outputs ? null : $"{_name} gives [{string.Join(", ", logits.shape)}] for 2 samples";
        }
        catch (ExternalException exception)
        {
            return $"{_name} does not run: {FirstLine(exception)}";
        }
        finally
        {
            Module.train(training);
        }
    }

    private static List<WeightTensor> Read(nn.Module module)
    {
        var tensors = new List<WeightTensor>();
        var buffers = module.named_buffers().ToDictionary(buffer => buffer.name, buffer => buffer.buffer);
        int layer = -1;
        foreach (var (name, parameter) in module.named_parameters())
        {
            string owner = name[..(name.LastIndexOf('.') + 1)];
            bool normalises = buffers.ContainsKey(owner + "running_mean");
            bool isBias = name.EndsWith("bias", StringComparison.Ordinal);
            var role = parameter.dim() >= 2 ? TensorRole.Weight
                : isBias ? normalises ? TensorRole.Shift : TensorRole.Bias
                : TensorRole.Scale;
            layer += role == TensorRole.Weight ? 1 : 0;
            Add(name, parameter, role);
        }

        foreach (var (name, buffer) in buffers)
        {
            if (buffer.is_floating_point())
                Add(name, buffer, name.EndsWith("running_var", StringComparison.Ordinal) ? TensorRole.RunningVariance : TensorRole.RunningMean);
        }

        return tensors;

        void Add(string name, Tensor tensor, TensorRole role) =>
            tensors.Add(new(name, tensor.dim() == 0 ? [1] : [.. tensor.shape.Select(size => checked((int)size))], layer, role));
    }

    private static string FirstLine(ExternalException exception) => exception.Message.Split('\n', 2)[0].Trim();
}

/// <summary>Runs a module, whose own parameters move; they and its mode are given back at the end.</summary>
internal sealed class ModuleSession : TorchSession
{
    private readonly ModuleNetwork _network;
    private readonly Tensor[] _before;
    private readonly Tensor[] _countsBefore;
    private readonly bool[] _asked;
    private readonly bool _training;
    private bool _disposed;

    public ModuleSession(ModuleNetwork network, NetworkWeights weights, ScalarType type, Normalisation normalisation)
        : base(network, type)
    {
        _network = network;
        network.InUse.Wait();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _training = network.Module.training;
        _before = [.. network.Sources().Select(source => source.detach().clone().DetachFromDisposeScope())];
        // A pass in training mode counts itself.
        _countsBefore = [.. network.Counters().Select(counter => counter.clone().DetachFromDisposeScope())];
        network.Take(type);
        Normalisation = normalisation;
        Parameters = network.Sources();
        _asked = [.. Parameters.Select(parameter => parameter.requires_grad)];   // a frozen parameter has a gradient like any other
        for (int i = 0; i < Parameters.Count; i++)
        {
            Parameters[i].copy_(Copied(weights.Tensors[i], network.Tensors[i]).reshape(Parameters[i].shape));
            Parameters[i].requires_grad_(network.Tensors[i].IsTrained);
        }
    }

    public override IReadOnlyList<Tensor> Parameters { get; }

    public override bool CanShare => false;

    public override Normalisation Normalisation
    {
        get => _network.Module.training ? Normalisation.Training : Normalisation.Evaluation;
        set => _network.Module.train(value == Normalisation.Training);
    }

    public override Tensor Forward(Tensor inputs) =>
        _network.Call(inputs.reshape([inputs.shape[0], .. _network.InputShape.Select(size => (long)size)]));

    public override void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _network.Take(ScalarType.Float32);
        using (no_grad())
        {
            foreach (var (source, before, asked) in _network.Sources().Zip(_before, _asked))
            {
                source.copy_(before);
                source.requires_grad_(asked);
                before.Dispose();
            }

            foreach (var (counter, before) in _network.Counters().Zip(_countsBefore))
            {
                counter.copy_(before);
                before.Dispose();
            }
        }

        _network.Module.train(_training);
        _network.InUse.Release();
    }
}
