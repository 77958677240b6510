using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Networks.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Noise.Gradients;

/// <summary>Inputs and errors of the layers of a network of layers: of every sample and every layer by one pass forward and one backward over a chunk.</summary>
/// <remarks>
/// In evaluation mode samples do not touch each other, so the derivative of the sum of all losses by a sample's own pre-activation is that sample's error. Autograd
/// starts at the logits with the errors there, which keep their relative precision at small losses, and goes down to the lowest layer of the space; it
/// never forms a gradient by weights. Factors of all samples are held while they fit in 1 GiB, else computed anew whenever they are asked for.
/// </remarks>
internal sealed class LayeredFactors : GradientFactors
{
    private const long HeldBytes = 1L << 30;
    private const long ChunkBytes = 128L << 20;

    private readonly LayeredNetwork _network;
    private readonly LayeredSession _session;
    private readonly LabelledSamples _samples;
    private readonly int[] _weights;
    private readonly Dictionary<int, int> _layerOf = [];
    private readonly SampleFactors[]? _held;

    /// <param name="weights">Of a network of layers, or fully connected.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="space">The weights that gradients are by.</param>
    /// <param name="type">Single or double precision.</param>
    /// <param name="threads">At most this many.</param>
    /// <param name="hold">Whether to hold the factors if they fit.</param>
    public LayeredFactors(NetworkWeights weights, LabelledSamples samples, WeightSpace space, ScalarType type, int threads, bool hold)
    {
        _network = weights.Network as LayeredNetwork ?? LayeredNetwork.Of((FullyConnected)weights.Network);
        _samples = samples;
        _session = new(_network, weights, type, Normalisation.Evaluation);
        foreach (var parameter in _session.Parameters)
            parameter.requires_grad_(false);                            // by the layers' outputs only
        _weights = [.. Enumerable.Range(0, _network.Tensors.Count).Where(i => _network.Tensors[i].Role == TensorRole.Weight)];
        var parts = new List<GradientPart>();
        int tensor = 0;
        long numbers = 0, held = 0;
        foreach (var (layer, input) in _network.Leaves())
        {
            int end = tensor + layer.Tensors(input).Count(), size = input.Length + layer.After(input).Length;
            WeightSpace.Segment[] own = [.. space.Segments.Where(segment => segment.Tensor >= tensor && segment.Tensor < end)];
            if (own.Length > 0)
            {
                held += size;
                _layerOf[tensor] = _layerOf.Count;
                parts.AddRange(own.Select(segment => new GradientPart(segment, _layerOf.Count - 1, Form(layer, input, _network.Tensors[segment.Tensor].Role))));
            }

            numbers += 2L * size;                                       // values, and errors by them
            tensor = end;
        }

        Parts = parts;
        long bytes = type == ScalarType.Float64 ? sizeof(double) : sizeof(float);
        Chunk = (int)Math.Clamp(ChunkBytes / (bytes * numbers), 1, 1000);
        _held = hold && held * bytes * samples.Count <= HeldBytes ? Hold(threads) : null;
    }

    public override string Path => "layered";

    public override ScalarType Type => _session.Type;

    public override int Count => _samples.Count;

    public override IReadOnlyList<GradientPart> Parts { get; }

    /// <summary>So many that what flows forward and backward takes some 128 MB.</summary>
    public override int Chunk { get; }

    public override int Gathered => Chunk;

    public override SampleFactors[] Of(int first, int count) => _held is null
        ? Passes(SampleInputs.Of(_samples, first, count, Type), DensePass.Labels(_samples.Labels.AsSpan(first, count)), null)
        : [.. _held.Select(layer => new SampleFactors(layer.Inputs.narrow(0, first, count), layer.Errors.narrow(0, first, count)))];

    public override SampleFactors[] Of(int[] which, Scalar divisor)
    {
        if (_held is null)
            return Passes(SampleInputs.Of(_samples, which, Type), DensePass.Labels([.. which.Select(sample => _samples.Labels[sample])]), divisor);
        var index = tensor(which, dtype: ScalarType.Int64);
        return [.. _held.Select(layer => new SampleFactors(layer.Inputs.index_select(0, index), layer.Errors.index_select(0, index).div_(divisor)))];
    }

    public override void Dispose()
    {
        foreach (var layer in _held ?? [])
        {
            layer.Inputs.Dispose();
            layer.Errors.Dispose();
        }

        _session.Dispose();
    }

    private static GradientForm Form(NetworkLayer layer, ImageShape input, TensorRole role) => (layer, role) switch
    {
        (_, TensorRole.Bias or TensorRole.Shift) => new AddedForm(),
        (_, TensorRole.Scale) => new ScaleForm(),
        (Convolution convolution, TensorRole.Weight) => new ConvolutionForm(convolution, input),
        (Dense, TensorRole.Weight) => new DenseForm(),
        _ => throw Activations.Unimplemented(layer, $"gradient by its {role}"),
    };

    private SampleFactors[] Hold(int threads)
    {
        using var scope = NewDisposeScope();
        SampleFactors[] held = [.. Of(0, 1).Select(one => new SampleFactors(Room(one.Inputs), Room(one.Errors)))];
        SampleRanges.Run(Count, Chunk, threads, (_, first, count) =>
        {
            var found = Of(first, count);
            for (int i = 0; i < held.Length; i++)
            {
                held[i].Inputs.narrow(0, first, count).copy_(found[i].Inputs);
                held[i].Errors.narrow(0, first, count).copy_(found[i].Errors);
            }
        });
        return held;
    }

    private Tensor Room(Tensor ofOne) => empty([Count, .. ofOne.shape[1..]], Type).DetachFromDisposeScope();

    /// <summary>Forward, keeping what the space's layers take and give, and backward to what they gave.</summary>
    private SampleFactors[] Passes(Tensor inputs, Tensor labels, Scalar? divisor)
    {
        using var gradients = enable_grad();
        using var scope = NewDisposeScope();
        var seen = new SampleFactors[_layerOf.Count];
        var logits = _network.Run(_network.Shaped(inputs), _session.Parameters, Normalisation.Evaluation, 0, _network.Structure.Count,
            (layer, input, output) => _layerOf.TryGetValue(_weights[layer], out int place) ? Seen(seen, place, input.detach(), output) : output,
            (scale, input, output) => _layerOf.TryGetValue(scale, out int place) ? Seen(seen, place, Standardised(scale, input.detach()), output) : output);
        var errors = DensePass.OutputErrors(logits.detach(), labels);
        var found = autograd.grad([logits], [.. seen.Select(layer => layer.Errors)], [divisor is null ? errors : errors.div_(divisor)]);
        return [.. seen.Select((layer, i) => new SampleFactors(layer.Inputs.MoveToOuterDisposeScope(), found[i].MoveToOuterDisposeScope()))];
    }

    /// <summary>Notes what a layer took and gave. What the first one gave has no history, and begins one.</summary>
    private static Tensor Seen(SampleFactors[] seen, int place, Tensor input, Tensor output)
    {
        seen[place] = new(input, output);
        return output.requires_grad ? output : output.requires_grad_();
    }

    private Tensor Standardised(int scale, Tensor input) => BatchNormalisation.Standardised(input, _session.Parameters[scale + 2], _session.Parameters[scale + 3]);
}
