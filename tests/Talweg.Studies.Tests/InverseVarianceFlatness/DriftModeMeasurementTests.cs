using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Storage;
using Talweg.Studies.InverseVarianceFlatness;
using Talweg.Studies.Running;
using Talweg.Trajectories;

namespace Talweg.Studies.Tests.InverseVarianceFlatness;

public sealed class DriftModeMeasurementTests
{
    private const int Layer = 2;
    private const int Samples = 104;          // ten tenths of ten, four left over
    private const int Followed = 37;
    private static readonly FullyConnected Network = FullyConnected.Of(6, 8, 7, 4);

    /// <summary>A window that drifts, with noise, towards the weights at its end: all against plain loops over the moved network.</summary>
    [Theory]
    [InlineData(1, +1)]
    [InlineData(2, -1)]
    public void A_tiny_network_is_measured_as_by_plain_loops(long seed, int sense)
    {
        var random = new RandomStream(seed, "drift mode");
        var weights = DenseWeights.Draw(Network, Initialisation.He, seed);
        var samples = Clouds(random);
        float[] end = weights.Matrices[Layer - 1];
        float[][] rows = Rows(end, sense, random);
        var space = WeightSpace.Of(Network, Layer);
        using var landscape = Landscape.Of(weights, samples, space);
        using var folder = new TemporaryFolder();
        var tables = new CellContext { Folder = folder.Path, Threads = 1, Progress = new Progress<WorkProgress>(), Cancellation = TestContext.Current.CancellationToken };
        var found = DriftModeMeasurement.Run(landscape, Window(rows), weights, samples.First(Followed), tables);

        double[] p = Naive.FirstMode(rows);
        double reach = Math.Abs(Enumerable.Range(0, p.Length).Sum(j => p[j] * ((double)rows[^1][j] - rows[0][j])));
        double[] x = [.. Enumerable.Range(0, 21).Select(i => reach * (i - 10) / 10)];
        double[][] losses = [.. x.Select(t => Naive.Losses(weights, samples, Layer, p, t))];
        var parabola = Naive.Polynomial(x, [.. losses.Select(all => Math.Log(all.Average()))], 2);
        double[][] margins = [.. Enumerable.Range(0, Followed).Select(k => x.Select(t => Margin(Naive.Logits(weights, samples.Input(k), Layer, p, t), samples.Labels[k])).ToArray())];
        var lines = margins.Select(margin => Naive.Polynomial(x, margin, 1)).ToArray();

        // The landscape's losses have relative errors near 1e-6, which ln L turns into as much, and beta into that over the reach of 1.
        Assert.Equal(-parabola.Coefficients[1], found.Beta, 1e-5);
        Assert.Equal(parabola.RSquared, found.FitRSquared, 1e-5);
        Assert.Equal(10, found.BetaOfTenths.Count);
        for (int tenth = 0; tenth < 10; tenth++)
        {
            double[] own = [.. losses.Select(all => Math.Log(all.Skip(10 * tenth).Take(10).Average()))];
            Assert.Equal(-Naive.Polynomial(x, own, 2).Coefficients[1], found.BetaOfTenths[tenth], 1e-5);
        }

        Assert.Equal(lines.Select(line => line.RSquared).Order().ElementAt(Followed / 2), found.MedianMarginRSquared, 1e-5);
        double growing = lines.Count(line => line.Coefficients[1] > 0) / (double)Followed;
        Assert.InRange(growing, 0.1, 0.9);
        Assert.Equal(growing, found.GrowingMargins, 1e-12);

        var profile = ParquetTable.Read(folder.File(DriftModeMeasurement.ProfileFile));
        var shown = ParquetTable.Read(folder.File(DriftModeMeasurement.MarginFile));
        Assert.Equal(x, profile.Doubles("displacement"), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(losses.Select(all => all.Average()), profile.Doubles("loss"), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(margins.Take(12).SelectMany(margin => margin), shown.Doubles("margin"), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    private static double Margin(double[] logits, int label) => logits[label] - logits.Where((_, n) => n != label).Max();

    private static LabelledSamples Clouds(RandomStream random)
    {
        var labels = new int[Samples];
        var inputs = new float[Samples * Network.Inputs];
        for (int k = 0; k < Samples; k++)
        {
            labels[k] = random.Next(Network.Outputs);
            for (int i = 0; i < Network.Inputs; i++)
                inputs[k * Network.Inputs + i] = (float)((i == labels[k] ? 1 : 0) + 0.5 * random.NextNormal());
        }

        return new(inputs, labels, Network.Inputs, Network.Outputs);
    }

    /// <summary>60 rows that end at the given weights, at an angle to them, towards them or back; noise a hundredth of the drift.</summary>
    private static float[][] Rows(float[] end, int sense, RandomStream random)
    {
        double[] drift = [.. end.Select(w => sense * 0.5 * w + 0.1 * random.NextNormal())];
        double norm = Math.Sqrt(Naive.Dot(drift, drift));
        return [.. Enumerable.Range(0, 60).Select(t => t == 59 ? end : [.. end.Select((w, j) => (float)(w + (t - 59) / 59.0 * drift[j] / norm + 0.01 * random.NextNormal()))])];
    }

    private static WindowModes Window(float[][] rows)
    {
        var window = new Window([.. rows.SelectMany(row => row)], rows.Length, rows[0].Length);
        var modes = PrincipalModes.Of(window, 3);
        return new()
        {
            FirstEpoch = 1,
            LastEpoch = 3,
            FirstRow = 0,
            Iterations = rows.Length,
            IterationsPerEpoch = 20,
            Modes = modes,
            Drift = ModeDrift.OfModes(modes, window, 20, 3),
            DriftProjection = modes.Projections(window, 0),
            Alignment = WeightAlignment.Of(modes.Direction(0), window.Row(rows.Length - 1)),
            HeldOutVariances = [],
            HeldOutDrift = [],
        };
    }
}
