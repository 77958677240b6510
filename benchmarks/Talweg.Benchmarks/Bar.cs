using System.Globalization;

namespace Talweg.Benchmarks;

/// <summary>What a median must reach, or stay below.</summary>
/// <param name="Value">The bar.</param>
/// <param name="IsCeiling">Whether it is to be stayed below.</param>
internal sealed record Bar(double Value, bool IsCeiling)
{
    public static Bar AtLeast(double value) => new(value, IsCeiling: false);

    public static Bar Below(double value) => new(value, IsCeiling: true);

    public bool IsMetBy(double median) => IsCeiling ? median < Value : median >= Value;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsCeiling ? "<" : "≥")} {Value:G4}");
}
