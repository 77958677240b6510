using Talweg.Statistics;
using Talweg.Training.Updates;

namespace Talweg.Tests.Training;

/// <summary>Arrays of every length around one, two and three vectors, number by number; beyond the end nothing is written.</summary>
public sealed class LanesTests
{
    private const float Untouched = 77;

    public static TheoryData<int> Lengths => [1, 2, 15, 16, 17, 31, 32, 33, 47, 48, 49];

    [Theory, MemberData(nameof(Lengths))]
    public void An_array_is_added(int length)
    {
        float[] summand = Draw(length, 1), target = Draw(length, 2), buffer = [.. target, Untouched];
        Lanes.Add(summand, buffer.AsSpan(0, length));
        Assert.Equal([.. target.Zip(summand, (a, b) => a + b), Untouched], buffer);
    }

    [Theory, MemberData(nameof(Lengths))]
    public void An_array_is_taken_away(int length)
    {
        float[] minuend = Draw(length, 1), subtrahend = Draw(length, 2), buffer = [.. Draw(length, 3), Untouched];
        Lanes.Subtract(minuend, subtrahend, buffer.AsSpan(0, length));
        Assert.Equal([.. minuend.Zip(subtrahend, (a, b) => a - b), Untouched], buffer);
    }

    /// <summary>Rounded once, as a fused product and sum is.</summary>
    [Theory, MemberData(nameof(Lengths))]
    public void A_multiple_of_an_array_is_added(int length)
    {
        float[] summand = Draw(length, 1), target = Draw(length, 2), buffer = [.. target, Untouched];
        Lanes.AddScaled(summand, -0.3f, buffer.AsSpan(0, length));
        Assert.Equal([.. target.Zip(summand, (a, b) => (float)(a + (double)-0.3f * b)), Untouched], buffer);
    }

    private static float[] Draw(int length, long seed)
    {
        var random = new RandomStream(seed, "lanes");
        return [.. Enumerable.Range(0, length).Select(_ => (float)random.NextNormal())];
    }
}
