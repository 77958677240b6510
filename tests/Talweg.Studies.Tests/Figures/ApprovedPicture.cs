using System.Runtime.CompilerServices;
using System.Xml.Linq;
using SkiaSharp;

namespace Talweg.Studies.Tests.Figures;

/// <summary>Pictures that somebody looked at and approved, half as wide as figures are, the words in them, and how far another one is from them.</summary>
/// <remarks>
/// Rasterisers differ in how dark they draw the edges of letters and lines, within a pixel: both pictures are blurred by a square of 5 × 5 pixels, and a pixel counts where a channel is off by more than 24 of 255 then. On one
/// machine the share of such pixels is 0; all edges a third of a pixel elsewhere, which is more than hinting and smoothing do, make it less than the bound. The tests' changes make it twice the bound and more.
/// </remarks>
internal static class ApprovedPicture
{
    public const double Bound = 0.0006;

    /// <summary>Set: what is drawn now is approved. To be looked at before it is committed.</summary>
    private const string Approve = "TALWEG_APPROVE_FIGURES";

    private const int Width = 640, Radius = 2, Noticeable = 24;

    private static string Folder { get; } = Path.Combine(Path.GetDirectoryName(Here())!, "Approved");

    /// <summary>Fails where a figure's picture or words are not the approved ones, and leaves the picture beside the other as NAME.found.png.</summary>
    /// <param name="name">The figure's.</param>
    /// <param name="path">Of its files, without their endings.</param>
    public static void Assert(string name, string path)
    {
        string approved = Path.Combine(Folder, name + ".png"), found = Path.Combine(Folder, name + ".found.png");
        using var picture = Small(path + ".png");
        File.Delete(found);
        if (Environment.GetEnvironmentVariable(Approve) is { Length: > 0 })
        {
            Write(picture, approved);
            File.WriteAllLines(WordsFile(name), Words(path));
            return;
        }

        Xunit.Assert.True(File.Exists(approved), $"No picture '{name}' is approved: run this test with {Approve}=1, look at {approved}, and commit it.");
        Xunit.Assert.Equal(ApprovedWords(name), Words(path));
        double share = Difference(name, picture);
        if (share > Bound)
            Write(picture, found);
        Xunit.Assert.True(share <= Bound, FormattableString.Invariant($"{share:P2} of the pixels are not those of {approved}, see {found}. Where that is better, run this test with {Approve}=1, look at it, and commit it."));
    }

    /// <summary>Titles, labels, legends and the numbers at the axes, as the drawing has them.</summary>
    public static string[] Words(string path) => [.. XDocument.Load(path + ".svg").Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value.Trim())];

    public static string[] ApprovedWords(string name) => File.ReadAllLines(WordsFile(name));

    private static string WordsFile(string name) => Path.Combine(Folder, name + ".txt");

    /// <summary>The share of pixels that differ noticeably from the approved ones; 1 for another size.</summary>
    public static double Difference(string name, SKBitmap picture)
    {
        using var approved = SKBitmap.Decode(Path.Combine(Folder, name + ".png"));
        if ((approved.Width, approved.Height) != (picture.Width, picture.Height))
            return 1;
        byte[][] one = Blurred(approved), other = Blurred(picture);
        int pixels = approved.Width * approved.Height;
        return Enumerable.Range(0, pixels).Count(pixel => Enumerable.Range(0, 3).Any(channel => Math.Abs(one[channel][pixel] - other[channel][pixel]) > Noticeable)) / (double)pixels;
    }

    /// <summary>A figure's picture at the size of approved ones, moved by so many of its pixels to the right and down.</summary>
    public static SKBitmap Small(string path, float offset = 0)
    {
        using var whole = SKBitmap.Decode(path);
        var small = new SKBitmap(new SKImageInfo(Width, Width * whole.Height / whole.Width));
        using var canvas = new SKCanvas(small);
        canvas.Clear(SKColors.White);
        using var image = SKImage.FromBitmap(whole);
        canvas.DrawImage(image, SKRect.Create(offset, offset, small.Width, small.Height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        return small;
    }

    private static byte[][] Blurred(SKBitmap picture)
    {
        var pixels = picture.Pixels;
        return [.. new Func<SKColor, byte>[] { pixel => pixel.Red, pixel => pixel.Green, pixel => pixel.Blue }.Select(channel =>
            Means(Means([.. pixels.Select(channel)], picture.Height, picture.Width, picture.Width, 1), picture.Width, picture.Height, 1, picture.Width))];
    }

    /// <summary>Means over 5 neighbours along each of some lines; beyond the ends the last number goes on.</summary>
    private static byte[] Means(byte[] values, int lines, int length, int lineStep, int step)
    {
        byte[] means = new byte[values.Length];
        for (int line = 0; line < lines; line++)
        {
            for (int i = 0; i < length; i++)
            {
                int sum = 0;
                for (int k = i - Radius; k <= i + Radius; k++)
                    sum += values[line * lineStep + Math.Clamp(k, 0, length - 1) * step];
                means[line * lineStep + i * step] = (byte)(sum / (2 * Radius + 1));
            }
        }

        return means;
    }

    private static void Write(SKBitmap picture, string path)
    {
        Directory.CreateDirectory(Folder);
        using var png = picture.Encode(SKEncodedImageFormat.Png, 100);
        using var file = File.Create(path);
        png.SaveTo(file);
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
