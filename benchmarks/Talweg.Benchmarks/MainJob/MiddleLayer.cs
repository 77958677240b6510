using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Statistics;

namespace Talweg.Benchmarks.MainJob;

/// <summary>The transects that several benchmarks take: the middle layer, random directions, 41 points.</summary>
internal static class MiddleLayer
{
    public static WeightSpace Space { get; } = WeightSpace.Of(Workplace.Network, 2);

    /// <summary>41 points from −2 to 2, about half the layer's norm to either side.</summary>
    public static double[] Displacements { get; } = [.. Enumerable.Range(-20, 41).Select(i => 0.1 * i)];

    public static Landscape Landscape(Workplace workplace) => Landscapes.Landscape.Of(workplace.Trained, workplace.Data.Train, Space);

    public static Directions Directions(int count)
    {
        var random = new RandomStream(5, "benchmark directions");
        double[] values = [.. Enumerable.Range(0, count * Space.Dimension).Select(_ => random.NextNormal())];
        for (int i = 0; i < count; i++)
        {
            var direction = values.AsSpan(i * Space.Dimension, Space.Dimension);
            double norm = Math.Sqrt(direction.ToArray().Sum(x => x * x));
            foreach (ref double value in direction)
                value /= norm;
        }

        return Landscapes.Directions.Of(values, Space.Dimension);
    }
}
