using Talweg.Networks;

namespace Talweg.Benchmarks.MainJob;

/// <summary>How much of what the processor can do the transect kernel does: its matrix products' rate over the highest rate of any.</summary>
/// <remarks>
/// Counted are 2·M·(in·out + points·Σ in·out) operations a direction, the sum over the layers behind: the products alone, not the
/// activations, exponentials and logarithms, on which the kernel spends the rest of its time.
/// </remarks>
internal sealed class KernelPeak : IBenchmark
{
    public string Name => "kernel-peak";

    public string Compares => "single-precision operations a second of the transects' matrix products, against the fastest product, one thread";

    public IEnumerable<Measurement> Run(Workplace workplace)
    {
        using var landscape = MiddleLayer.Landscape(workplace);
        using var peak = new MatrixProductPeak();
        var direction = MiddleLayer.Directions(1)[0].ToArray();
        double operations = Operations(Workplace.Network, MiddleLayer.Space.Layers[0], landscape.Samples, MiddleLayer.Displacements.Length);
        landscape.Profile(direction, MiddleLayer.Displacements);
        peak.Measure();
        var shares = new List<double>();
        var rates = new List<double>();
        var peaks = new List<(string Product, double Rate)>();
        for (int i = 0; i < workplace.Repeat; i++)
        {
            double seconds = Enumerable.Range(0, 3).Min(_ => PairedTimes.Seconds(() => landscape.Profile(direction, MiddleLayer.Displacements)));
            rates.Add(operations / seconds);
            peaks.Add(peak.Measure());
            shares.Add(rates[^1] / peaks[^1].Rate);
            Workplace.Say($"  {i + 1} of {workplace.Repeat}: {Giga(rates[^1])} of {Giga(peaks[^1].Rate)}");
        }

        yield return new(Name, "share of peak", shares, Bar.AtLeast(0.3))
        {
            Notes =
            [
                $"{Giga(Numbers.Median(rates))} of {Giga(Numbers.Median(peaks.Select(p => p.Rate)))} (medians); the fastest product was {peaks.MaxBy(p => p.Rate).Product}",
                $"counted: 2·M·(in·out + points·Σ in·out behind) = {Numbers.Text(operations / 1e9)}e9 operations a direction",
            ],
        };
    }

    private static double Operations(FullyConnected network, int layer, int samples, int points)
    {
        double behind = Enumerable.Range(layer + 1, network.Layers - layer - 1).Sum(i => (double)network.InputsOf(i) * network.OutputsOf(i));
        return 2.0 * samples * ((double)network.InputsOf(layer) * network.OutputsOf(layer) + points * behind);
    }

    private static string Giga(double rate) => $"{Numbers.Text(rate / 1e9)} GFLOP/s";
}
