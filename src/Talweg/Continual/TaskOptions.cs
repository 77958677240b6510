using Talweg.Data;

namespace Talweg.Continual;

/// <summary>How tasks are made of a data set.</summary>
public sealed record TaskOptions
{
    private readonly double _validationShare;

    /// <summary>How pixels become inputs.</summary>
    public PixelScaling Scaling { get; init; } = PixelScaling.Unit;

    /// <summary>Training images of the data set that tasks are made of, from the first on; 0 for all.</summary>
    public int Samples { get; init; }

    /// <summary>Share of each task's training samples, drawn at random, that is put aside for validation; 0 for none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not from 0 to below 1.</exception>
    public double ValidationShare
    {
        get => _validationShare;
        init => _validationShare = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A share lies from 0 to below 1.");
    }

    /// <summary>Root of the random orders of pixels, and of the choice of validation samples.</summary>
    public long Seed { get; init; } = 1;
}
