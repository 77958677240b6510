using Talweg.Benchmarks.MainJob;
using Talweg.Landscapes;

namespace Talweg.Benchmarks.Curvature;

/// <summary>pᵀHp along many directions at once against a product with the Hessian for each: few directions go through tangents, many through the matrix.</summary>
internal sealed class DirectionalCurvatures : IBenchmark
{
    /// <summary>The alternative is timed on so many: a product costs the same along every direction.</summary>
    private const int Few = 16;

    /// <summary>Of the largest curvature: both sides compute in double precision.</summary>
    private const double Tolerance = 1e-10;

    public string Name => "directional-curvature";

    public string Compares => "pᵀHp along 100 and along all 2,500 directions of the middle layer at once, against a product with the Hessian each";

    public IEnumerable<Measurement> Run(Workplace workplace)
    {
        var data = workplace.Data.Train;
        using var hessian = HessianOperator.Of(workplace.Trained, data, MiddleLayer.Space, threads: 1);
        foreach (int count in (int[])[100, 2500])
        {
            var directions = MiddleLayer.Directions(count);
            var few = Directions.Of([.. Enumerable.Range(0, Few).SelectMany(i => directions[i].ToArray())], directions.Dimension);
            double[] own = [], other = [];
            var times = PairedTimes.Take(
                workplace.Repeat,
                _ => PairedTimes.Seconds(() => own = DirectionalCurvature.Along(workplace.Trained, data, MiddleLayer.Space, directions, new(1))) / count,
                _ => PairedTimes.Seconds(() => other = DirectionalCurvature.Along(hessian, few)) / Few);
            double difference = Numbers.DifferenceOverLargest(own[..Few], other);
            yield return new($"{Name}, {count} directions", "times as fast", times.Ratios, null)
            {
                Notes =
                [
                    times.Note("a direction", 1, $"a product, timed on {Few} directions"),
                    $"curvatures differ by {Numbers.Text(difference)} of the largest (allowed {Numbers.Text(Tolerance)})",
                ],
                Differs = !(difference <= Tolerance),
            };
        }
    }
}
