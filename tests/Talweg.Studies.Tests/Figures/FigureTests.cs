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
    public void Every_figure_looks_as_approved_and_has_a_drawing_in_words(string name)
    {
        string path = Save(Gallery.All().Single(f => f.Name == name));
        using (var picture = SKBitmap.Decode(path + ".png"))
            Assert.Equal(1280, picture.Width);
        ApprovedPicture.Assert(name, path);
        var drawing = XDocument.Load(path + ".svg");
        var texts = drawing.Descendants().Where(e => e.Name.LocalName == "text").ToList();
        Assert.True(texts.Count > 5);
        Assert.All(texts, text => Assert.Equal("Inter, Helvetica, Arial, sans-serif", text.Attribute("font-family")?.Value));
    }

    /// <summary>What a picture is compared for: each of these changes is seen.</summary>
    [Theory]
    [InlineData("a series is missing")]
    [InlineData("two series have each other's markers")]
    [InlineData("the axes are exchanged")]
    [InlineData("the range is another")]
    public void A_changed_figure_does_not_look_as_approved(string change)
    {
        var figure = Gallery.All().OfType<VarianceFlatnessFigure>().First();
        var series = figure.Series.ToArray();
        (Curve Curve, FittedLine? Fit)[] changed = change switch
        {
            "a series is missing" => series[..^1],
            "two series have each other's markers" => [series[0], series[2], series[1], .. series[3..]],
            "the axes are exchanged" => [.. series.Select(one => (one.Item1 with { X = one.Item1.Y, Y = one.Item1.X }, (FittedLine?)null))],
            _ => [(series[0].Item1 with { X = [.. series[0].Item1.X, 100], Y = [.. series[0].Item1.Y, 1e-9] }, series[0].Item2), .. series[1..]],
        };
        string path = Save((VarianceFlatnessFigure)figure with { Name = "changed", Series = changed });
        using var picture = ApprovedPicture.Small(path + ".png");
        double difference = ApprovedPicture.Difference(figure.Name, picture);
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{change}: {difference:P3}"));
        Assert.True(difference > 2 * ApprovedPicture.Bound, FormattableString.Invariant($"{difference:P3}"));
    }

    /// <summary>Edges that lie a third of a pixel elsewhere, more than hinting and smoothing do.</summary>
    [Theory, MemberData(nameof(Names))]
    public void What_rasterisers_differ_by_is_not_seen(string name)
    {
        string path = Save(Gallery.All().Single(f => f.Name == name)) + ".png";
        using var moved = ApprovedPicture.Small(path, offset: 1f / 3);
        double difference = ApprovedPicture.Difference(name, moved);
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{name}: {difference:P3}"));
        Assert.InRange(difference, 0, ApprovedPicture.Bound);
    }

    [Fact]
    public void A_number_in_a_legend_is_seen_in_the_words()
    {
        var figure = Gallery.All().OfType<VarianceFlatnessFigure>().First();
        var (points, fit) = figure.Series[0];
        string path = Save((VarianceFlatnessFigure)figure with { Name = "changed", Series = [(points, fit! with { Legend = "ψ = 5 [3.8, 4.2]" }), .. figure.Series.Skip(1)] });
        Assert.Equal(["B = 50, α = 0.1: ψ = 5 [3.8, 4.2]"], ApprovedPicture.Words(path).Except(ApprovedPicture.ApprovedWords(figure.Name)));
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
}
