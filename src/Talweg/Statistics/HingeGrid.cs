namespace Talweg.Statistics;

/// <summary>The best hinge through ordinates on fixed abscissae, in one pass over all places where it may lie (Hudson 1966).</summary>
/// <remarks>
/// Works in u = (x − middle)/half length, from running sums; so a fit costs O(n), and thousands of bootstrap resamples are cheap.
/// </remarks>
internal sealed class HingeGrid
{
    private const int LeastPoints = 3;

    /// <summary>Of u, whose range is 2.</summary>
    private const double Rounding = 1e-12;

    private readonly double _middle, _half;
    private readonly double[] _u;

    /// <param name="x">Strictly increasing.</param>
    public HingeGrid(double[] x)
    {
        _half = (x[^1] - x[0]) / 2;
        _middle = x[0] + _half;
        _u = Array.ConvertAll(x, value => (value - _middle) / _half);
    }

    public Hinge Fit(double[] y)
    {
        double mean = y.Average();
        double[] v = Array.ConvertAll(y, value => value - mean);
        SlopeSums[] running = RunningSums(v);
        var best = (Hinge: default(Hinge), Gain: double.NegativeInfinity);
        for (int before = LeastPoints - 1; before <= _u.Length - LeastPoints; before++)
        {
            SlopeSums left = running[before], right = Difference(running[^1], left);
            Improve(ref best, FitAt(_u[before], left, right));
            if (before < LeastPoints)
                continue;
            double crossing = Crossing(left, right);
            if (_u[before - 1] < crossing && crossing < _u[before])
                Improve(ref best, FitAt(crossing, left, right));
        }
        var hinge = best.Hinge;
        return new(_middle + _half * hinge.Location, mean + hinge.Value, hinge.Left / _half, hinge.Right / _half);
    }

    /// <summary>Whether a hinge lies at the first or the last point where it may, but for rounding.</summary>
    public bool IsAtEdge(Hinge hinge)
    {
        double u = (hinge.Location - _middle) / _half;
        return u <= _u[LeastPoints - 1] + Rounding || u >= _u[^LeastPoints] - Rounding;
    }

    /// <summary>Sums over the first k points, k = 0 … n.</summary>
    private SlopeSums[] RunningSums(double[] v)
    {
        var running = new SlopeSums[_u.Length + 1];
        for (int i = 0; i < _u.Length; i++)
            running[i + 1] = running[i] + new SlopeSums(1, _u[i], v[i], _u[i] * _u[i], _u[i] * v[i]);
        return running;
    }

    private static void Improve(ref (Hinge Hinge, double Gain) best, (Hinge Hinge, double Gain) candidate)
    {
        if (candidate.Gain > best.Gain)
            best = candidate;
    }

    /// <summary>Where the lines fitted to either side by itself meet; infinite or NaN if they are parallel.</summary>
    private static double Crossing(SlopeSums left, SlopeSums right)
    {
        double leftAtZero = (left.Y - left.Slope * left.X) / left.Count, rightAtZero = (right.Y - right.Slope * right.X) / right.Count;
        return (leftAtZero - rightAtZero) / (right.Slope - left.Slope);
    }

    private static SlopeSums Difference(SlopeSums all, SlopeSums part) =>
        new(all.Count - part.Count, all.X - part.X, all.Y - part.Y, all.XX - part.XX, all.XY - part.XY);

    /// <summary>Least squares with the hinge at c, and by how much it lowers Σ v². A point at c has no lever on either slope.</summary>
    private static (Hinge Hinge, double Gain) FitAt(double c, SlopeSums before, SlopeSums after)
    {
        var (left, right) = (Lever.About(c, before), Lever.About(c, after));
        double sum = before.Y + after.Y;
        double value = (sum - left.X * left.XY / left.XX - right.X * right.XY / right.XX)
            / (before.Count + after.Count - left.X * left.X / left.XX - right.X * right.X / right.XX);
        double leftSlope = (left.XY - left.X * value) / left.XX, rightSlope = (right.XY - right.X * value) / right.XX;
        return (new(c, value, leftSlope, rightSlope), value * sum + leftSlope * left.XY + rightSlope * right.XY);
    }

    /// <summary>Σ (u − c), Σ (u − c)² and Σ (u − c) v of one side.</summary>
    private readonly record struct Lever(double X, double XX, double XY)
    {
        public static Lever About(double c, SlopeSums side) =>
            new(side.X - c * side.Count, side.XX - 2 * c * side.X + c * c * side.Count, side.XY - c * side.Y);
    }
}
