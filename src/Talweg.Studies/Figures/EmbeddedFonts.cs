using ScottPlot;
using SkiaSharp;

namespace Talweg.Studies.Figures;

/// <summary>Inter, from this assembly: figures look the same on a machine without fonts.</summary>
internal sealed class EmbeddedFonts : IFontResolver
{
    /// <summary>The family's name.</summary>
    public const string Family = "Inter";

    private static readonly Lazy<bool> Registered = new(Register);
    private readonly SKTypeface _typeface = Load("Inter-Regular.otf");

    /// <summary>Makes Inter the font of all plots. Cheap when called again.</summary>
    public static void Use() => _ = Registered.Value;

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        fontName == Family ? _typeface : null;

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Family ? _typeface : null;

    private static bool Register()
    {
        Fonts.FontResolvers.Insert(0, new EmbeddedFonts());
        Fonts.Default = Family;
        Fonts.Sans = Family;
        return true;
    }

    private static SKTypeface Load(string name)
    {
        using var data = SKData.Create(Resource.Open(name));
        return SKTypeface.FromData(data) ?? throw new InvalidOperationException($"Skia cannot read the font {name}.");
    }
}
