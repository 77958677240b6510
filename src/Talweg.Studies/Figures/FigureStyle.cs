using ScottPlot;
using ScottPlot.AxisPanels;
using ScottPlot.TickGenerators;

namespace Talweg.Studies.Figures;

/// <summary>How every figure looks: light ground, few lines, colours that the colour-blind can tell apart (Okabe and Ito, 2008).</summary>
internal static class FigureStyle
{
    public const int Width = 640;
    public const int Height = 460;

    public static readonly Color Ink = new("#17202b");
    public static readonly Color Soft = new("#5b6774");
    public static readonly Color Faint = new("#b6bec7");
    public static readonly Color Grid = new("#eceff2");
    public static readonly Color Fit = new("#d55e00");
    public static readonly Color Main = new("#0072b2");

    private static readonly Color[] Palette =
        [Main, new("#e69f00"), new("#009e73"), new("#cc79a7"), new("#56b4e9"), new("#7a4ea3"), new("#8c6d1f"), new("#3b3b3b"), new("#d55e00")];

    private static readonly Color[] Greys = [new("#c3c9d0"), new("#959ea8"), new("#66707b")];

    private static readonly MarkerShape[] Shapes =
        [MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond, MarkerShape.FilledTriangleDown];

    /// <summary>The colour of the series at <paramref name="index"/>.</summary>
    public static Color Colour(int index) => Palette[index % Palette.Length];

    /// <summary>Its marker; changes with the colour, so that a print in grey can be read.</summary>
    public static MarkerShape Shape(int index) => Shapes[index % Shapes.Length];

    /// <summary>A grey for the null surrogate at <paramref name="index"/>, light to dark.</summary>
    public static Color Grey(int index) => Greys[index % Greys.Length];

    /// <summary>A colour of an ordered scale, dark blue to amber; <paramref name="fraction"/> from 0 to 1.</summary>
    public static Color Ordered(double fraction) => new ScottPlot.Colormaps.Viridis().GetColor(0.92 * Math.Clamp(fraction, 0, 1));

    /// <summary>An empty plot in this style.</summary>
    public static Plot New(string title, string x, string y)
    {
        EmbeddedFonts.Use();
        var plot = new Plot();
        plot.FigureBackground.Color = Colors.White;
        plot.DataBackground.Color = Colors.White;
        plot.Font.Set(EmbeddedFonts.Family);
        plot.Axes.Color(Soft);
        plot.Grid.MajorLineColor = Grid;
        plot.Grid.MajorLineWidth = 1;
        Label(plot.Axes.Title.Label, title, 16);
        Label(plot.Axes.Bottom.Label, x, 14);
        Label(plot.Axes.Left.Label, y, 14);
        foreach (var axis in plot.Axes.GetAxes())
        {
            axis.TickLabelStyle.FontSize = 13;
            axis.TickLabelStyle.ForeColor = Ink;
            if (axis is AxisBase panel)
                (panel.PaddingBetweenTickAndAxisLabels, panel.PaddingOutsideAxisLabels) = (new(axis.Edge is Edge.Bottom or Edge.Top ? 4 : 10), new(6));
        }
        plot.Axes.Bottom.TickGenerator = Numbers();
        plot.Axes.Left.TickGenerator = Numbers();
        plot.Axes.Right.TickGenerator = Numbers();
        plot.Axes.Left.MinimumSize = 62;
        plot.Axes.Right.MinimumSize = 18;
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        return plot;
    }

    private static NumericAutomatic Numbers() => new() { LabelFormatter = value => LabelFormatters.Numeric(value).Replace('-', '−') };

    /// <summary>Sets a text in this style.</summary>
    public static void Label(LabelStyle label, string text, float size)
    {
        label.Text = text;
        label.FontName = EmbeddedFonts.Family;
        label.FontSize = size;
        label.Bold = false;
        label.ForeColor = Ink;
    }

    /// <summary>Shows the legend inside the frame, for figures that leave this corner empty.</summary>
    public static void Legend(Plot plot, Alignment alignment) => Dress(plot.ShowLegend(alignment));

    /// <summary>Shows the legend below the frame, where it hides nothing.</summary>
    public static void LegendBelow(Plot plot)
    {
        plot.ShowLegend(Edge.Bottom);
        Dress(plot.Legend);
        plot.Legend.Orientation = Orientation.Horizontal;
        plot.Legend.TightHorizontalWrapping = true;
    }

    private static void Dress(Legend legend)
    {
        legend.FontName = EmbeddedFonts.Family;
        legend.FontSize = 12.5f;
        legend.FontColor = Ink;
        legend.OutlineWidth = 0;
        legend.SymbolWidth = 26;
        legend.ShadowColor = Colors.Transparent;
        legend.BackgroundColor = Colors.White.WithAlpha(.85);
    }
}
