using Talweg.Data;

namespace Talweg.Tests.Data;

public sealed class LabelledSamplesTests : IDisposable
{
    private static readonly LabelledSamples Samples = new([0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 0, 1], 2, 2);
    private static readonly PixelScaling ByChannel = new([new(10, 0.5), new(20, 0.25), new(30, 2)]);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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
    public void Class_indices_are_labels()
    {
        var images = new ImageSet("test", IdxBytes.Pixels(8), new byte[] { 0, 2, 1, 2 }, 1, 2, 3);
        var samples = new LabelledSamples(images.ToSingles(), images.ToClassIndices(), images.PixelsPerImage, images.Classes);
        Assert.Equal(LabelledSamples.Of(images).Labels, samples.Labels);
        foreach (long label in (long[])[-1, 3, 1L << 32])
        {
            Assert.StartsWith($"Labels must lie in 0 … 2, but there is a label {label}.",
                Assert.Throws<ArgumentException>(() => new LabelledSamples([1, 2], (long[])[0, label], 1, 3)).Message, StringComparison.Ordinal);
        }
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

    [Theory, InlineData(false), InlineData(true)]
    public void Beyond_the_budget_the_same_numbers_come_from_bytes_in_memory_or_in_a_file(bool inFile)
    {
        byte[] pixels = IdxBytes.Pixels(5 * 18);
        var images = inFile ? InFile(pixels) : new ImageSet("test", pixels, new byte[] { 0, 1, 1, 0, 1 }, 2, 3, 2, channels: 3);
        float[] expected = [.. pixels.Select((pixel, i) => Scaled(pixel, i / 6 % 3))];
        var kept = LabelledSamples.Of(new ImageSet("test", pixels, images.Labels, 2, 3, 2, channels: 3), ByChannel, budget: 5 * 18 * sizeof(float));
        var streamed = LabelledSamples.Of(images, ByChannel, budget: 5 * 18 * sizeof(float) - 1);
        Assert.Equal((true, false), (kept.IsInMemory, streamed.IsInMemory));
        Assert.Equal(expected, kept.Inputs);
        Assert.Equal(expected, All(streamed));
        Assert.Equal(expected, All(kept));
        Assert.Equal(expected.AsSpan(18, 18), streamed.Input(1));
        Assert.Equal(expected[..36], All(streamed.First(2)));
        Assert.Equal([0, 1, 1, 0, 1], streamed.Labels);
        float[] two = new float[36];
        streamed.Read([4, 0], two);
        Assert.Equal([.. expected[72..], .. expected[..18]], two);
        Assert.Contains("would take 360 bytes of memory: read them piece by piece with Read", Assert.Throws<InvalidOperationException>(() => streamed.Inputs).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_short_while_it_is_used_is_named()
    {
        var images = InFile(IdxBytes.Pixels(5 * 18));
        string path = _folder["pixels"];
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(50);
        var samples = LabelledSamples.Of(images, budget: 0);
        Assert.Equal($"{path}: pixels: found the end of the file at byte 50, expected 97 bytes; remove the file, and it will be made again",
            Assert.Throws<InputException>(() => All(samples)).Message);
    }

    [Fact]
    public void Three_scalings_do_not_fit_grey_images() =>
        Assert.Contains("scalings for 3 channels, but test has 1", Assert.Throws<ArgumentException>(() =>
            LabelledSamples.Of(new("test", new byte[2], new byte[2], 1, 1, 2), ByChannel)).Message, StringComparison.Ordinal);

    private static float Scaled(byte pixel, int channel) => channel switch
    {
        0 => (float)((pixel - 10) * 0.5),
        1 => (float)((pixel - 20) * 0.25),
        _ => (float)((pixel - 30) * 2.0),
    };

    private static float[] All(LabelledSamples samples)
    {
        float[] inputs = new float[samples.Count * samples.Width];
        samples.Read(0, samples.Count, inputs);
        return inputs;
    }

    private ImageSet InFile(byte[] pixels)
    {
        string path = _folder.Write("pixels", [1, 2, 3, 4, 5, 6, 7, .. pixels]);
        var file = File.OpenHandle(path, share: FileShare.ReadWrite);
        return new("test", new FilePixels(file, path, 7, pixels.Length), new byte[] { 0, 1, 1, 0, 1 }, 2, 3, 2, 3);
    }
}
