namespace Talweg.Studies.Tests;

/// <summary>A number found beside the one expected.</summary>
internal static class Near
{
    /// <summary>Both are there or neither, and they differ by no more than a share of the expected one.</summary>
    /// <param name="expected">The oracle's.</param>
    /// <param name="found">The library's.</param>
    /// <param name="relative">That share.</param>
    /// <param name="absolute">What they may differ by besides: for numbers that may be 0.</param>
    public static void Close(double? expected, double? found, double relative, double absolute = 0)
    {
        Assert.True(expected is null == found is null, $"expected {expected}, found {found}");
        if (expected is { } value)
            Assert.True(Math.Abs(found!.Value - value) <= relative * Math.Abs(value) + absolute, $"{found} is not {value} within {relative}");
    }
}
