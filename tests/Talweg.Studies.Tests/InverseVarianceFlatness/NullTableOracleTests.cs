using Talweg.Studies.InverseVarianceFlatness;
using Talweg.Studies.Running;
using Talweg.Trajectories;
using static Talweg.Studies.Tests.Near;

namespace Talweg.Studies.Tests.InverseVarianceFlatness;

/// <summary>A cell's table of surrogates, computed anew from the surrogates of its middle window and its seed; what these are, <c>NullWindowsTests</c> says.</summary>
public sealed class NullTableOracleTests(TinyCell tiny) : IClassFixture<TinyCell>
{
    /// <summary>Eleven places evenly over ln rank from 2 to 49, that is 2·24.5^(i/10): 2, 2.8, 3.8, 5.2, 7.2, 9.9, 13.6, 18.8, 25.8, 35.6 and 49.</summary>
    private static readonly int[] Measured = [2, 3, 4, 5, 7, 10, 14, 19, 26, 36, 49];

    /// <summary>The last modes' directions are known to 1e-5 or so, and their motion with them.</summary>
    private const double Motion = 1e-4;

    /// <summary>A side is found to 1e-4 of its length.</summary>
    private const double Side = 3e-4;

    [Fact]
    public void Each_surrogate_s_modes_are_measured_as_the_real_ones()
    {
        var table = NullTable.Read(tiny.File("nulls.parquet"));
        Assert.Equal(["isotropic walk", "epoch-balanced walk", "shuffled steps"], NullWindows.Names);
        for (int s = 0; s < 3; s++)
        {
            float[][] rows = Surrogate(NullWindows.Names[s]);
            var (found, modes) = (table.Surrogates[s], NaiveModes.Of(rows));
            Assert.Equal(TinyCell.Weights, found.Variance.Length);
            for (int i = 0; i < TinyCell.Weights; i++)
            {
                Assert.Equal(modes.Variances[i], found.Variance[i], 1e-7 * modes.Variances[i] + 1e-14 * modes.Variances[0]);
                double[] theta = NaiveModes.Projection(rows, modes.Directions[i]);
                Close(NaiveModes.Straightness(theta), found.Straightness[i], Motion);
                Close(NaiveModes.Persistence(theta, TinyCell.PerEpoch), found.Persistence[i], Motion);
                Close(Measured.Contains(i + 1) ? tiny.Valleys[1].Width(modes.Directions[i]) : null, found.Flatness[i], Side);
            }
        }
    }

    private float[][] Surrogate(string name)
    {
        var recorded = new Window([.. tiny.Windows[1].SelectMany(row => row)], TinyCell.Rows, TinyCell.Weights);
        var drawn = NullWindows.Draw(name, recorded, TinyCell.PerEpoch, seed: 3);
        return [.. Enumerable.Range(0, TinyCell.Rows).Select(t => drawn.Row(t).ToArray())];
    }
}
