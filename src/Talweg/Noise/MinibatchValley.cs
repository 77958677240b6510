using Talweg.Statistics;

namespace Talweg.Noise;

/// <summary>The valley of one minibatch's loss along one direction: ln L^μ(θ) = ln Loss + ½·Curvature·(θ − Minimum)².</summary>
/// <param name="Minimum">θ̃^μ = −c₁/2c₂, a length in weight space.</param>
/// <param name="Curvature">M^μ = 2c₂, an inverse square length: the second derivative of ln L^μ.</param>
/// <param name="Loss">The parabola's value at its minimum, nats.</param>
/// <param name="LossAtOrigin">L₀^μ = L^μ(0), measured, nats.</param>
/// <param name="RSquared">Of the fit of ln L^μ.</param>
/// <param name="Points">How many points were fitted.</param>
public sealed record MinibatchValley(double Minimum, double Curvature, double Loss, double LossAtOrigin, double RSquared, int Points)
{
    /// <summary>A parabola through fewer points is no valley seen but one guessed: the minibatch is too steep for the grid.</summary>
    public const int FewestPoints = 7;

    /// <summary>The points where L^μ is at most this many times its least value are fitted: e.</summary>
    public const double Level = Math.E;

    /// <summary>Fits ln L ≈ c₀ + c₁θ + c₂θ² where L ≤ e·min L; the least value and the points are those of the grid.</summary>
    /// <remarks>Losses that are not finite are left out; where the least loss is 0, ln L has no parabola and no point is left.</remarks>
    /// <param name="grid">Displacements, ascending.</param>
    /// <param name="losses">L there.</param>
    /// <param name="lossAtOrigin">L(0).</param>
    internal static (MinibatchValley? Valley, ValleyEnding Ending) Fit(ReadOnlySpan<double> grid, ReadOnlySpan<double> losses, double lossAtOrigin)
    {
        double[] points = new double[grid.Length], logarithms = new double[grid.Length];
        int count = Select(grid, losses, points, logarithms);
        Array.Resize(ref points, count);
        Array.Resize(ref logarithms, count);
        if (count < FewestPoints)
            return (null, ValleyEnding.TooSteep);
        if (!logarithms.AsSpan().ContainsAnyExcept(logarithms[0]))
            return (null, ValleyEnding.Unbounded);             // flat: what rounding makes of its curvature is no valley
        var fit = Quadratic.Fit(points, logarithms);
        double minimum = -fit.C1 / (2 * fit.C2);
        if (!(fit.C2 > 0 && minimum >= grid[0] && minimum <= grid[^1]))
            return (null, ValleyEnding.Unbounded);
        return (new(minimum, 2 * fit.C2, Math.Exp(fit.At(minimum)), lossAtOrigin, fit.RSquared, count), ValleyEnding.Found);
    }

    private static int Select(ReadOnlySpan<double> grid, ReadOnlySpan<double> losses, double[] points, double[] logarithms)
    {
        double least = double.PositiveInfinity;
        foreach (double loss in losses)
        {
            if (loss < least)                                  // false where a loss is not a number
                least = loss;
        }

        int count = 0;
        for (int i = 0; i < losses.Length; i++)
        {
            if (!(losses[i] > 0 && losses[i] <= Level * least && double.IsFinite(losses[i])))
                continue;
            points[count] = grid[i];
            logarithms[count++] = Math.Log(losses[i]);
        }

        return count;
    }
}

/// <summary>How the search for a minibatch's valley ended.</summary>
internal enum ValleyEnding
{
    /// <summary>There is a valley.</summary>
    Found,

    /// <summary>Fewer than seven points of the grid lie in it.</summary>
    TooSteep,

    /// <summary>ln L does not curve upward, or its minimum lies outside the window.</summary>
    Unbounded,
}
