namespace Talweg.Landscapes;

/// <summary>Finds the nearest points on either side of 0 where ln L rises to the level, by bracketing and root finding.</summary>
/// <remarks>
/// Both sides advance together, two points a side and round, because the kernel computes four displacements at the price of one.
/// A first guess comes from a parabola through 0 and two near points; from it the search walks outward by factors of 1.25 (inward
/// if the guess is already above the level) until the level lies between two points, then closes in with the secant of a parabola.
/// A bracket that does not close in <see cref="MostRounds"/> rounds gives no crossing: the loss jumps over the level right beside 0, or is no function of the
/// displacement. The guess's own limits only say where the walk begins, and change no ending.
/// </remarks>
internal static class ValleySearch
{
    /// <summary>Each side is found to this fraction of its own length.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>Rounds in which a bracket must close: every fourth one thirds it, so that 60 are enough wherever its lower end is not 0.</summary>
    public const int MostRounds = 60;

    /// <summary>The walk's factor (measures.md, Flatness).</summary>
    private const double Step = 1.25;

    /// <param name="excess">ln L − ln(level·L₀) at the given displacements.</param>
    /// <param name="excessAtOrigin">Its value at 0: −ln level.</param>
    /// <param name="reach">The farthest displacement.</param>
    /// <returns>The distances −θₗ and θᵣ, and how the search for each ended.</returns>
    public static (ValleySide Left, ValleySide Right) Run(Func<double[], double[]> excess, double excessAtOrigin, double reach)
    {
        var (leftGuess, rightGuess) = FirstGuess(excess, excessAtOrigin, reach);
        var left = new Side(excessAtOrigin, reach, leftGuess);
        var right = new Side(excessAtOrigin, reach, rightGuess);
        while (!left.Done || !right.Done)
        {
            double[] points = [.. left.Done ? [] : left.Points.Select(x => -x), .. right.Done ? [] : right.Points];
            double[] values = excess(points);
            if (!left.Done)
                left.Take(values[..2]);
            if (!right.Done)
                right.Take(values[^2..]);
        }

        return (left.Result, right.Result);
    }

    /// <summary>Moves a side inward where a scan from −left to right already crosses the level nearer to 0.</summary>
    public static (ValleySide Left, ValleySide Right) Nearest(Func<double[], double[]> excess, double[] points, double[] values, ValleySide left, ValleySide right)
    {
        int last = points.Length - 1;
        int inside = Array.FindIndex(points, point => point >= 0);
        for (int i = inside; i < last; i++)
        {
            if (!(values[i] < 0))
            {
                right = Close(excess, Math.Max(points[i - 1], 0), points[i], values[i], 1);
                break;
            }
        }

        for (int i = inside - 1; i > 0; i--)
        {
            if (!(values[i] < 0))
            {
                left = Close(excess, Math.Max(-points[i + 1], 0), -points[i], values[i], -1);
                break;
            }
        }

        return (left, right);
    }

    private static ValleySide Close(Func<double[], double[]> excess, double low, double high, double highValue, int sign)
    {
        var side = new Side(low == 0 ? double.NegativeInfinity : excess([sign * low])[0], low, high, highValue);
        while (!side.Done)
            side.Take(excess([.. side.Points.Select(x => sign * x)]));
        return side.Result;
    }

    private static (double Left, double Right) FirstGuess(Func<double[], double[]> excess, double excessAtOrigin, double reach)
    {
        double h = reach / 1000;
        double[] f = excess([-4 * h, -h, h, 4 * h]);
        int far = f[0] < 0 && f[3] < 0 ? 4 : 1;
        double minus = (far == 4 ? f[0] : f[1]) - excessAtOrigin;
        double plus = (far == 4 ? f[3] : f[2]) - excessAtOrigin;
        double distance = far * h;
        double curvature = (plus + minus) / (2 * distance * distance);
        double gradient = (plus - minus) / (2 * distance);
        return (Root(-gradient), Root(gradient));

        double Root(double b)
        {
            // c·t² + b·t = ln level, t > 0; a little inside, so that the walk's first step is likely to cross.
            double discriminant = b * b - 4 * curvature * excessAtOrigin;
            double t = curvature > 0 ? (Math.Sqrt(discriminant) - b) / (2 * curvature) : b > 0 ? -excessAtOrigin / b : 10 * h;
            return double.IsFinite(t) && t > 0 ? Math.Clamp(t / Math.Sqrt(Step), h / 100, reach) : 10 * h;
        }
    }

    /// <summary>The search on one side of 0, on distances x &gt; 0.</summary>
    private sealed class Side
    {
        private readonly double _reach;
        private double _low;
        private double _lowValue;
        private double _high = double.PositiveInfinity;
        private double _highValue;
        private int _rounds;

        public Side(double valueAtOrigin, double reach, double guess)
        {
            _lowValue = valueAtOrigin;
            _reach = reach;
            Points = [guess, Math.Min(Step * guess, reach)];
        }

        public Side(double lowValue, double low, double high, double highValue)
        {
            (_low, _lowValue, _high, _highValue, _reach) = (low, lowValue, high, highValue, high);
            Points = [];
            Close();
        }

        public bool Done { get; private set; }

        /// <summary>How it ended, once it is done.</summary>
        public ValleySide Result { get; private set; }

        /// <summary>The two distances, ascending, whose values the search wants next.</summary>
        public double[] Points { get; private set; }

        public void Take(double[] values)
        {
            for (int i = 0; i < Points.Length; i++)
            {
                if (values[i] < 0)
                {
                    if (Points[i] > _low && Points[i] < _high)
                        (_low, _lowValue) = (Points[i], values[i]);
                }
                else if (Points[i] < _high)
                {
                    // Not below the level, or not a number: either way the valley ends before here.
                    (_high, _highValue) = (Points[i], values[i]);
                    break;
                }
            }

            if (double.IsPositiveInfinity(_high))
                WalkOut();
            else if (_low == 0 && _high > _reach * 1e-9)
                Points = [_high / (Step * Step), _high / Step];
            else
                Close();
        }

        private void WalkOut()
        {
            if (_low >= _reach)
                End(SideEnding.Open, null);
            else
                Points = [Math.Min(_low * Step, _reach), Math.Min(_low * Step * Step, _reach)];
        }

        private void Close()
        {
            if (_high - _low <= 0.5 * Tolerance * _high)
            {
                End(SideEnding.Found, Secant());
                return;
            }

            if (++_rounds > MostRounds)
            {
                End(SideEnding.RoundLimit, null);
                return;
            }

            double width = (_high - _low) / _high;
            double estimate = Secant();
            // Every fourth round thirds the bracket, in case the secant keeps to one side.
            double margin = 0.15 * width * width * _high;
            Points = _rounds % 4 == 0 || !double.IsFinite(_highValue) || !double.IsFinite(_lowValue)
                ? [_low + (_high - _low) / 3, _low + 2 * (_high - _low) / 3]
                : [Math.Max(estimate - margin, _low + 0.01 * margin), Math.Min(estimate + margin, _high - 0.01 * margin)];
        }

        private void End(SideEnding ending, double? distance)
        {
            Done = true;
            Result = new(ending, distance);
        }

        /// <summary>Where a parabola c·x² + const through the bracket's ends crosses the level: valleys of ln L are nearly such.</summary>
        private double Secant()
        {
            double share = -_lowValue / (_highValue - _lowValue);
            if (!double.IsFinite(share))
                share = 0.5;
            return Math.Sqrt(_low * _low + (_high * _high - _low * _low) * share);
        }
    }
}
