using System.Runtime.Intrinsics;

namespace Talweg.Training.Updates;

/// <summary>The rule of <see cref="Sgd"/>.</summary>
internal sealed class MomentumRule(int weights, double decay, double momentum, bool nesterov) : GradientRule(weights)
{
    private readonly float[] _velocity = new float[momentum == 0 ? 0 : weights];

    public override IReadOnlyList<(string Name, float[] Values)> State => momentum == 0 ? [] : [("velocity", _velocity)];

    protected override void Apply(Span<float> weights, ReadOnlySpan<float> gradient, double rate, long iteration)
    {
        var lambda = Vector512.Create((float)decay);
        var mu = Vector512.Create((float)momentum);
        var step = Vector512.Create((float)-rate);
        for (int i = 0; i < weights.Length; i += Lanes.Count)
        {
            var w = Lanes.Load(weights, i);
            var d = Vector512.FusedMultiplyAdd(lambda, w, Lanes.Load(gradient, i));
            if (momentum != 0)
            {
                var v = Vector512.FusedMultiplyAdd(mu, Lanes.Load(_velocity, i), d);
                Lanes.Store(v, _velocity, i);
                d = nesterov ? Vector512.FusedMultiplyAdd(mu, v, d) : v;
            }

            Lanes.Store(Vector512.FusedMultiplyAdd(step, d, w), weights, i);
        }
    }
}
