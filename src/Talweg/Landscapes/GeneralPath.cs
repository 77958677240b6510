using Talweg.Data;
using Talweg.Native;
using Talweg.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Landscapes;

/// <summary>Transects along any weight space of any network that torch can run: at every displacement the weights are moved and the network runs as it is.</summary>
/// <remarks>
/// Slopes are exact: with logits y(w) and a dummy u, the gradient of uᵀJ·p by u is J·p, the logits' derivative along p, by two backward passes. Nothing but
/// operations that torch can differentiate twice is asked of the network. A sweep opens a session and closes it again, so that a module is its owner's
/// between sweeps; sweeps of one module wait for each other.
/// </remarks>
internal sealed class GeneralPath(NetworkWeights weights, LabelledSamples data, WeightSpace space, ScalarType type, Normalisation normalisation, int block) : ITransectPath
{
    /// <summary>Samples at once in evaluation mode, where they do not depend on each other.</summary>
    private const int SamplesAtOnce = 100;

    public string Name => "general";

    public void Sweep(ReadOnlySpan<double> direction, ReadOnlySpan<double> displacements, bool withSlopes, TransectReducer reducer)
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        using var session = TorchSession.Open(weights, type, normalisation);
        using var moved = new MovedParameters(session, space, direction);
        var blocks = normalisation == Normalisation.Training ? SampleBlocks.WithoutRest(data.Count, block) : SampleBlocks.Of(data.Count, SamplesAtOnce);
        foreach (var (first, count) in blocks)
        {
            using var inner = NewDisposeScope();
            var inputs = SampleInputs.Of(data, first, count, type);
            var results = new BlockResults(first, count, displacements.Length, withSlopes);
            for (int point = 0; point < displacements.Length; point++)
            {
                using var innermost = NewDisposeScope();
                moved.To(displacements[point]);
                var (logits, rates) = withSlopes ? moved.LogitsAndRates(inputs) : (moved.Logits(inputs), null);
                var (losses, slopes) = SampleLoss.Of(logits.unsqueeze(0), rates?.unsqueeze(0), data.Labels.AsSpan(first, count));
                results.Set(point, losses, slopes);
            }

            results.HandTo(reducer);
        }
    }

    public void Dispose()
    {
    }

    /// <summary>A session's parameters on their way along a direction.</summary>
    private sealed class MovedParameters : IDisposable
    {
        private readonly TorchSession _session;
        private readonly Tensor[] _parameters;
        private readonly Tensor[] _origins;
        private readonly Tensor[] _directions;
        private readonly bool[] _frozen;

        public MovedParameters(TorchSession session, WeightSpace space, ReadOnlySpan<double> direction)
        {
            _session = session;
            _parameters = [.. space.Segments.Select(segment => session.Parameters[segment.Tensor])];
            _origins = [.. _parameters.Select(parameter => parameter.detach().clone())];
            _directions = new Tensor[_parameters.Length];
            for (int i = 0; i < _directions.Length; i++)
                _directions[i] = space.PartOf(direction, space.Segments[i], session.Type).reshape(_parameters[i].shape);
            _frozen = [.. _parameters.Select(parameter => !parameter.requires_grad)];
            Array.ForEach(_parameters, parameter => parameter.requires_grad_(true));
        }

        public void To(double displacement)
        {
            using var noGradient = no_grad();
            using var length = displacement.ToScalar();
            for (int i = 0; i < _parameters.Length; i++)
                _parameters[i].copy_(_origins[i].add(_directions[i], length));
        }

        public Tensor Logits(Tensor inputs)
        {
            using var noGradient = no_grad();
            return _session.Forward(inputs);
        }

        /// <summary>y and J·p, [samples, classes] each.</summary>
        public (Tensor Logits, Tensor Rates) LogitsAndRates(Tensor inputs)
        {
            using var gradients = enable_grad();
            var logits = _session.Forward(inputs);
            var dummy = zeros_like(logits).requires_grad_(true);
            var products = _session.Gradients([logits], _parameters, [dummy], differentiable: true);
            // What the logits do not depend on has no gradient.
            Tensor[] along = [.. products.Zip(_directions).Where(pair => pair.First is { IsInvalid: false }).Select(pair => (pair.First * pair.Second).sum())];
            if (along.Length == 0)
                return (logits.detach(), zeros_like(logits));
            var sum = along.Aggregate((one, other) => one.add(other, HeldScalar.One));
            return (logits.detach(), _session.Gradients([sum], [dummy], null)[0]);
        }

        /// <summary>The session gives the values back, this what the module's owner had frozen.</summary>
        public void Dispose()
        {
            for (int i = 0; i < _parameters.Length; i++)
                _parameters[i].requires_grad_(!_frozen[i]);
        }
    }
}
