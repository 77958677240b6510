namespace Talweg.Data;

/// <summary>How varied and how dirty the drawn digits are. These numbers set how hard they are to learn, as docs/data.md measures.</summary>
internal sealed record DigitStyle
{
    /// <summary>The style of the data set `digits`.</summary>
    public static DigitStyle Standard { get; } = new();

    /// <summary>Largest tan(angle/2) of the rotation.</summary>
    public double HalfTurn { get; init; } = 0.16;

    /// <summary>Largest slant, width per height.</summary>
    public double Shear { get; init; } = 0.3;

    /// <summary>Height of the digit, pixels.</summary>
    public (double, double) Height { get; init; } = (15, 21);

    /// <summary>Width of the box over its height.</summary>
    public (double, double) Aspect { get; init; } = (0.75, 1.15);

    /// <summary>Largest displacement of the centre along each axis, pixels.</summary>
    public double Shift { get; init; } = 2;

    /// <summary>Largest smooth displacement, in units of the box.</summary>
    public double Bend { get; init; } = 0.11;

    /// <summary>Largest displacement of single points inside a stroke, in units of the box.</summary>
    public double Tremble { get; init; } = 0.04;

    /// <summary>Radius of the pen, pixels.</summary>
    public (double, double) Radius { get; init; } = (0.6, 1.5);

    /// <summary>Darkness of a stroke.</summary>
    public (double, double) Ink { get; init; } = (0.6, 1.0);

    /// <summary>Largest relative loss of ink at a pixel.</summary>
    public double Grain { get; init; } = 0.35;

    /// <summary>At most so many speckles, single grey pixels.</summary>
    public int Speckles { get; init; } = 12;

    /// <summary>At most so many short strokes that mean nothing.</summary>
    public int Scratches { get; init; } = 2;

    /// <summary>At most so many small gaps rubbed into the drawing.</summary>
    public int Gaps { get; init; } = 2;
}
