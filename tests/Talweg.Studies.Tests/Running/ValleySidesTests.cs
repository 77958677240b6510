using Talweg.Landscapes;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.Running;

public sealed class ValleySidesTests
{
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(0, 0, 2)]
    public void A_side_along_which_the_loss_does_not_rise_counts_as_not_found(double left, double right, int count)
    {
        var found = Flatness.Measure(at => [.. at.Select(t => 1 + (t < 0 ? left : right) * t * t)], lossAtOrigin: 1, reach: 10);
        Assert.Equal((left > 0, right > 0), (found.Left is not null, found.Right is not null));
        Assert.Equal(count, ValleySides.NotFound(found));
    }
}
