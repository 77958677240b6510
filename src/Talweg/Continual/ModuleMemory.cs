using System.Runtime.InteropServices;
using Talweg.Data;
using Talweg.Native;
using Talweg.Networks;
using Talweg.Trajectories;
using static TorchSharp.torch;

namespace Talweg.Continual;

/// <summary>A way not to forget in somebody's own training loop: it records a TorchSharp module's weights, remembers a task, and adds to the gradients of the next one.</summary>
/// <remarks>
/// <see cref="Record"/> after every optimizer step of a task's last epochs (for methods that <see cref="IContinualMethod.NeedsWindow"/>), <see cref="Remember"/> when the task is learned,
/// <see cref="AddGradient"/> between <c>loss.backward()</c> and <c>optimizer.step()</c> of later tasks. Recorded weights go to a file in the system's folder for temporary files, 4 N bytes a
/// step, until they are remembered. The springs are followed explicitly: with learning rate α those of strength s need α s &lt; 1.
/// </remarks>
public sealed class ModuleMemory : IDisposable
{
    private readonly ModuleNetwork _network;
    private readonly IContinualMethod _method;
    private readonly WeightSpace _space;
    private readonly int _batchSize;
    private readonly float[] _weights;
    private readonly float[] _gradient;
    private readonly string _folder = Directory.CreateTempSubdirectory("talweg-").FullName;
    private NetworkWeights _start;
    private TrajectoryRecorder? _recorder;

    /// <param name="network">The module; its owner goes on training it.</param>
    /// <param name="method">Any but those that watch every step (synaptic intelligence) or replay samples.</param>
    /// <param name="space">The weights that are to be remembered; null: all that gradients train.</param>
    /// <param name="batchSize">B, which matters to <see cref="Noise.FisherKind.Minibatch"/> alone.</param>
    /// <exception cref="ArgumentException">The method watches every step, or the space is another network's.</exception>
    public ModuleMemory(ModuleNetwork network, IContinualMethod method, WeightSpace? space = null, int batchSize = 50)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(method);
        _space = space ?? WeightSpace.All(network);
        if (!_space.Network.Equals(network))
            throw new ArgumentException($"The weight space is of {_space.Network}, but the module is {network}.", nameof(space));
        if (method.Observe(_space) is not null)
            throw new ArgumentException($"'{method}' watches every step of the training, which a loop of one's own does not show. Take ldc, ewc, online-ewc or l2.", nameof(method));
        (_network, _method, _batchSize) = (network, method, batchSize);
        _weights = new float[_space.Dimension];
        _gradient = new float[_space.Dimension];
        _start = network.Weights();
    }

    /// <summary>What is remembered so far; null before the first task.</summary>
    public IMemory? Memory { get; private set; }

    private string TrajectoryPath => Path.Combine(_folder, "trajectory.safetensors");

    /// <summary>Records the weights as they are now: to be called after every optimizer step of a task's last epochs.</summary>
    public void Record()
    {
        _recorder ??= new(TrajectoryPath, _space.Dimension);
        Read();
        _recorder.Record(_weights);
    }

    /// <summary>Remembers the task that was just learned.</summary>
    /// <param name="samples">What was learned, for methods that measure the landscape or gradients.</param>
    /// <param name="work">Threads, progress, cancellation.</param>
    /// <exception cref="InvalidOperationException">The method needs recorded weights, and fewer than two steps were recorded.</exception>
    public void Remember(LabelledSamples samples, WorkOptions? work = null)
    {
        ArgumentNullException.ThrowIfNull(samples);
        _recorder?.Dispose();
        bool recorded = _recorder is { Rows: > 1 };
        _recorder = null;
        if (_method.NeedsWindow && !recorded)
            throw new InvalidOperationException($"'{_method}' needs the weights of a task's last steps: call {nameof(Record)} after each of them, and then {nameof(Remember)}.");
        var weights = _network.Weights();
        using (var trajectory = recorded ? Trajectory.Open(TrajectoryPath) : null)
        {
            Memory = _method.Remember(Memory, new()
            {
                Samples = samples,
                Weights = weights,
                Start = _start,
                Space = _space,
                BatchSize = _batchSize,
                Seed = 1,
                Window = trajectory?.View(0, trajectory.Iterations),
            }, work ?? WorkOptions.Default);
        }

        File.Delete(TrajectoryPath);
        _start = weights;
    }

    /// <summary>Adds ∂R/∂w of what is remembered to the parameters' gradients; before the first task nothing. Returns R(w), nats.</summary>
    public double AddGradient()
    {
        if (Memory is null)
            return 0;
        Read();
        Array.Clear(_gradient);
        double value = Memory.AddGradient(1, _weights, _gradient);
        var parameters = _network.Sources();
        using var noGradient = no_grad();
        foreach (var segment in _space.Segments)
        {
            using var scope = NewDisposeScope();
            var parameter = parameters[segment.Tensor];
            if (!parameter.requires_grad)
                continue;
            var part = tensor(_gradient.AsSpan(segment.Start, segment.Length).ToArray()).reshape(parameter.shape).to(parameter.dtype).to(parameter.device);
            if (parameter.grad is { } gradient)
                gradient.add_(part, HeldScalar.One);
            else
                parameter.grad = part;
        }

        return value;
    }

    /// <summary>Deletes what was recorded.</summary>
    public void Dispose()
    {
        _recorder?.Dispose();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private void Read()
    {
        using var scope = NewDisposeScope();
        var parameters = _network.Sources();
        foreach (var segment in _space.Segments)
        {
            var values = parameters[segment.Tensor].detach().cpu().to(ScalarType.Float32).contiguous();
            MemoryMarshal.Cast<byte, float>(values.bytes).CopyTo(_weights.AsSpan(segment.Start, segment.Length));
        }
    }
}
