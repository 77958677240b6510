using System.Runtime.Intrinsics;

namespace Talweg.Training.Updates;

/// <summary>The rule of <see cref="Adam"/> (decay λ in the gradient) and of <see cref="AdamW"/> (decoupled decay).</summary>
internal sealed class AdamRule(int weights, double decay, double decoupledDecay, double beta1, double beta2, double epsilon) : GradientRule(weights)
{
    private readonly float[] _mean = new float[weights];
    private readonly float[] _meanSquare = new float[weights];

    public override IReadOnlyList<(string Name, float[] Values)> State => [("mean", _mean), ("mean-square", _meanSquare)];

    protected override void Apply(Span<float> weights, ReadOnlySpan<float> gradient, double rate, long iteration)
    {
        var lambda = Vector512.Create((float)decay);
        var kept = Vector512.Create((float)(1 - rate * decoupledDecay));
        Vector512<float> b1 = Vector512.Create((float)beta1), new1 = Vector512.Create((float)(1 - beta1));
        Vector512<float> b2 = Vector512.Create((float)beta2), new2 = Vector512.Create((float)(1 - beta2));
        var step = Vector512.Create((float)(-rate / (1 - Math.Pow(beta1, iteration))));
        var scale = Vector512.Create((float)Math.Sqrt(1 - Math.Pow(beta2, iteration)));
        var eps = Vector512.Create((float)epsilon);
        for (int i = 0; i < weights.Length; i += Lanes.Count)
        {
            var w = Lanes.Load(weights, i) * kept;
            var d = Vector512.FusedMultiplyAdd(lambda, w, Lanes.Load(gradient, i));
            var m = Vector512.FusedMultiplyAdd(new1, d, b1 * Lanes.Load(_mean, i));
            var v = Vector512.FusedMultiplyAdd(new2, d * d, b2 * Lanes.Load(_meanSquare, i));
            Lanes.Store(m, _mean, i);
            Lanes.Store(v, _meanSquare, i);
            Lanes.Store(Vector512.FusedMultiplyAdd(step, m / (Vector512.Sqrt(v) / scale + eps), w), weights, i);
        }
    }
}
