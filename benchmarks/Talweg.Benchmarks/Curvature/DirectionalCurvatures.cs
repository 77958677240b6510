using Talweg.Benchmarks.MainJob;
using Talweg.Landscapes;

namespace Talweg.Benchmarks.Curvature;

/// <summary>pᵀHp along many directions at once against a product with the Hessian for each.</summary>
internal sealed class DirectionalCurvatures : IBenchmark
{
    private const int Count = 256;

    /// <summary>Of the largest curvature: both sides compute in double precision.</summary>
    private const double Tolerance = 1e-10;

    public string Name => "directional-curvature";

    public string Compares => $"pᵀHp along {Count} directions of the middle layer at once, against a product with the Hessian each";

    public IEnumerable<Measurement> Run(Workplace workplace)
    {
        var data = workplace.Data.Train;
        var directions = MiddleLayer.Directions(Count);
        var few = Directions.Of([.. Enumerable.Range(0, Count / 8).SelectMany(i => directions[i].ToArray())], directions.Dimension);
        using var hessian = HessianOperator.Of(workplace.Trained, data, MiddleLayer.Space, threads: 1);
        double[] own = [], other = [];
        var times = PairedTimes.Take(
            workplace.Repeat,
            _ => PairedTimes.Seconds(() => own = DirectionalCurvature.Along(workplace.Trained, data, MiddleLayer.Space, directions, new(1))) / Count,
            _ => PairedTimes.Seconds(() => other = DirectionalCurvature.Along(hessian, few)) / few.Count);
        double difference = Numbers.DifferenceOverLargest(own[..few.Count], other);
        yield return new(Name, "times as fast", times.Ratios, null)
        {
            Notes =
            [
                times.Note("a direction", 1, $"a product, timed on {few.Count} directions"),
                $"curvatures differ by {Numbers.Text(difference)} of the largest (allowed {Numbers.Text(Tolerance)})",
            ],
            Differs = !(difference <= Tolerance),
        };
    }
}
