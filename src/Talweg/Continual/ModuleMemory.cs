using System.Globalization;
using System.Runtime.InteropServices;
using Talweg.Data;
using Talweg.Native;
using Talweg.Networks;
using Talweg.Training;
using Talweg.Trajectories;
using static TorchSharp.torch;

namespace Talweg.Continual;

/// <summary>A way not to forget in somebody's own training loop: it records a TorchSharp module's weights, remembers a task, and holds the weights while the next one is learned.</summary>
/// <remarks>
/// <see cref="Record"/> after every optimizer step of a task's last epochs (for methods that <see cref="IContinualMethod.NeedsWindow"/>), <see cref="Remember"/> when the task is learned. In later tasks one of two:
/// <see cref="Relax"/> after <c>optimizer.step()</c>, the implicit step, which bears springs of any strength; or <see cref="AddGradient"/> between <c>loss.backward()</c> and <c>optimizer.step()</c>, which bears λ below
/// <see cref="LargestExplicitLambda"/>. Recorded weights go to a file in the system's folder for temporary files, 4 N bytes a step, until they are remembered.
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
    /// <param name="learningRate">α of the loop's optimizer.</param>
    /// <param name="space">The weights that are to be remembered; null: all that gradients train.</param>
    /// <param name="batchSize">B, which matters to <see cref="Noise.FisherKind.Minibatch"/> alone.</param>
    /// <exception cref="ArgumentException">The method watches every step, the space is another network's, or the learning rate is no positive number.</exception>
    public ModuleMemory(ModuleNetwork network, IContinualMethod method, double learningRate, WeightSpace? space = null, int batchSize = 50)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(method);
        _space = space ?? WeightSpace.All(network);
        if (!_space.Network.Equals(network))
            throw new ArgumentException($"The weight space is of {_space.Network}, but the module is {network}.", nameof(space));
        if (method.Observe(_space) is not null)
            throw new ArgumentException($"'{method}' watches every step of the training, which a loop of one's own does not show. Take ldc, ewc, online-ewc or l2.", nameof(method));
        LearningRate = learningRate;
        (_network, _method, _batchSize) = (network, method, batchSize);
        _weights = new float[_space.Dimension];
        _gradient = new float[_space.Dimension];
        _start = network.Weights();
    }

    /// <summary>α of the loop's optimizer: to be set anew where a schedule changes it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double LearningRate
    {
        get;
        set => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A learning rate is a positive number.");
    }

    /// <summary>What is remembered so far; null before the first task.</summary>
    public IMemory? Memory { get; private set; }

    /// <summary>Directions that are held, of all tasks together: modes of LDC (fewer than asked for where the window was short or a valley open), weights of the others; 0 before the first task.</summary>
    public int Springs => (Memory as IProximalPenalty)?.Springs ?? 0;

    /// <summary>
    /// The λ below which <see cref="AddGradient"/> is stable with plain SGD at <see cref="LearningRate"/>: along the stiffest spring R = s x², so that a step makes (1 − 2αs) x of x, which needs α s &lt; 1. Since s is
    /// proportional to λ, that is λ/(α s); of one task's LDC F²/α for the steepest mode. Null before the first task, and for methods without a λ. The curvature of the loss itself takes a little of it.
    /// </summary>
    public double? LargestExplicitLambda => Memory is IProximalPenalty { Stiffness: > 0 and var stiffness } ? _method.Strength / (LearningRate * stiffness) : null;

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
    /// <exception cref="InputException">Nothing would be held: no mode can be constrained, or no weight has a strength above 0.</exception>
    public void Remember(LabelledSamples samples, WorkOptions? work = null)
    {
        ArgumentNullException.ThrowIfNull(samples);
        _recorder?.Dispose();
        bool recorded = _recorder is { Rows: > 1 };
        _recorder = null;
        if (_method.NeedsWindow && !recorded)
            throw new InvalidOperationException($"'{_method}' needs the weights of a task's last steps: call {nameof(Record)} after each of them, and then {nameof(Remember)}.");
        var weights = _network.Weights();
        IMemory? memory;
        using (var trajectory = recorded ? Trajectory.Open(TrajectoryPath) : null)
        {
            memory = _method.Remember(Memory, new()
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

        if (memory is IProximalPenalty { Springs: 0 })
            throw new InputException("constraints", $"weights that '{_method}' holds", $"none of {_space.Dimension}: every strength is 0", "at least one; the gradients at the task's solution may all have vanished: take l2, or stop the task earlier");
        Memory = memory;
        File.Delete(TrajectoryPath);
        _start = weights;
    }

    /// <summary>Adds ∂R/∂w of what is remembered to the parameters' gradients; before the first task nothing. Returns R(w), nats.</summary>
    /// <exception cref="InputException">The springs are too stiff for steps along their gradient: λ is not below <see cref="LargestExplicitLambda"/>.</exception>
    public double AddGradient()
    {
        if (Memory is null)
            return 0;
        RequireStable();
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
            var part = Part(_gradient, segment, parameter);
            if (parameter.grad is { } gradient)
                gradient.add_(part, HeldScalar.One);
            else
                parameter.grad = part;
        }

        return value;
    }

    /// <summary>The implicit step, after <c>optimizer.step()</c>: w ← argmin_v R(v) + ‖v − w‖²/(2α). It rests where <see cref="AddGradient"/> does and is stable for any λ; before the first task it does nothing.</summary>
    /// <remarks>For plain SGD, whose step of R it replaces. Frozen parameters stay.</remarks>
    /// <exception cref="InvalidOperationException">What is remembered has no such step: a method of one's own.</exception>
    public void Relax()
    {
        if (Memory is null)
            return;
        if (Memory is not IProximalPenalty springs)
            throw new InvalidOperationException($"'{_method}' has no implicit step: call {nameof(AddGradient)} between loss.backward() and optimizer.step().");
        Read();
        _weights.CopyTo(_gradient, 0);
        springs.Relax(LearningRate, _weights);
        for (int k = 0; k < _weights.Length; k++)
            _gradient[k] = _weights[k] - _gradient[k];         // what does not move keeps all its digits
        var parameters = _network.Sources();
        using var noGradient = no_grad();
        foreach (var segment in _space.Segments)
        {
            using var scope = NewDisposeScope();
            var parameter = parameters[segment.Tensor];
            if (parameter.requires_grad)
                parameter.add_(Part(_gradient, segment, parameter), HeldScalar.One);
        }
    }

    /// <summary>What is held, and what explicit steps bear, in one line.</summary>
    public override string ToString() => Memory is null
        ? $"{_method}: nothing remembered yet"
        : string.Create(CultureInfo.InvariantCulture, $"{_method}: holds {Springs} directions of {_space.Dimension}")
            + (LargestExplicitLambda is { } largest ? string.Create(CultureInfo.InvariantCulture, $"; at learning rate {LearningRate:G4} AddGradient bears lambda below {largest:G3}, Relax any") : "");

    /// <summary>Deletes what was recorded.</summary>
    public void Dispose()
    {
        _recorder?.Dispose();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private void RequireStable()
    {
        if (Memory is not IProximalPenalty { Stiffness: var stiffness } || LearningRate * stiffness < 1)
            return;
        string most = LargestExplicitLambda is { } largest ? string.Create(CultureInfo.InvariantCulture, $"below {largest:G3}") : "smaller";
        throw new InputException("constraints", "lambda", $"'{_method}'", string.Create(CultureInfo.InvariantCulture,
            $"{most}: at learning rate {LearningRate:G4} steps along the gradient of a spring of strength {stiffness:G3} move the weights ever further from its centre. Call {nameof(Relax)}() after optimizer.step() instead of {nameof(AddGradient)}() before it, which bears any lambda"));
    }

    private static Tensor Part(float[] numbers, WeightSpace.Segment segment, Tensor parameter) =>
        tensor(numbers.AsSpan(segment.Start, segment.Length).ToArray()).reshape(parameter.shape).to(parameter.dtype).to(parameter.device);

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
