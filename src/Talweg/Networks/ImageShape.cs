namespace Talweg.Networks;

/// <summary>What flows between two layers, a sample: channels of images, or so many numbers where rows and columns are 1.</summary>
/// <param name="Channels">Of an image, or the number of numbers.</param>
/// <param name="Rows">Height.</param>
/// <param name="Columns">Width.</param>
public readonly record struct ImageShape(int Channels, int Rows, int Columns)
{
    /// <summary>Numbers a sample.</summary>
    public int Length => checked(Channels * Rows * Columns);

    /// <summary>3x32x32.</summary>
    public override string ToString() => $"{Channels}x{Rows}x{Columns}";
}
