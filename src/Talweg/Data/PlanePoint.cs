namespace Talweg.Data;

/// <summary>A point or vector of the drawing plane: x to the right, y down.</summary>
internal readonly record struct PlanePoint(double X, double Y)
{
    public static PlanePoint operator +(PlanePoint a, PlanePoint b) => new(a.X + b.X, a.Y + b.Y);

    public static PlanePoint operator -(PlanePoint a, PlanePoint b) => new(a.X - b.X, a.Y - b.Y);

    public static PlanePoint operator *(double factor, PlanePoint a) => new(factor * a.X, factor * a.Y);

    /// <summary>The Euclidean inner product.</summary>
    public double Dot(PlanePoint other) => X * other.X + Y * other.Y;
}
