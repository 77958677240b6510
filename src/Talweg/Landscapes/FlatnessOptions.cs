namespace Talweg.Landscapes;

/// <summary>At what level the valley's width is taken, and whether ln L is fitted too.</summary>
public sealed record FlatnessOptions
{
    /// <summary>Points of the parabola's fit, ends included.</summary>
    public const int FitPoints = 41;

    /// <summary>The search ends at this many ‖w₀‖ on either side.</summary>
    public const double ReachInNorms = 10;

    private readonly double _level = Math.E;

    /// <summary>Level e, with the fit.</summary>
    public static FlatnessOptions Default { get; } = new();

    /// <summary>The loss that bounds the valley, in units of L₀: above 1, by default e.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a number above 1.</exception>
    public double Level
    {
        get => _level;
        init => _level = value > 1 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The level must be a finite number above 1.");
    }

    /// <summary>Whether ln L is fitted by a parabola between the sides (41 more points a direction).</summary>
    /// <remarks>These points also find bumps above the level that the search stepped over; without them a side may be a farther crossing.</remarks>
    public bool Fit { get; init; } = true;
}
