namespace Talweg.Tests.Networks;

/// <summary>Comparison of numbers that prints the error and the allowance.</summary>
internal static class Close
{
    /// <summary>|found − expected| ≤ relative·max(|expected|, scale).</summary>
    public static void Assert(double expected, double found, double relative, double scale = 0, string what = "value")
    {
        double allowed = relative * Math.Max(Math.Abs(expected), scale);
        Xunit.Assert.True(Math.Abs(found - expected) <= allowed, $"{what}: expected {expected:G17}, found {found:G17}: off by {Math.Abs(found - expected):G3}, allowed {allowed:G3}");
    }
}
