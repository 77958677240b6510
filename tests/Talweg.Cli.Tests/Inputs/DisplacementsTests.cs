using CsCheck;
using Talweg.Cli.Inputs;

namespace Talweg.Cli.Tests.Inputs;

public sealed class DisplacementsTests
{
    [Fact]
    public void A_range_has_its_ends_its_count_and_its_middle_exactly()
    {
        double[] points = Displacements.Parse("-1:1:41");
        Assert.Equal((41, -1.0, 0.0, 1.0, -0.95), (points.Length, points[0], points[20], points[40], points[1]));
    }

    [Fact]
    public void A_list_keeps_its_order() => Assert.Equal([0.2, -1e-3, 0], Displacements.Parse("0.2,-1e-3,0"));

    [Fact]
    public void Equal_ends_may_be_asked_for_once() => Assert.Equal([0.5], Displacements.Parse("0.5:0.5:1"));

    [Fact]
    public void A_range_is_equidistant_between_its_ends() =>
        Gen.Select(Gen.Double[-10, 10], Gen.Double[-10, 10], Gen.Int[2, 50]).Sample((first, last, count) =>
        {
            double[] points = Displacements.Parse($"{first:R}:{last:R}:{count}");
            double step = (last - first) / (count - 1);
            return points[0] == first && points[^1] == last && points.Zip(points.Skip(1), (a, b) => Math.Abs(b - a - step)).All(d => d < 1e-13);   // a few roundings of numbers up to 10
        });

    [Theory]
    [InlineData("", "found '', expected a finite number")]
    [InlineData("1:2", "expected FIRST:LAST:COUNT such as -1:1:41")]
    [InlineData("1:2:3:4", "expected FIRST:LAST:COUNT such as -1:1:41")]
    [InlineData("0:1:0", "COUNT: found '0', expected a whole number from 1 to 100000")]
    [InlineData("0:1:x", "COUNT: found 'x'")]
    [InlineData("0:1:1", "COUNT: found 1, expected at least 2")]
    [InlineData("0,,1", "number: found ''")]
    [InlineData("0,nan", "number: found 'nan'")]
    [InlineData("0:Infinity:3", "number: found 'Infinity'")]
    public void What_is_wrong_is_named(string text, string message) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => Displacements.Parse(text)).Message, StringComparison.Ordinal);
}
