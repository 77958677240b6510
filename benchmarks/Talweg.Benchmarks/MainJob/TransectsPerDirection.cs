using Talweg.Landscapes;

namespace Talweg.Benchmarks.MainJob;

/// <summary>A transect against what it replaces: the weights moved, and the whole network run on all samples, point after point.</summary>
internal sealed class TransectsPerDirection : IBenchmark
{
    private const int DirectionsAtOnce = 3;

    /// <summary>Both sides sum losses of single precision.</summary>
    private const double LossTolerance = 1e-5;

    /// <summary>Of the largest slope: a slope is a sum of terms of either sign, and near the valley's floor they cancel.</summary>
    private const double SlopeTolerance = 1e-4;

    public string Name => "transects";

    public string Compares => "41 points of the mean loss along a direction of the middle layer, against a full TorchSharp pass a point";

    public IEnumerable<Measurement> Run(Workplace workplace)
    {
        using var landscape = MiddleLayer.Landscape(workplace);
        var directions = MiddleLayer.Directions(DirectionsAtOnce);
        using var torch = new TorchForwardPass(workplace.Trained, workplace.Data.Train, MiddleLayer.Space.Layers[0], directions[0]);
        foreach (bool withSlopes in (bool[])[false, true])
            yield return Measure(workplace, landscape, directions, torch, withSlopes);
    }

    private Measurement Measure(Workplace workplace, Landscape landscape, Directions directions, TorchForwardPass torch, bool withSlopes)
    {
        double[] points = MiddleLayer.Displacements;
        int chunk = torch.ChooseChunk(withSlopes);
        Profile own = landscape.Profile(directions[0], points, withSlopes), other = torch.Profile(points, withSlopes);
        double losses = Numbers.RelativeDifference(own.Loss, other.Loss);
        double slopes = withSlopes ? Numbers.DifferenceOverLargest(own.Slope!, other.Slope!) : 0;
        var times = PairedTimes.Take(
            workplace.Repeat,
            _ => PairedTimes.Seconds(() =>
            {
                for (int i = 0; i < directions.Count; i++)
                    landscape.Profile(directions[i], points, withSlopes);
            }) / directions.Count,
            _ => PairedTimes.Seconds(() => torch.Profile(points, withSlopes)));
        string way = withSlopes ? "forward and backward" : "forward";
        return new(withSlopes ? $"{Name}, with slopes" : Name, "times as fast", times.Ratios, withSlopes ? null : Bar.AtLeast(40))
        {
            Notes =
            [
                times.Note("a direction", 1, $"TorchSharp's passes {way} in the fastest chunks, {chunk} samples"),
                $"mean losses differ by {Numbers.Text(losses)} at most, relative (allowed {Numbers.Text(LossTolerance)})"
                    + (withSlopes ? $", slopes by {Numbers.Text(slopes)} of the largest (allowed {Numbers.Text(SlopeTolerance)})" : ""),
            ],
            Differs = !(losses <= LossTolerance && slopes <= SlopeTolerance),
        };
    }
}
