using Talweg.Data;

namespace Talweg.Tests.Data;

public sealed class LabelledSamplesTests
{
    private static readonly LabelledSamples Samples = new([0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 0, 1], 2, 2);

    [Fact]
    public void Samples_are_read_in_their_order_or_in_any()
    {
        float[] inputs = new float[4];
        Samples.Read(1, 2, inputs);
        Assert.Equal([2, 3, 4, 5], inputs);
        Samples.Read([3, 3], inputs);
        Assert.Equal([6, 7, 6, 7], inputs);
        Samples.Read([], []);
        Samples.Read(4, 0, []);
    }

    [Fact]
    public void Samples_that_are_not_there_and_room_of_another_size_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Samples.Read(-1, 1, new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Samples.Read(3, 2, new float[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Samples.Read(int.MaxValue, int.MaxValue, new float[4]));
        Assert.Contains("There are 4 samples, numbered from 0", Assert.Throws<ArgumentOutOfRangeException>(() => Samples.Read([0, 4], new float[4])).Message, StringComparison.Ordinal);
        Assert.Contains("2 samples of width 2 need room for 4 numbers, but there is room for 5", Assert.Throws<ArgumentException>(() => Samples.Read(0, 2, new float[5])).Message, StringComparison.Ordinal);
        Assert.Contains("but there is room for 3", Assert.Throws<ArgumentException>(() => Samples.Read([0, 1], new float[3])).Message, StringComparison.Ordinal);
    }
}
