using System.Text.RegularExpressions;
using ScottPlot;
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

    [GeneratedRegex("font-family=\"[^\"]*\"")]
    private static partial Regex Family();
}
