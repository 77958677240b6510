namespace Talweg.Statistics;

/// <summary>Two straight lines that meet: where a quantity's rate of change switches, as when fast learning turns into exploration.</summary>
/// <remarks>
/// The continuous curve y = v + l·min(x − c, 0) + r·max(x − c, 0) of least squared residuals. The minimum over c is exact: for each
/// division of the points it lies where the two sides' own lines cross, if they cross between the sides, and at a data point otherwise
/// (Hudson, J. Am. Stat. Assoc. 61, 1097, 1966). Each side has at least 3 points; a point at c belongs to both. For FT-1, x is the
/// epoch and y the natural logarithm of the training loss.
/// </remarks>
public sealed record ChangePoint
{
    /// <summary>c, in units of x.</summary>
    public required double Location { get; init; }

    /// <summary>v, the curve's value at c, in units of y.</summary>
    public required double Value { get; init; }

    /// <summary>l, the slope before c, in units of y over units of x.</summary>
    public required double LeftSlope { get; init; }

    /// <summary>r, the slope after c.</summary>
    public required double RightSlope { get; init; }

    /// <summary>r/l: what is left of the first slope. 1 means no change; near 0, a plateau.</summary>
    public double SlopeRatio => RightSlope / LeftSlope;

    /// <summary>1 − Σ e²/Σ (y − ȳ)²; 0 where y has no spread.</summary>
    public required double RSquared { get; init; }

    /// <summary>[(R₁ − R₂)/2]/[R₂/(n − 4)], with R₁ and R₂ the sums of squared residuals of one line and of two.</summary>
    /// <remarks>
    /// Like an F statistic, but larger by chance than F(2, n − 4) because c was chosen: of 60-point straight
    /// lines with independent normal noise 5% exceed 3.8 and 1% exceed 5.7. Correlated noise raises it further. Look here before
    /// believing in <see cref="Location"/>, which is always given.
    /// </remarks>
    public required double Improvement { get; init; }

    /// <summary>Whether c is the first or the last place where it may lie, with three points on one side: a better one may lie beyond, and little is known of that side's slope.</summary>
    public required bool IsAtEdge { get; init; }

    /// <summary>Number of points n.</summary>
    public required int Count { get; init; }

    /// <summary>The curve at <paramref name="x"/>.</summary>
    public double At(double x) => Value + (x < Location ? LeftSlope : RightSlope) * (x - Location);

    /// <summary>Finds the change point of points (x, y) of equal weight, in any order.</summary>
    /// <exception cref="ArgumentException">The lengths differ, there are fewer than 8 points, a number is not finite, or two x are equal.</exception>
    public static ChangePoint Find(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var (abscissae, ordinates) = Sorted(x, y);
        return Of(new HingeGrid(abscissae), abscissae, ordinates);
    }

    /// <summary>As <see cref="Find"/>, with bootstrap intervals for the location, the slopes and their ratio.</summary>
    /// <remarks>
    /// Neighbouring epochs are correlated, so residuals e are not resampled one by one. With ρ their lag-1 correlation, blocks of consecutive
    /// shocks e(t) − ρ e(t − 1) are drawn with replacement, round the circle, coloured again by e*(t) = ρ e*(t − 1) + shock, added to the
    /// fitted curve, and fitted anew: the moving-block bootstrap (Künsch, Ann. Statist. 17, 1217, 1989) with post-blackening (Davison and
    /// Hinkley, Bootstrap Methods and their Application, section 8.2.3, 1997). ρ is freed from its bias, first by the formula and then by what
    /// 100 resamples show, and is at most 0.95 in size; since short series know it badly, every resample has a ρ of its own, whose arcsine
    /// spreads by 1/√n about that of the estimate. Of the b = n/length blocks' degrees of freedom the fit took 4: shocks are enlarged by
    /// √(b/(b − 4)), and percentiles moved outwards to Student's t of b − 4 (Hesterberg, Am. Stat. 69, 371, 2015). On AR(1) noise of 50 to 400
    /// points and correlation 0 to 0.8, the intervals of location and ratio covered 94 to 98%. The points must be equidistant for ρ to have a
    /// meaning.
    /// </remarks>
    /// <param name="x">Abscissae: epochs.</param>
    /// <param name="y">Ordinates, as many: the logarithm of the loss.</param>
    /// <param name="random">Where the draws come from: same stream, same interval.</param>
    /// <param name="resamples">Number of resamples, 100 or more.</param>
    /// <param name="blockLength">Points a block, from 1 to an eighth of all; null for n^⅓, at most that eighth.</param>
    /// <exception cref="ArgumentException">As for <see cref="Find"/>, or the block length is out of its range.</exception>
    public static ChangePointEstimate Bootstrap(ReadOnlySpan<double> x, ReadOnlySpan<double> y, RandomStream random, int resamples = 1000, int? blockLength = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        Confidence.RequireResamples(resamples);
        var (abscissae, ordinates) = Sorted(x, y);
        if (blockLength is { } given && (given < 1 || given > x.Length / 8))
            throw new ArgumentOutOfRangeException(nameof(blockLength), given, $"A block of residuals must have from 1 to {x.Length / 8} of the {x.Length} points.");
        return new HingeBootstrap(abscissae, ordinates, blockLength).Run(random, resamples);
    }

    internal static ChangePoint Of(HingeGrid grid, double[] x, double[] y)
    {
        var hinge = grid.Fit(y);
        double one = FitQuality.Of(y, Array.ConvertAll(x, StraightLine.Fit(x, y).At)).ResidualSum;
        var two = FitQuality.Of(y, Array.ConvertAll(x, hinge.At));
        return new()
        {
            Location = hinge.Location,
            Value = hinge.Value,
            LeftSlope = hinge.Left,
            RightSlope = hinge.Right,
            RSquared = two.RSquared,
            Improvement = one > 0 ? (one - two.ResidualSum) / 2 / (two.ResidualSum / (x.Length - 4)) : 0,
            IsAtEdge = grid.IsAtEdge(hinge),
            Count = x.Length,
        };
    }

    private static (double[] X, double[] Y) Sorted(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        PairedData.Require(x, y, minimum: 8);
        double[] abscissae = x.ToArray(), ordinates = y.ToArray();
        Array.Sort(abscissae, ordinates);
        for (int i = 1; i < abscissae.Length; i++)
        {
            if (abscissae[i] == abscissae[i - 1])
                throw new ArgumentException($"A change point needs different x, but two of them are {abscissae[i]:G6}. Average their y first.", nameof(x));
        }
        return (abscissae, ordinates);
    }
}
