using System.Text;
using System.Text.RegularExpressions;
using ScottPlot;
using SkiaSharp;
using Talweg.Storage;

namespace Talweg.Studies.Figures;

/// <summary>Writes a plot as SVG and as PNG of twice the size.</summary>
internal static partial class FigureFiles
{
    public static void Save(Plot plot, string folder, string name, int height = FigureStyle.Height)
    {
        using (plot)
        {
            string svg = plot.GetSvgXml(FigureStyle.Width, height);
            AtomicFile.WriteAllText(Path.Combine(folder, name + ".svg"), Family().Replace(svg, $"font-family=\"{EmbeddedFonts.Family}, Helvetica, Arial, sans-serif\""));
            plot.ScaleFactor = 2;
            byte[] png = plot.GetImage(2 * FigureStyle.Width, 2 * height).GetImageBytes();
            AtomicFile.Write(Path.Combine(folder, name + ".png"), stream => stream.Write(png));
        }
    }

    /// <summary>Writes several plots as one picture, each in its place, and disposes them.</summary>
    public static void Save(IReadOnlyList<(Plot Plot, PixelRect Place)> parts, string folder, string name, int height)
    {
        using (var text = new MemoryStream())
        {
            using (var canvas = SKSvgCanvas.Create(new(0, 0, FigureStyle.Width, height), text))
                Draw(canvas, parts, 1);
            AtomicFile.WriteAllText(Path.Combine(folder, name + ".svg"), Family().Replace(Encoding.UTF8.GetString(text.ToArray()), $"font-family=\"{EmbeddedFonts.Family}, Helvetica, Arial, sans-serif\""));
        }

        using var surface = SKSurface.Create(new SKImageInfo(2 * FigureStyle.Width, 2 * height));
        Draw(surface.Canvas, parts, 2);
        using var picture = surface.Snapshot();
        using var png = picture.Encode(SKEncodedImageFormat.Png, 100);
        AtomicFile.Write(Path.Combine(folder, name + ".png"), png.SaveTo);
        foreach (var (plot, _) in parts)
            plot.Dispose();
    }

    private static void Draw(SKCanvas canvas, IReadOnlyList<(Plot Plot, PixelRect Place)> parts, int scale)
    {
        canvas.Clear(SKColors.White);
        canvas.Scale(scale);
        foreach (var (plot, place) in parts)
        {
            plot.RenderManager.ClearCanvasBeforeEachRender = false;   // it would wipe the other parts
            canvas.Save();
            plot.Render(canvas, place);
            canvas.Restore();
        }
    }

    [GeneratedRegex("font-family=\"[^\"]*\"")]
    private static partial Regex Family();
}
