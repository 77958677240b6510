using System.Xml.Linq;
using SkiaSharp;
using Talweg.Studies.Figures;

namespace Talweg.Studies.Tests.Figures;

/// <summary>TALWEG_GALLERY=FOLDER keeps the pictures, to be looked at.</summary>
public sealed class FigureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. Gallery.All().Select(f => f.Name)];

    public void Dispose() => _folder.Dispose();

    private string Save(IFigure figure)
    {
        string folder = Environment.GetEnvironmentVariable("TALWEG_GALLERY") ?? _folder.Path;
        figure.Save(folder);
        return Path.Combine(folder, figure.Name);
    }

    [Theory, MemberData(nameof(Names))]
    public void Every_figure_has_a_picture_with_text_and_a_drawing_in_words(string name)
    {
        string path = Save(Gallery.All().Single(f => f.Name == name));
        using var picture = SKBitmap.Decode(path + ".png");
        Assert.Equal(1280, picture.Width);
        Assert.True(Dark(picture, new(0, 0, picture.Width, 90)) > 500, "no title is drawn");
        Assert.True(Dark(picture, new(200, picture.Height - 160, picture.Width, picture.Height)) > 250, "no label is drawn below the axis");
        var drawing = XDocument.Load(path + ".svg");
        var texts = drawing.Descendants().Where(e => e.Name.LocalName == "text").ToList();
        Assert.True(texts.Count > 5);
        Assert.All(texts, text => Assert.Equal("Inter, Helvetica, Arial, sans-serif", text.Attribute("font-family")?.Value));
    }

    [Fact]
    public void Figures_of_nothing_or_of_what_is_undefined_are_drawn()
    {
        Save(new SpectrumFigure { Name = "empty-1", Variances = [] });
        Save(new SpectrumFigure { Name = "empty-2", Variances = [1, 0, double.NaN, -1] });
        Save(new CumulativeVarianceFigure { Name = "empty-3", Variances = [] });
        Save(new VarianceFlatnessFigure { Name = "empty-4", Series = [] });
        Save(new SensitivityFigure { Name = "empty-5", Variations = [("one", double.NaN, null)], Band = new(0, double.PositiveInfinity) });
        Save(new LearningCurveFigure { Name = "empty-6", Epochs = [1], TrainLoss = [0.1] });
        Save(new ProfileFigure { Name = "empty-7", Profiles = [] });
        Save(new DriftPlaneFigure { Name = "empty-8", Caption = "", Modes = (1, 2), X = [], Y = [], Duration = 0 });
        Save(new EinsteinFigure { Name = "empty-9", Thermal = new("", [], []), NotRelaxed = new("", [], []), Sgd = new("", [], []) });
        Save(new ThermalLossFigure { Name = "empty-10", Steps = [], Losses = [], WindowStart = 0, SolutionLoss = 0.1 });
        Save(new ComparedCurvesFigure { Name = "empty-11", Title = "", Quantity = "", Caption = "", Logarithmic = true, Curves = [] });
        Save(new SmallMultiplesFigure { Name = "empty-13", Title = "", Caption = "", X = "", Y = "", Panels = [] });
        Save(new SmallMultiplesFigure { Name = "empty-14", Title = "", Caption = "", X = "", Y = "", Panels = [(new("one", [], []), null), (new("two", [1], [0]), null)] });
        Save(new RankCorrelationFigure { Name = "empty-15", Title = "", Quantity = "", Caption = "", Rows = [("one", double.NaN, null, double.NaN)] });
        Save(new ComparisonFigure { Name = "empty-12", Title = "", Quantity = "", Caption = "", Rows = [("one", double.NaN, null)] });
    }

    [Fact]
    public void The_font_has_every_sign_that_figures_use()
    {
        using var data = SKData.Create(Resource.Open("Inter-Regular.otf"));
        using var font = SKTypeface.FromData(data);
        Assert.DoesNotContain((ushort)0, font.GetGlyphs("θσψγαβδΔ₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵢₖ×–−…·≤≥[]"));
        Assert.Contains("SIL OPEN FONT LICENSE", Resource.Text("OFL.txt"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-12, "10⁻¹²")]
    [InlineData(0, "10⁰")]
    [InlineData(3, "10³")]
    public void Decades_are_written_as_powers(int exponent, string expected) => Assert.Equal(expected, LogTicks.Power(exponent));

    [Fact]
    public void Curves_of_unequal_lengths_are_refused()
    {
        var figure = new FlatnessRankFigure { Ranks = [1, 2], Flatness = [1] };
        Assert.Contains("x has 2 numbers, y has 1", Assert.Throws<ArgumentException>(() => figure.Save(_folder.Path)).Message, StringComparison.Ordinal);
    }

    private static int Dark(SKBitmap picture, SKRectI area)
    {
        int count = 0;
        for (int x = area.Left; x < area.Right; x++)
            for (int y = area.Top; y < area.Bottom; y++)
                count += picture.GetPixel(x, y).Red < 80 ? 1 : 0;
        return count;
    }
}
