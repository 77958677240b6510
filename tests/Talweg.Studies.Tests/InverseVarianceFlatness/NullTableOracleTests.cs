using Talweg.Studies.InverseVarianceFlatness;
using Talweg.Studies.Running;
using Talweg.Trajectories;

namespace Talweg.Studies.Tests.InverseVarianceFlatness;

/// <summary>A cell's table of surrogates, computed anew from the surrogates of its middle window and its seed; what these are, <c>NullWindowsTests</c> says.</summary>
public sealed class NullTableOracleTests(TinyCell tiny) : IClassFixture<TinyCell>
{
    [Fact]
    public void Each_surrogate_s_modes_are_measured_as_the_real_ones()
    {
        var table = NullTable.Read(tiny.File("nulls.parquet"));
        Assert.Equal(["isotropic walk", "epoch-balanced walk", "shuffled steps"], NullTable.Names);
        for (int s = 0; s < 3; s++)
        {
            float[][] rows = Surrogate(NullTable.Names[s]);
            var (found, modes) = (table.Surrogates[s], NaiveModes.Of(rows));
            Assert.Equal(TinyCell.Weights, found.Variance.Length);
            int[] measured = [.. Enumerable.Range(0, TinyCell.NullModes).Select(i => (int)Math.Round(2 * Math.Pow(24.5, i / 10.0)))];
            Assert.Equal((2, 49), (measured[0], measured[^1]));
            for (int i = 0; i < TinyCell.Weights; i++)
            {
                Assert.Equal(modes.Variances[i], found.Variance[i], 1e-7 * modes.Variances[i] + 1e-14 * modes.Variances[0]);
                double[] theta = NaiveModes.Projection(rows, modes.Directions[i]);
                Same(NaiveModes.Straightness(theta), found.Straightness[i], 1e-4);
                Same(NaiveModes.Persistence(theta, TinyCell.PerEpoch), found.Persistence[i], 1e-4);
                // A side is found to 1e-4 of its length.
                Same(measured.Contains(i + 1) ? tiny.Valleys[1].Width(modes.Directions[i]) : null, found.Flatness[i], 3e-4);
            }
        }
    }

    private float[][] Surrogate(string name)
    {
        var recorded = new Window([.. tiny.Windows[1].SelectMany(row => row)], TinyCell.Rows, TinyCell.Weights);
        var drawn = NullWindows.Draw(name, recorded, TinyCell.PerEpoch, seed: 3);
        return [.. Enumerable.Range(0, TinyCell.Rows).Select(t => drawn.Row(t).ToArray())];
    }

    private static void Same(double? expected, double? found, double relative)
    {
        Assert.True(expected is null == found is null, $"expected {expected}, found {found}");
        if (expected is { } value)
            Assert.Equal(value, found!.Value, relative * Math.Abs(value) + 1e-5);
    }
}
