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

/// <summary>Plain SGD on a fully connected network, in place: no gradient is ever written out.</summary>
internal sealed class PlainDescent : IDescent
{
    public IReadOnlyList<(string Name, float[] Values)> State => [];

    public double Step(ITrainingModel model, Iteration iteration, double rate) => ((DenseTraining)model).Step(iteration.Batch(0), rate);
}

/// <summary>Any optimizer on any network: the rule moves a flat vector of all that gradients train.</summary>
internal sealed class RuleDescent(Optimizer optimizer, WeightSpace all, long seed) : IDescent
{
    private readonly UpdateRule _rule = optimizer.Start(all.Dimension, seed);
    private readonly float[] _weights = new float[all.Dimension];

    public IReadOnlyList<(string Name, float[] Values)> State => _rule.State;

    public double Step(ITrainingModel model, Iteration iteration, double rate)
    {
        model.Read(all, _weights);
        double loss = _rule.Step(_weights, new Gradients(this, model, iteration), rate);
        model.Load(all, _weights);
        return loss;
    }

    private sealed class Gradients(RuleDescent descent, ITrainingModel model, Iteration iteration) : IMinibatchGradients
    {
        public long Iteration => iteration.Number;

        public double At(int pass, ReadOnlySpan<float> weights, Span<float> gradient)
        {
            if (weights != descent._weights)                   // elsewhere than where the model stands
                model.Load(descent.All, weights);
            return model.Gradient(iteration.Batch(pass), descent.RandomSeed(iteration.Number, pass), gradient);
        }
    }

    private WeightSpace All => all;

    private long RandomSeed(long iteration, int pass) => (long)(new RandomStream(seed, $"random layers/{iteration}/{pass}").NextBits() >> 1);
}
