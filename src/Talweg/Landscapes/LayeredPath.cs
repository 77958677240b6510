using Talweg.Data;
using Talweg.Networks;
using static TorchSharp.torch;

namespace Talweg.Landscapes;

/// <summary>Transects along any weight space of a network whose layers are known, by batched torch operations, in single or double precision.</summary>
/// <remarks>
/// A chunk of samples runs once through what lies in front of the first weight that moves, and for all displacements together through the rest, with exact
/// tangents where slopes are asked for (<see cref="MovingPass"/>). Memory: samples and displacements are cut so that a layer's activations stay near 32 MB.
/// </remarks>
internal sealed class LayeredPath : ITransectPath
{
    private const long ActivationBytes = 32L << 20;
    private const int MostSamples = 10_000;

    private readonly LabelledSamples _data;
    private readonly WeightSpace _space;
    private readonly LayeredSession _session;
    private readonly LayeredNetwork _network;
    private readonly Normalisation _normalisation;
    private readonly int _block;
    private readonly int _first;

    /// <param name="weights">Of a network of layers or a fully connected one.</param>
    /// <param name="data">The samples.</param>
    /// <param name="space">What moves.</param>
    /// <param name="type">Single or double precision.</param>
    /// <param name="normalisation">How normalisations run.</param>
    /// <param name="block">In training mode, the samples whose statistics are taken together.</param>
    public LayeredPath(NetworkWeights weights, LabelledSamples data, WeightSpace space, ScalarType type, Normalisation normalisation, int block)
    {
        _data = data;
        _space = space;
        _session = (LayeredSession)TorchSession.Open(weights, type, normalisation);
        _network = _session.Layers;
        _normalisation = normalisation;
        _block = block;
        _first = space.Segments.Min(segment => _network.PlaceOfTensor(segment.Tensor));
    }

    public string Name => "layered";

    public void Sweep(ReadOnlySpan<double> direction, ReadOnlySpan<double> displacements, bool withSlopes, TransectReducer reducer)
    {
        // Directions are what is spread over threads, and a thread's number of torch threads is its own.
        set_num_threads(1);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var directions = Split(direction);
        var t = tensor(displacements.ToArray(), dtype: _session.Type);
        long atOnce = Math.Max(1, ActivationBytes / BytesOf(1));
        var blocks = _normalisation == Normalisation.Training && _network.Normalises
            ? SampleBlocks.WithoutRest(_data.Count, _block)
            : SampleBlocks.Of(_data.Count, (int)Math.Clamp(atOnce / displacements.Length, 1, MostSamples));
        foreach (var (first, count) in blocks)
        {
            using var inner = NewDisposeScope();
            var inputs = Moving.Still(_network.Shaped(SampleInputs.Of(_data, first, count, _session.Type)));
            var still = Pass(directions, t, withRates: false).Run(_network, inputs, 0, _first);
            var results = new BlockResults(first, count, displacements.Length, withSlopes);
            foreach (var (firstPoint, points) in SampleBlocks.Of(displacements.Length, (int)Math.Clamp(atOnce / count, 1, displacements.Length)))
            {
                using var innermost = NewDisposeScope();
                var logits = Pass(directions, t.narrow(0, firstPoint, points), withSlopes).Run(_network, still, _first, _network.Structure.Count);
                var (losses, slopes) = SampleLoss.Of(logits.Value.unflatten(0, points, count), logits.Rate?.unflatten(0, points, count), _data.Labels.AsSpan(first, count));
                results.Set(firstPoint, losses, slopes);
            }

            results.HandTo(reducer);
        }
    }

    public void Dispose() => _session.Dispose();

    private MovingPass Pass(IReadOnlyList<Tensor?> directions, Tensor t, bool withRates) => new(_session.Parameters, directions, t, _normalisation, withRates);

    /// <summary>The widest activations behind the first weight that moves, of so many samples at one displacement.</summary>
    private long BytesOf(int samples) => (long)samples * _network.Shapes.Skip(_first + 1).Max(shape => shape.Length) * (_session.Type == ScalarType.Float64 ? sizeof(double) : sizeof(float));

    /// <summary>p as tensors in the order of <see cref="Network.Tensors"/>.</summary>
    private Tensor?[] Split(ReadOnlySpan<double> direction)
    {
        var directions = new Tensor?[_network.Tensors.Count];
        foreach (var segment in _space.Segments)
            directions[segment.Tensor] = _space.PartOf(direction, segment, _session.Type);
        return directions;
    }
}
