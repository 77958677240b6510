namespace Talweg.Training.Updates;

/// <summary>The gradients that one iteration may ask for.</summary>
internal interface IMinibatchGradients
{
    /// <summary>t, counted from 1 over the whole run.</summary>
    long Iteration { get; }

    /// <summary>Mean loss of a minibatch at some weights, and its gradient.</summary>
    /// <param name="pass">The minibatch: 0 … <see cref="Optimizer.Passes"/> − 1.</param>
    /// <param name="weights">[N].</param>
    /// <param name="gradient">[N], overwritten.</param>
    double At(int pass, ReadOnlySpan<float> weights, Span<float> gradient);
}

/// <summary>An optimizer at work. All that it knows from earlier iterations is in <see cref="State"/>.</summary>
internal abstract class UpdateRule
{
    /// <summary>What a checkpoint must keep, by name; 0 at first.</summary>
    public abstract IReadOnlyList<(string Name, float[] Values)> State { get; }

    /// <summary>One iteration: moves the weights, and returns the first minibatch's loss before it. Moves nothing if that is infinite or not a number.</summary>
    /// <param name="weights">[N].</param>
    /// <param name="gradients">Those of this iteration.</param>
    /// <param name="rate">α times the schedule's factor.</param>
    public abstract double Step(Span<float> weights, IMinibatchGradients gradients, double rate);
}

/// <summary>A rule that takes one gradient and treats every weight alike.</summary>
internal abstract class GradientRule(int weights) : UpdateRule
{
    private readonly float[] _gradient = new float[weights];

    public override double Step(Span<float> weights, IMinibatchGradients gradients, double rate)
    {
        double loss = gradients.At(0, weights, _gradient);
        if (double.IsFinite(loss))
            Apply(weights, _gradient, rate, gradients.Iteration);
        return loss;
    }

    /// <summary>Moves the weights.</summary>
    protected abstract void Apply(Span<float> weights, ReadOnlySpan<float> gradient, double rate, long iteration);
}
