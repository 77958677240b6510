using System.Runtime.Intrinsics;

namespace Talweg.Training.Updates;

/// <summary>The rule of <see cref="RmsProp"/>.</summary>
internal sealed class RmsPropRule(int weights, double decay, double alpha, double epsilon, double momentum, bool centered) : GradientRule(weights)
{
    private readonly float[] _meanSquare = new float[weights];
    private readonly float[] _mean = new float[centered ? weights : 0];
    private readonly float[] _velocity = new float[momentum == 0 ? 0 : weights];

    public override IReadOnlyList<(string Name, float[] Values)> State =>
        [("mean-square", _meanSquare), .. centered ? [("mean", _mean)] : Array.Empty<(string, float[])>(), .. momentum == 0 ? [] : new[] { ("velocity", _velocity) }];

    protected override void Apply(Span<float> weights, ReadOnlySpan<float> gradient, double rate, long iteration)
    {
        var lambda = Vector512.Create((float)decay);
        Vector512<float> old = Vector512.Create((float)alpha), fresh = Vector512.Create((float)(1 - alpha));
        var mu = Vector512.Create((float)momentum);
        var step = Vector512.Create((float)-rate);
        var eps = Vector512.Create((float)epsilon);
        for (int i = 0; i < weights.Length; i += Lanes.Count)
        {
            var w = Lanes.Load(weights, i);
            var d = Vector512.FusedMultiplyAdd(lambda, w, Lanes.Load(gradient, i));
            var s = Vector512.FusedMultiplyAdd(fresh, d * d, old * Lanes.Load(_meanSquare, i));
            Lanes.Store(s, _meanSquare, i);
            if (centered)
            {
                var m = Vector512.FusedMultiplyAdd(fresh, d, old * Lanes.Load(_mean, i));
                Lanes.Store(m, _mean, i);
                s = Vector512.FusedMultiplyAdd(-m, m, s);
            }

            var v = d / (Vector512.Sqrt(s) + eps);
            if (momentum != 0)
            {
                v = Vector512.FusedMultiplyAdd(mu, Lanes.Load(_velocity, i), v);
                Lanes.Store(v, _velocity, i);
            }

            Lanes.Store(Vector512.FusedMultiplyAdd(step, v, w), weights, i);
        }
    }
}
