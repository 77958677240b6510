using System.Runtime.Intrinsics;

namespace Talweg.Training.Updates;

/// <summary>The rule of <see cref="Adagrad"/>.</summary>
internal sealed class AdagradRule(int weights, double decay, double epsilon) : GradientRule(weights)
{
    private readonly float[] _squares = new float[weights];

    public override IReadOnlyList<(string Name, float[] Values)> State => [("squares", _squares)];

    protected override void Apply(Span<float> weights, ReadOnlySpan<float> gradient, double rate, long iteration)
    {
        var lambda = Vector512.Create((float)decay);
        var step = Vector512.Create((float)-rate);
        var eps = Vector512.Create((float)epsilon);
        for (int i = 0; i < weights.Length; i += Lanes.Count)
        {
            var w = Lanes.Load(weights, i);
            var d = Vector512.FusedMultiplyAdd(lambda, w, Lanes.Load(gradient, i));
            var s = Vector512.FusedMultiplyAdd(d, d, Lanes.Load(_squares, i));
            Lanes.Store(s, _squares, i);
            Lanes.Store(Vector512.FusedMultiplyAdd(step, d / (Vector512.Sqrt(s) + eps), w), weights, i);
        }
    }
}
