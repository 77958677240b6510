namespace Talweg.Statistics;

/// <summary>The curve Value + Left·min(x − Location, 0) + Right·max(x − Location, 0).</summary>
internal readonly record struct Hinge(double Location, double Value, double Left, double Right)
{
    public double At(double x) => Value + (x < Location ? Left : Right) * (x - Location);
}
