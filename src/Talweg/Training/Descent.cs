using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Training.Updates;

namespace Talweg.Training;

/// <summary>One iteration of a run: its number and its minibatches.</summary>
/// <param name="Number">t, counted from 1 over the whole run.</param>
/// <param name="Orders">The samples of the epoch in the order of each pass.</param>
/// <param name="First">Where its minibatch begins in each.</param>
/// <param name="BatchSize">B.</param>
internal sealed record Iteration(long Number, IReadOnlyList<int[]> Orders, int First, int BatchSize)
{
    public ReadOnlySpan<int> Batch(int pass) => Orders[pass].AsSpan(First, BatchSize);
}

/// <summary>An optimizer that moves a model's weights.</summary>
internal interface IDescent
{
    /// <summary>What a checkpoint must keep besides the weights.</summary>
    IReadOnlyList<(string Name, float[] Values)> State { get; }

    /// <summary>Does one iteration; returns the loss of its first minibatch before it.</summary>
    double Step(ITrainingModel model, Iteration iteration, double rate);
}

/// <summary>Plain SGD on a fully connected network, in place: no gradient of the data is ever written out.</summary>
internal sealed class PlainDescent(Interventions interventions) : IDescent
{
    private readonly float[] _weights = new float[interventions.Penalty?.Space.Dimension ?? 0];
    private readonly float[] _gradient = new float[interventions.ExplicitPenalty?.Space.Dimension ?? 0];

    public IReadOnlyList<(string Name, float[] Values)> State => [];

    public double Step(ITrainingModel model, Iteration iteration, double rate)
    {
        var dense = (DenseTraining)model;
        if (interventions.ExplicitPenalty is { } penalty)
            return Explicit(dense, iteration, rate, penalty);
        double loss = dense.Step(iteration.Batch(0), rate);
        if (interventions.ImplicitPenalty is not { } proximal)
            return loss;
        dense.Read(proximal.Space, _weights);
        proximal.Relax(rate, _weights);
        dense.Load(proximal.Space, _weights);
        return loss;
    }

    private double Explicit(DenseTraining dense, Iteration iteration, double rate, IPenalty penalty)
    {
        dense.Read(penalty.Space, _weights);
        Array.Clear(_gradient);
        penalty.AddGradient(iteration.Number, _weights, _gradient);
        double loss = dense.Step(iteration.Batch(0), rate);
        dense.Add(penalty.Space, _gradient, -rate);
        return loss;
    }
}

/// <summary>Any optimizer on any network: the rule moves a flat vector of all that is trained.</summary>
internal sealed class RuleDescent : IDescent
{
    private readonly UpdateRule _rule;
    private readonly WeightSpace _moved;
    private readonly long _seed;
    private readonly float[] _weights;
    private readonly float[] _full;
    private readonly SpaceWithin? _inFull;
    private readonly PenaltyAtWork? _penalty;
    private readonly ProximalPenaltyAtWork? _proximal;
    private readonly ObserverAtWork? _observer;

    /// <param name="optimizer">The rule and its numbers.</param>
    /// <param name="moved">The weights that it moves: of all that gradients train, or of some layers.</param>
    /// <param name="seed">Root of its random streams.</param>
    /// <param name="interventions">Penalty and observer.</param>
    public RuleDescent(Optimizer optimizer, WeightSpace moved, long seed, Interventions interventions)
    {
        _rule = optimizer.Start(moved.Dimension, seed);
        _moved = moved;
        _seed = seed;
        _weights = new float[moved.Dimension];
        var all = WeightSpace.All(moved.Network);
        bool some = moved.Dimension < all.Dimension;
        _full = new float[some ? all.Dimension : 0];
        _inFull = some ? new(moved, all) : null;
        _penalty = interventions.ExplicitPenalty is { } penalty ? new(penalty, moved) : null;
        _proximal = interventions.ImplicitPenalty is { } proximal ? new(proximal, moved) : null;
        _observer = interventions.Observer is { } observer ? new(observer, moved) : null;
    }

    public IReadOnlyList<(string Name, float[] Values)> State => [.. _rule.State, .. _observer?.State ?? []];

    public double Step(ITrainingModel model, Iteration iteration, double rate)
    {
        model.Read(_moved, _weights);
        _observer?.Before(_weights);
        double loss = _rule.Step(_weights, new Gradients(this, model, iteration), rate);
        _proximal?.Relax(rate, _weights);
        model.Load(_moved, _weights);
        if (double.IsFinite(loss))
            _observer?.After(_weights);
        return loss;
    }

    private double Gradient(ITrainingModel model, Iteration iteration, int pass, ReadOnlySpan<float> weights, Span<float> gradient)
    {
        long random = RandomStream.DeriveSeed(_seed, $"random layers/{iteration.Number}/{pass}");
        if (weights != _weights)                               // elsewhere than where the model stands
            model.Load(_moved, weights);
        double loss = model.Gradient(iteration.Batch(pass), random, _inFull is null ? gradient : _full);
        _inFull?.Gather(_full, gradient);
        _observer?.Between(gradient);
        _penalty?.Add(iteration.Number, weights, gradient);
        return loss;
    }

    private sealed class Gradients(RuleDescent descent, ITrainingModel model, Iteration iteration) : IMinibatchGradients
    {
        public long Iteration => iteration.Number;

        public double At(int pass, ReadOnlySpan<float> weights, Span<float> gradient) => descent.Gradient(model, iteration, pass, weights, gradient);
    }

    /// <summary>A penalty of some of the weights that are moved.</summary>
    private sealed class PenaltyAtWork(IPenalty penalty, WeightSpace moved)
    {
        private readonly SpaceWithin _place = new(penalty.Space, moved);
        private readonly float[] _weights = new float[penalty.Space.Dimension];
        private readonly float[] _gradient = new float[penalty.Space.Dimension];

        public void Add(long iteration, ReadOnlySpan<float> weights, Span<float> gradient)
        {
            _place.Gather(weights, _weights);
            Array.Clear(_gradient);
            penalty.AddGradient(iteration, _weights, _gradient);
            _place.Add(_gradient, gradient);
        }
    }

    /// <summary>A penalty of some of the weights that are moved, followed implicitly.</summary>
    private sealed class ProximalPenaltyAtWork(IProximalPenalty penalty, WeightSpace moved)
    {
        private readonly SpaceWithin _place = new(penalty.Space, moved);
        private readonly float[] _weights = new float[penalty.Space.Dimension];

        public void Relax(double rate, Span<float> weights)
        {
            _place.Gather(weights, _weights);
            penalty.Relax(rate, _weights);
            _place.Scatter(_weights, weights);
        }
    }

    /// <summary>An observer of some of the weights that are moved.</summary>
    private sealed class ObserverAtWork(IStepObserver observer, WeightSpace moved)
    {
        private readonly SpaceWithin _place = new(observer.Space, moved);
        private readonly float[] _before = new float[observer.Space.Dimension];
        private readonly float[] _gradient = new float[observer.Space.Dimension];
        private readonly float[] _after = new float[observer.Space.Dimension];

        public IEnumerable<(string Name, float[] Values)> State => observer.State.Select(state => ($"observer.{state.Name}", state.Values));

        public void Before(ReadOnlySpan<float> weights) => _place.Gather(weights, _before);

        public void Between(ReadOnlySpan<float> gradient) => _place.Gather(gradient, _gradient);

        public void After(ReadOnlySpan<float> weights)
        {
            _place.Gather(weights, _after);
            observer.Observe(_before, _gradient, _after);
        }
    }
}
