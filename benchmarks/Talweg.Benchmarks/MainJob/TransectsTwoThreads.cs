using Talweg.Landscapes;

namespace Talweg.Benchmarks.MainJob;

/// <summary>Whether transects scale: directions a second on two threads over those on one.</summary>
internal sealed class TransectsTwoThreads : IBenchmark
{
    private const int Count = 8;

    public string Name => "transects-two-threads";

    public string Compares => "directions a second on two threads, against one";

    private static Bar Needed => Bar.AtLeast(1.8);

    public IEnumerable<Measurement> Run(Workplace workplace)
    {
        if (Environment.ProcessorCount < 2)
        {
            yield return Measurement.Skipped(Name, "times as many", Needed, "this takes two processors");
            yield break;
        }

        using var landscape = MiddleLayer.Landscape(workplace);
        var directions = MiddleLayer.Directions(Count);
        Sweep(2);
        var times = PairedTimes.Take(workplace.Repeat, _ => Sweep(2), _ => Sweep(1));
        yield return new(Name, "times as many", times.Ratios, Needed) { Notes = [times.Note("a direction", Count, "one thread")] };

        double Sweep(int threads) =>
            PairedTimes.Seconds(() => Transects.Along(landscape, directions, MiddleLayer.Displacements, options: new(threads)));
    }
}
