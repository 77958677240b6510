using Talweg.Statistics;

namespace Talweg.Data;

/// <summary>One hand: the slant, size, place and small bends that one drawn digit gets.</summary>
/// <remarks>See <see cref="DigitCanvas"/> for why there is no sine here: a rotation is drawn as (1 − t², 2t)/(1 + t²).</remarks>
internal sealed class Handwriting
{
    private const int GridSide = 4;                            // bends: displacements on a 4 × 4 grid over the box, bilinear between
    private const int StepsPerSpan = 5;

    private readonly PlanePoint[] _bends = new PlanePoint[GridSide * GridSide];
    private readonly PlanePoint _columnX, _columnY, _centre;
    private readonly double _tremble;
    private readonly RandomStream _random;

    public Handwriting(RandomStream random, DigitStyle style)
    {
        _random = random;
        for (int i = 0; i < _bends.Length; i++)
            _bends[i] = new(Within(random, style.Bend), Within(random, style.Bend));
        double t = Within(random, style.HalfTurn), cos = (1 - t * t) / (1 + t * t), sin = 2 * t / (1 + t * t);
        double shear = Within(random, style.Shear);
        double height = Between(random, style.Height), width = height * Between(random, style.Aspect);
        _columnX = width * new PlanePoint(cos, sin);
        _columnY = height * new PlanePoint(-sin - shear * cos, cos - shear * sin);
        double middle = (DigitCanvas.Size - 1) / 2.0;
        _centre = new(middle + Within(random, style.Shift), middle + Within(random, style.Shift));
        _tremble = style.Tremble;
    }

    /// <summary>The path of the pen, in pixels: a Catmull–Rom curve through the bent and trembling points of <paramref name="skeleton"/>.</summary>
    public PlanePoint[] Write(PlanePoint[] skeleton)
    {
        var knots = new PlanePoint[skeleton.Length];
        for (int i = 0; i < knots.Length; i++)
        {
            bool joint = i == 0 || i == knots.Length - 1;      // strokes meet at their ends: no tremble there
            var tremble = joint ? default : new PlanePoint(Within(_random, _tremble), Within(_random, _tremble));
            knots[i] = Place(skeleton[i] + tremble);
        }
        return Smooth(knots);
    }

    /// <summary>A uniform number within ± <paramref name="reach"/>.</summary>
    public static double Within(RandomStream random, double reach) => reach * (2 * random.NextDouble() - 1);

    /// <summary>A uniform number in a range.</summary>
    public static double Between(RandomStream random, (double Low, double High) range) =>
        range.Low + (range.High - range.Low) * random.NextDouble();

    private PlanePoint Place(PlanePoint p)
    {
        var bent = p + BendAt(p);
        return _centre + bent.X * _columnX + bent.Y * _columnY;
    }

    private PlanePoint BendAt(PlanePoint p)
    {
        double x = Math.Clamp(p.X + 0.5, 0, 1) * (GridSide - 1), y = Math.Clamp(p.Y + 0.5, 0, 1) * (GridSide - 1);
        int column = Math.Min((int)x, GridSide - 2), row = Math.Min((int)y, GridSide - 2);
        double right = x - column, down = y - row;
        int corner = row * GridSide + column;
        return (1 - down) * ((1 - right) * _bends[corner] + right * _bends[corner + 1])
            + down * ((1 - right) * _bends[corner + GridSide] + right * _bends[corner + GridSide + 1]);
    }

    private static PlanePoint[] Smooth(PlanePoint[] knots)
    {
        var path = new PlanePoint[(knots.Length - 1) * StepsPerSpan + 1];
        for (int span = 0; span + 1 < knots.Length; span++)
        {
            var (a, b) = (knots[span], knots[span + 1]);
            var slopeA = 0.5 * (b - knots[Math.Max(span - 1, 0)]);
            var slopeB = 0.5 * (knots[Math.Min(span + 2, knots.Length - 1)] - a);
            for (int step = 0; step < StepsPerSpan; step++)
                path[span * StepsPerSpan + step] = Hermite(a, b, slopeA, slopeB, step / (double)StepsPerSpan);
        }
        path[^1] = knots[^1];
        return path;
    }

    private static PlanePoint Hermite(PlanePoint a, PlanePoint b, PlanePoint slopeA, PlanePoint slopeB, double t)
    {
        double u = 1 - t;
        return u * u * (1 + 2 * t) * a + t * t * (3 - 2 * t) * b + t * u * u * slopeA - t * t * u * slopeB;
    }
}
