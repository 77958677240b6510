using static Talweg.Studies.Tests.Near;

namespace Talweg.Studies.Tests.InverseVarianceFlatness;

/// <summary>The tables of a cell's three windows, computed anew: modes by a dense SVD of the centred rows, F by bisection on a plain loss.</summary>
public sealed class ModeTableOracleTests(TinyCell tiny) : IClassFixture<TinyCell>
{
    private const int Middle = 1;

    /// <summary>A side is found to 1e-4 of its length.</summary>
    private const double Side = 3e-4;

    /// <summary>The last modes' directions are known to 1e-5 or so, and their motion with them.</summary>
    private const double Directions = 1e-4;

    [Fact]
    public void Variances_are_all_of_the_window_s_and_those_held_out_the_next_one_s()
    {
        for (int w = 0; w < 3; w++)
        {
            var (table, modes) = (tiny.Tables[w], tiny.Naive[w]);
            Assert.Equal(TinyCell.Weights, table.Count);
            for (int i = 0; i < table.Count; i++)
            {
                Assert.Equal(modes.Variances[i], table.Variance[i], Rounding(modes, i));
                Assert.Equal(w < 2, table.HeldOutVariance[i] is not null);
                if (table.HeldOutVariance[i] is { } heldOut)
                {
                    double expected = NaiveModes.Variance(NaiveModes.Projection(tiny.Windows[w + 1], modes.Directions[i]));
                    Close(expected, heldOut, Directions);
                }
            }
        }
    }

    [Fact]
    public void Drift_is_that_of_the_modes_in_their_window_and_in_the_next()
    {
        for (int w = 0; w < 3; w++)
        {
            var table = tiny.Tables[w];
            for (int i = 0; i < table.Count; i++)
            {
                double[] p = tiny.Naive[w].Directions[i];
                Motion(NaiveModes.Projection(tiny.Windows[w], p), table.Straightness[i], table.Persistence[i], table.CorrelationTime[i]);
                double[]? next = w < 2 ? NaiveModes.Projection(tiny.Windows[w + 1], p) : null;
                Motion(next, table.HeldOutStraightness[i], table.HeldOutPersistence[i], next is null ? null : NaiveModes.CorrelationTime(next));
            }
        }

        static void Motion(double[]? theta, double? straightness, double? persistence, double? time)
        {
            Close(theta is null ? null : NaiveModes.Straightness(theta), straightness, Directions);
            Close(theta is null ? null : NaiveModes.Persistence(theta, TinyCell.PerEpoch), persistence, Directions);
            Close(theta is null ? null : NaiveModes.CorrelationTime(theta), time, Directions);
        }
    }

    [Fact]
    public void Flatness_is_the_valley_s_width_around_the_window_s_last_weights()
    {
        for (int w = 0; w < 3; w++)
        {
            var table = tiny.Tables[w];
            for (int rank = 1; rank <= TinyCell.Weights; rank++)
            {
                double[] p = tiny.Naive[w].Directions[rank - 1];
                var sides = tiny.Valleys[w].Sides(p);
                Assert.Equal((sides.Left is null ? 1 : 0) + (sides.Right is null ? 1 : 0), table.OpenSides[rank - 1]);
                Close(sides.Right - sides.Left, table.Flatness[rank - 1], Side);
                var (fit, rSquared) = tiny.Valleys[w].Parabola(p, sides);
                Close(fit, table.FitFlatness[rank - 1], Side);
                Close(rSquared, table.FitRSquared[rank - 1], 1e-5);   // losses in single precision: R² errs by 6e-8
            }
        }
    }

    /// <summary>In the middle window alone: at twice the loss, and around the window's mean weights.</summary>
    [Fact]
    public void Level_2_and_the_mean_weights_are_measured_in_the_middle_window()
    {
        foreach (int w in (int[])[0, 2])
        {
            Assert.All(tiny.Tables[w].FlatnessAtLevel2, Assert.Null);
            Assert.All(tiny.Tables[w].FlatnessAroundMean, Assert.Null);
        }

        var (table, modes) = (tiny.Tables[Middle], tiny.Naive[Middle]);
        var mean = new NaiveValley(tiny.Again.After(tiny.LastEpoch(Middle)), tiny.Data.Train, TinyCell.Layer, modes.Mean);
        for (int rank = 1; rank <= TinyCell.Weights; rank++)
        {
            Close(tiny.Valleys[Middle].Width(modes.Directions[rank - 1], level: 2), table.FlatnessAtLevel2[rank - 1], Side);
            Close(mean.Width(modes.Directions[rank - 1]), table.FlatnessAroundMean[rank - 1], Side);
        }
    }

    /// <summary>Variances come from a covariance matrix in double precision: 1e-15 of the largest, a few times over.</summary>
    private static double Rounding(NaiveModes modes, int i) => 1e-7 * modes.Variances[i] + 1e-14 * modes.Variances[0];
}
