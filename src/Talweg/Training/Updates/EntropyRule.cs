using System.Runtime.Intrinsics;
using Talweg.Statistics;

namespace Talweg.Training.Updates;

/// <summary>The rule of <see cref="EntropySgd"/>. A walk begins anew in every iteration, with a random stream of its own, so there is no state.</summary>
internal sealed class EntropyRule(int weights, EntropySgd settings, long seed) : UpdateRule
{
    private readonly float[] _walker = new float[weights];
    private readonly float[] _mean = new float[weights];
    private readonly float[] _gradient = new float[weights];
    private readonly float[] _noise = new float[weights];

    public override IReadOnlyList<(string Name, float[] Values)> State => [];

    public override double Step(Span<float> weights, IMinibatchGradients gradients, double rate)
    {
        var random = new RandomStream(seed, $"entropy-sgd/{gradients.Iteration}");
        double scope = settings.Gamma * Math.Pow(1 + settings.Scoping, gradients.Iteration - 1);
        weights.CopyTo(_walker);
        weights.CopyTo(_mean);
        double first = 0;
        for (int pass = 0; pass < settings.Steps; pass++)
        {
            double loss = gradients.At(pass, _walker, _gradient);
            if (!double.IsFinite(loss))
                return loss;
            first = pass == 0 ? loss : first;
            Walk(weights, scope, random);
        }

        var step = Vector512.Create((float)-rate);
        for (int i = 0; i < weights.Length; i += Lanes.Count)
        {
            var w = Lanes.Load(weights, i);
            Lanes.Store(Vector512.FusedMultiplyAdd(step, w - Lanes.Load(_mean, i), w), weights, i);
        }

        return first;
    }

    /// <summary>One step of the walk, and of its mean.</summary>
    private void Walk(ReadOnlySpan<float> weights, double scope, RandomStream random)
    {
        Draw(random);
        Vector512<float> lambda = Vector512.Create((float)settings.WeightDecay), gamma = Vector512.Create((float)scope);
        var step = Vector512.Create((float)-settings.InnerRate);
        Vector512<float> old = Vector512.Create((float)settings.Average), fresh = Vector512.Create((float)(1 - settings.Average));
        for (int i = 0; i < weights.Length; i += Lanes.Count)
        {
            var x = Lanes.Load(_walker, i);
            var d = Vector512.FusedMultiplyAdd(lambda, x, Lanes.Load(_gradient, i));
            d = Vector512.FusedMultiplyAdd(gamma, x - Lanes.Load(weights, i), d);
            x = Vector512.FusedMultiplyAdd(step, d, x) + Lanes.Load(_noise, i);
            Lanes.Store(x, _walker, i);
            Lanes.Store(Vector512.FusedMultiplyAdd(fresh, x, old * Lanes.Load(_mean, i)), _mean, i);
        }
    }

    /// <summary>√η′ ε ξ.</summary>
    private void Draw(RandomStream random)
    {
        double deviation = Math.Sqrt(settings.InnerRate) * settings.Noise;
        for (int i = 0; deviation > 0 && i < _noise.Length; i++)
            _noise[i] = (float)(deviation * random.NextNormal());
    }
}
