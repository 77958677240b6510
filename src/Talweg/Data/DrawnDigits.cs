using Talweg.Statistics;

namespace Talweg.Data;

/// <summary>The data set `digits`: 28 × 28 images of ten digits that Talweg draws itself, the same bytes on every machine.</summary>
public static class DrawnDigits
{
    /// <summary>Raised whenever a byte of the data set changes; part of its folder's name in the cache.</summary>
    public const int Version = 1;

    /// <summary>Images in the training set.</summary>
    public const int TrainCount = 60_000;

    /// <summary>Images in the test set.</summary>
    public const int TestCount = 10_000;

    /// <summary>The checksum of the whole set (<see cref="Dataset.Checksum"/>); a cache that differs is drawn anew.</summary>
    public const string Checksum = "cff28c7e6e2139619d75393a40fb60fffe2b4f0bbad42d57746030f7532e71c7";

    private const int Pixels = DigitCanvas.Size * DigitCanvas.Size;

    /// <summary>Draws the first <paramref name="count"/> training images.</summary>
    public static ImageSet DrawTrain(int count = TrainCount, CancellationToken cancellation = default) =>
        Draw("train", count, DigitStyle.Standard, cancellation);

    /// <summary>Draws the first <paramref name="count"/> test images.</summary>
    public static ImageSet DrawTest(int count = TestCount, CancellationToken cancellation = default) =>
        Draw("test", count, DigitStyle.Standard, cancellation);

    /// <summary>Draws on all cores; every image has its own random stream, so neither their number nor the order matters.</summary>
    internal static ImageSet Draw(string part, int count, DigitStyle style, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        byte[] pixels = new byte[count * Pixels], labels = new byte[count];
        var options = new ParallelOptions { CancellationToken = cancellation };
        Parallel.For(0, count, options, () => new DigitCanvas(), (i, _, canvas) =>
        {
            var random = new RandomStream(Version, $"digits/{part}/{i}");
            labels[i] = (byte)random.Next(10);
            DrawOne(labels[i], canvas, random, style);
            canvas.CopyTo(pixels.AsSpan(i * Pixels, Pixels));
            return canvas;
        }, _ => { });
        return new($"digits {part}", pixels, labels, DigitCanvas.Size, DigitCanvas.Size, classes: 10);
    }

    private static void DrawOne(int digit, DigitCanvas canvas, RandomStream random, DigitStyle style)
    {
        canvas.Clear();
        var ways = DigitGlyphs.Of(digit);
        var hand = new Handwriting(random, style);
        double radius = Handwriting.Between(random, style.Radius), ink = Handwriting.Between(random, style.Ink);
        foreach (var stroke in ways[random.Next(ways.Length)])
            canvas.Draw(hand.Write(stroke), radius, ink);
        Rub(canvas, random, style.Gaps);
        Scratch(canvas, random, style.Scratches);
        Roughen(canvas, random, style.Grain);
        Speckle(canvas, random, style.Speckles);
    }

    private static void Rub(DigitCanvas canvas, RandomStream random, int most)
    {
        for (int left = random.Next(most + 1); left > 0; left--)
            canvas.Erase(Anywhere(random, 6, 21), radius: Handwriting.Between(random, (0.5, 1.8)));
    }

    private static void Scratch(DigitCanvas canvas, RandomStream random, int most)
    {
        for (int left = random.Next(most + 1); left > 0; left--)
        {
            var start = Anywhere(random, 1, 26);
            var turn = start + Step(random, 4);
            canvas.Draw([start, turn, turn + Step(random, 4)], radius: Handwriting.Between(random, (0.2, 0.8)), ink: Handwriting.Between(random, (0.3, 0.9)));
        }
    }

    private static void Roughen(DigitCanvas canvas, RandomStream random, double grain)
    {
        for (int i = 0; i < Pixels; i++)
            if (canvas[i] > 0)
                canvas[i] *= 1 - grain * random.NextDouble();
    }

    private static void Speckle(DigitCanvas canvas, RandomStream random, int most)
    {
        for (int left = random.Next(most + 1); left > 0; left--)
        {
            int pixel = random.Next(Pixels);
            canvas[pixel] = Math.Max(canvas[pixel], Handwriting.Between(random, (0.2, 0.8)));
        }
    }

    private static PlanePoint Anywhere(RandomStream random, double low, double high) =>
        new(Handwriting.Between(random, (low, high)), Handwriting.Between(random, (low, high)));

    private static PlanePoint Step(RandomStream random, double reach) =>
        new(Handwriting.Within(random, reach), Handwriting.Within(random, reach));
}
