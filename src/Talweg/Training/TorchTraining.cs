using System.Runtime.InteropServices;
using Talweg.Networks;
using Talweg.Networks.Kernels;
using static TorchSharp.torch;

namespace Talweg.Training;

/// <summary>Any network in training, by torch's forward and backward passes in single precision, on one torch thread.</summary>
/// <remarks>
/// Losses and the errors of the logits are taken outside torch, with relative precision however small they are; see <see cref="Softmax"/>. Up to a thousand
/// samples pass at once: of a larger minibatch the chunks' gradients are added, and batch normalisation takes each chunk's own statistics. What a module's owner
/// has frozen has no gradient and is never moved. Torch's thread count and, for modules, the state of its generator are given back at the end.
/// </remarks>
internal sealed unsafe class TorchTraining : ITrainingModel
{
    private const int SamplesAtOnce = 1000;

    private readonly TrainingData _data;
    private readonly TorchSession _session;
    private readonly WeightSpace _all;
    private readonly WeightSpace.Segment[] _moved;
    private readonly int _threadsBefore = get_num_threads();
    private readonly Tensor? _generatorBefore;

    public TorchTraining(NetworkWeights weights, TrainingData data)
    {
        _data = data;
        _all = WeightSpace.All(weights.Network);
        set_num_threads(1);
        try
        {
            ModuleExamination.Require(weights, data.Train);
            _session = TorchSession.Open(weights, ScalarType.Float32, Normalisation.Training);
        }
        catch
        {
            set_num_threads(_threadsBefore);
            throw;
        }

        _moved = [.. _all.Segments.Where(segment => !_session.IsFrozen(segment.Tensor))];
        _generatorBefore = weights.Network is ModuleNetwork ? random.get_rng_state().DetachFromDisposeScope() : null;
    }

    public double Gradient(ReadOnlySpan<int> batch, long randomSeed, Span<float> gradient)
    {
        using var scope = NewDisposeScope();
        using var withGradients = enable_grad();
        _session.Normalisation = Normalisation.Training;
        if (_session.Network is ModuleNetwork)
            manual_seed(randomSeed);                           // it may hold dropout, which draws from torch's own generator
        gradient.Clear();
        double loss = 0;
        foreach (var chunk in Chunks(batch.Length))
            loss += AddGradient(batch[chunk], (float)(1.0 / batch.Length), gradient);
        return loss / batch.Length;
    }

    public Performance Evaluate(bool test)
    {
        using var noGradient = no_grad();
        _session.Normalisation = Normalisation.Evaluation;
        var samples = test ? _data.Test : _data.Train;
        int[] all = [.. Enumerable.Range(0, samples.Count)];
        var sum = new PerformanceSum(_session.Network.Outputs, samples.Labels);
        foreach (var chunk in Chunks(samples.Count))
        {
            using var scope = NewDisposeScope();
            var rows = Rows(_session.Forward(SampleInputs.Of(samples, all.AsSpan(chunk), ScalarType.Float32)), out int stride);
            fixed (float* logits = rows)
            {
                for (int row = 0; row < rows.Length / stride; row++)
                    sum.Add(logits + (long)row * stride, samples.Labels[chunk.Start.Value + row]);
            }
        }

        return sum.Mean;
    }

    public void Read(WeightSpace space, Span<float> flat)
    {
        using var scope = NewDisposeScope();
        foreach (var segment in space.Segments)
            Numbers(_session.Parameters[segment.Tensor].detach()).CopyTo(flat.Slice(segment.Start, segment.Length));
    }

    public void Load(WeightSpace space, ReadOnlySpan<float> flat)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var segment in space.Segments)
        {
            if (_session.IsFrozen(segment.Tensor))
                continue;
            var values = empty(segment.Length, ScalarType.Float32);
            flat.Slice(segment.Start, segment.Length).CopyTo(MemoryMarshal.Cast<byte, float>(values.bytes));
            _session.Parameters[segment.Tensor].copy_(values.reshape(_session.Parameters[segment.Tensor].shape));
        }
    }

    public NetworkWeights Weights() => _session.Weights();

    public void Dispose()
    {
        _session.Dispose();
        if (_generatorBefore is not null)
        {
            random.set_rng_state(_generatorBefore);
            _generatorBefore.Dispose();
        }

        set_num_threads(_threadsBefore);
    }

    private double AddGradient(ReadOnlySpan<int> batch, float scale, Span<float> gradient)
    {
        using var scope = NewDisposeScope();
        var logits = _session.Forward(SampleInputs.Of(_data.Train, batch, ScalarType.Float32));
        double loss = Errors(logits, batch, scale, out var errors);
        if (_moved.Length == 0)
            return loss;
        // Not backward: what an owner has accumulated in grad is not ours.
        var found = _session.Gradients([logits], [.. _moved.Select(segment => _session.Parameters[segment.Tensor])], [errors]);
        foreach (var (segment, part) in _moved.Zip(found))
        {
            if (part is { IsInvalid: false })                  // else it is not on the way to the logits
                Updates.Lanes.Add(Numbers(part), gradient.Slice(segment.Start, segment.Length));
        }

        return loss;
    }

    /// <summary>The sum of losses, and scale·∂loss/∂logits.</summary>
    private double Errors(Tensor logits, ReadOnlySpan<int> batch, float scale, out Tensor errors)
    {
        int classes = _session.Network.Outputs;
        float[] rows = Rows(logits.detach(), out int stride);
        errors = empty(batch.Length, classes, ScalarType.Float32);
        var target = MemoryMarshal.Cast<byte, float>(errors.bytes);
        float[] found = new float[stride];
        double loss = 0;
        fixed (float* values = rows, row = found)
        {
            for (int sample = 0; sample < batch.Length; sample++)
            {
                loss += Softmax.LossAndError(values + (long)sample * stride, classes, _data.Train.Labels[batch[sample]], scale, row);
                found.AsSpan(0, classes).CopyTo(target[(sample * classes)..]);
            }
        }

        return loss;
    }

    /// <summary>Logits in rows of whole vectors, as <see cref="Softmax"/> reads them.</summary>
    private static float[] Rows(Tensor logits, out int stride)
    {
        int classes = (int)logits.shape[1];
        stride = (classes + Panel.Lanes - 1) / Panel.Lanes * Panel.Lanes;
        var numbers = Numbers(logits);
        float[] rows = new float[logits.shape[0] * stride];
        for (int row = 0; row < logits.shape[0]; row++)
            numbers.Slice(row * classes, classes).CopyTo(rows.AsSpan(row * stride));
        return rows;
    }

    private static ReadOnlySpan<float> Numbers(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.contiguous().bytes);

    /// <summary>Stretches of nearly equal length, no longer than a thousand.</summary>
    private static IEnumerable<Range> Chunks(int count)
    {
        int pieces = (count + SamplesAtOnce - 1) / SamplesAtOnce;
        for (int piece = 0; piece < pieces; piece++)
            yield return (int)((long)count * piece / pieces)..(int)((long)count * (piece + 1) / pieces);
    }
}
