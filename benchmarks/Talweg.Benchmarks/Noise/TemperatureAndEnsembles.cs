using System.Diagnostics;
using Talweg.Benchmarks.MainJob;
using Talweg.Landscapes;
using Talweg.Noise;

namespace Talweg.Benchmarks.Noise;

/// <summary>What the minibatches' statistics cost on top of the transects they come from, and against a pass a minibatch.</summary>
internal sealed class TemperatureAndEnsembles : IBenchmark
{
    /// <summary>A repetition takes a fifth of them, another fifth each time: five repetitions are 200.</summary>
    private const int Parts = 5;

    private const int DirectionsAtOnce = 40;

    /// <summary>Of the minibatches, at two displacements of one direction: torch would take a quarter of an hour for all.</summary>
    private const int TorchMinibatches = 300;

    private const int EnsembleDirections = 8;

    /// <summary>Both sides sum 50 losses of single precision.</summary>
    private const double LossTolerance = 1e-5;

    /// <summary>Of the largest slope of a minibatch: a slope is a sum of terms of either sign.</summary>
    private const double SlopeTolerance = 1e-4;

    public string Name => "temperature-and-ensembles";

    public string Compares => $"temperatures and valleys of all minibatches along {Parts * DirectionsAtOnce} directions at 21 points, against the transects alone and against an autograd pass a minibatch";

    /// <summary>21 points from −2 to 2, about half the layer's norm to either side.</summary>
    private static double[] Displacements { get; } = [.. Enumerable.Range(-10, 21).Select(i => 0.2 * i)];

    public IEnumerable<Measurement> Run(Workplace workplace)
    {
        using var landscape = MiddleLayer.Landscape(workplace);
        var sets = MinibatchSets.Consecutive(landscape.Samples, Workplace.BatchSize);
        var parts = InParts(MiddleLayer.Directions(Parts * DirectionsAtOnce));
        var times = PairedTimes.Take(workplace.Repeat, i => Measure(landscape, parts[i % Parts], sets), i => Transects(landscape, parts[i % Parts]));
        yield return new(Name, "times the transects' cost", [.. times.Ratios.Select(ratio => 1 / ratio)], Bar.Below(1.5))
        {
            Notes = [times.Note("a direction", DirectionsAtOnce, "the transect with slopes alone"), $"{sets.Count} minibatches of {sets.BatchSize}, one thread", PeakMemory()],
        };
        yield return AgainstAutograd(workplace, landscape, sets);
        yield return OnTopOfFlatness(workplace, landscape, sets);
    }

    private static Directions[] InParts(Directions all) =>
        [.. Enumerable.Range(0, Parts).Select(part => Directions.Of(
            [.. Enumerable.Range(part * DirectionsAtOnce, DirectionsAtOnce).SelectMany(i => all[i].ToArray())], all.Dimension))];

    /// <summary>Seconds for temperatures and valleys along all directions.</summary>
    private static double Measure(Landscape landscape, Directions directions, MinibatchSets sets) => PairedTimes.Seconds(() =>
    {
        for (int i = 0; i < directions.Count; i++)
        {
            var profiles = MinibatchProfiles.Along(landscape, directions[i], sets, Displacements, withSlopes: true);
            _ = ActiveTemperature.Of(profiles, Workplace.LearningRate);
            for (int minibatch = 0; minibatch < profiles.Count; minibatch++)
                _ = MinibatchValley.Fit(Displacements, profiles.Loss(minibatch), profiles.Loss(minibatch)[Displacements.Length / 2]);
        }
    });

    private static double Transects(Landscape landscape, Directions directions) => PairedTimes.Seconds(() =>
    {
        for (int i = 0; i < directions.Count; i++)
            landscape.Profile(directions[i], Displacements, withSlopes: true);
    });

    private Measurement AgainstAutograd(Workplace workplace, Landscape landscape, MinibatchSets sets)
    {
        int minibatches = Math.Min(TorchMinibatches, sets.Count);
        var directions = MiddleLayer.Directions(5);
        using var torch = new TorchMinibatchPasses(workplace.Trained, workplace.Data.Train, sets, minibatches, MiddleLayer.Space.Layers[0], directions[0]);
        double[] points = [0, Displacements[^1]];
        var (losses, slopes) = Differences(MinibatchProfiles.Along(landscape, directions[0], sets, points, withSlopes: true), [.. points.Select(torch.At)]);
        double passes = (double)Displacements.Length * sets.Count;
        var times = PairedTimes.Take(
            workplace.Repeat,
            _ => Measure(landscape, directions, sets) / directions.Count / passes,
            _ => PairedTimes.Seconds(() => Array.ForEach(points, point => torch.At(point))) / points.Length / minibatches);
        return new($"{Name}, against autograd", "times as fast", times.Ratios, Bar.AtLeast(100))
        {
            Notes =
            [
                times.Note("a minibatch and displacement", 1, $"a forward and backward pass in TorchSharp, timed on {minibatches} minibatches at {points.Length} displacements"),
                $"losses of minibatches differ by {Numbers.Text(losses)} at most, relative (allowed {Numbers.Text(LossTolerance)}), slopes by {Numbers.Text(slopes)} of the largest (allowed {Numbers.Text(SlopeTolerance)})",
            ],
            Differs = !(losses <= LossTolerance && slopes <= SlopeTolerance),
        };
    }

    private static (double Losses, double Slopes) Differences(MinibatchProfiles own, (double Loss, double Slope)[][] other)
    {
        double losses = 0, slopes = 0;
        for (int point = 0; point < other.Length; point++)
        {
            int[] minibatches = [.. Enumerable.Range(0, other[point].Length)];
            losses = Math.Max(losses, Numbers.RelativeDifference([.. minibatches.Select(m => own.Loss(m)[point])], [.. other[point].Select(pass => pass.Loss)]));
            slopes = Math.Max(slopes, Numbers.DifferenceOverLargest([.. minibatches.Select(m => own.Slope(m)[point])], [.. other[point].Select(pass => pass.Slope)]));
        }

        return (losses, slopes);
    }

    private Measurement OnTopOfFlatness(Workplace workplace, Landscape landscape, MinibatchSets sets)
    {
        var directions = MiddleLayer.Directions(EnsembleDirections);
        var times = PairedTimes.Take(
            workplace.Repeat,
            _ => PairedTimes.Seconds(() => MinibatchEnsemble.Along(landscape, directions, sets, new(1))),
            _ => PairedTimes.Seconds(() => Flatness.Along(landscape, directions, options: new(1))));
        return new($"{Name}, with its own window", "times the flatness's cost", [.. times.Ratios.Select(ratio => 1 / ratio)], null)
        {
            Notes = [times.Note("a direction for MinibatchEnsemble.Along", EnsembleDirections, "Flatness.Along, which is part of it")],
        };
    }

    private static string PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return $"peak resident memory so far, data and training included: {Numbers.Text(TalwegProgram.PeakMebibytes(process))} MiB";
    }
}
