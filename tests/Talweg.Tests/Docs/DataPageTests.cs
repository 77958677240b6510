using Talweg.Data;
using PictureBytes = Talweg.Tests.Data.PictureBytes;

#pragma warning disable xUnit1051 // an example does without a way to stop it

namespace Talweg.Tests.Docs;

/// <summary>The examples of docs/data.md, as they stand there.</summary>
public sealed class DataPageTests : PageTests
{
    [Fact]
    public void Digits()
    {
        Dataset digits = Datasets.Load("digits");
        float[] inputs = digits.Train.ToSingles();           // [60000, 784], 0 to 1
        long[] classes = digits.Train.ToClassIndices();      // [60000]
        float[] centred = digits.Test.ToSingles(PixelScaling.Standardised(digits.Train));

        Assert.Equal((60_000 * 784, 60_000, 10_000 * 784), (inputs.Length, classes.Length, centred.Length));
    }

    [Fact]
    public void Pictures()
    {
        string folder = Temporary("pictures");
        foreach (string name in (string[])["a", "b"])
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            for (int i = 0; i < 40; i++)
                File.WriteAllBytes(Path.Combine(folder, name, $"{i}.png"), PictureBytes.Png(PictureBytes.Values(i, 3, 40, 30), 3, 40, 30));
        }

        Dataset pictures = Datasets.Load($"folder:{folder},size=32");
        PixelScaling scaling = PixelScaling.StandardisedByChannel(pictures.Train);
        LabelledSamples samples = LabelledSamples.Of(pictures.Train, scaling);
        float[] batch = new float[50 * samples.Width];
        samples.Read(first: 0, count: 50, batch);            // or Read(indices, batch)

        var own = new LabelledSamples(pictures.Train.ToSingles(scaling), pictures.Train.ToClassIndices(), pictures.Train.PixelsPerImage, pictures.Train.Classes);

        Assert.Equal(samples.Inputs, own.Inputs);
        Assert.Equal(samples.Labels, own.Labels);
        Assert.Equal((64, 16, 3072), (pictures.Train.Count, pictures.Test.Count, samples.Width));
        Assert.Equal(pictures.Train.First(50).ToSingles(scaling), batch);
    }
}
