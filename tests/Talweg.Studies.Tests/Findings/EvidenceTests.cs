using Talweg.Statistics;
using Talweg.Studies.Findings;

namespace Talweg.Studies.Tests.Findings;

/// <summary>The rule of nulls: what is distinct, what is shared, and what is not told apart.</summary>
public sealed class EvidenceTests
{
    private const string A = "isotropic walk", B = "epoch-balanced walk", C = "shuffled steps";

    private static readonly Band ThreeToFive = Band.Between(3, 5);

    private static readonly NullValue Apart = new(A, 2, new Interval(1.9, 2.1), "3 seeds");

    private static Measurement Measured(params NullValue[] nulls) => new() { Name = "ψ", Value = 4, Interval = new(3.5, 4.5), IntervalOver = "3 seeds", Band = ThreeToFive, Nulls = nulls };

    private static Measurement Gap(params NullValue[] nulls) => Measured(nulls) with { Name = "gap", Value = 30, Interval = new(20, 40), Band = Band.Above(10) };

    private static Finding Of(params Measurement[] measurements) => Samples.Finding("FT-2", measurements);

    private static Finding Settings(params Measurement[] measurements) => Of(measurements) with { Settings = true };

    /// <summary>One null of ψ in 3 to 5, by its value and interval.</summary>
    [Theory]
    [InlineData(2, 1.9, 2.1, "holds; distinct from the nulls")]
    [InlineData(6, 5.1, 7, "holds; distinct from the nulls")]
    [InlineData(4, 3.9, 4.1, "holds; shared with isotropic walk (an artefact of the analysis)")]
    [InlineData(4, 1, 7, "holds; shared with isotropic walk (an artefact of the analysis)")]              // known less well, it undoes no less
    [InlineData(3, 2, 4, "holds; shared with isotropic walk (an artefact of the analysis)")]
    [InlineData(2.9, 2.7, 3.1, "holds; not told apart from isotropic walk")]                              // just outside, and its interval reaches in
    [InlineData(2.9, 2.8, 3, "holds; not told apart from isotropic walk")]
    [InlineData(double.NaN, double.NaN, double.NaN, "holds; not told apart from isotropic walk")]         // undefined is not passed over
    [InlineData(2, double.NaN, 2.1, "holds; not told apart from isotropic walk")]
    public void A_null_is_told_apart_by_its_interval_alone(double value, double low, double high, string text) =>
        Assert.Equal(text, Of(Measured(new NullValue(A, value, new Interval(low, high)))).VerdictText);

    [Fact]
    public void A_null_that_is_known_from_one_draw_is_not_told_apart_however_far_it_lies()
    {
        Assert.Equal("holds; not told apart from isotropic walk", Of(Measured(new NullValue(A, -100))).VerdictText);
        Assert.Equal("holds; shared with isotropic walk (an artefact of the analysis)", Of(Measured(new NullValue(A, 4))).VerdictText);
        Assert.Equal("holds; not told apart from isotropic walk", Of(Measured(new NullValue(A, 2, new Interval(2, 2)))).VerdictText);    // a few equal draws
    }

    [Fact]
    public void Distinct_is_said_only_if_every_null_is()
    {
        var other = Apart with { Surrogate = C };
        Assert.Equal("distinct", Of(Measured(Apart, other)).Evidence.Word);
        var evidence = Of(Measured(Apart, other with { Interval = new(1.9, 3.1) })).Evidence;
        Assert.Equal("not told apart", evidence.Word);
        Assert.Equal([A], evidence.DistinctFrom);
        Assert.Equal([C], evidence.NotToldApartFrom);
        Assert.Equal("not told apart from shuffled steps", evidence.Text());
    }

    [Fact]
    public void What_sharing_means_depends_on_the_surrogate()
    {
        NullValue Inside(string name) => new(name, 4, new Interval(3.9, 4.1));
        string Text(params NullValue[] nulls) => Of(Measured(nulls)).EvidenceText;
        Assert.Equal("shared with isotropic walk (an artefact of the analysis)", Text(Inside(A)));
        Assert.Equal("shared with epoch-balanced walk (an artefact of the analysis)", Text(Inside(B)));
        Assert.Equal("shared with isotropic walk, epoch-balanced walk and shuffled steps (an artefact of the analysis)", Text(Inside(A), Inside(B), Inside(C)));
        Assert.Equal("shared with shuffled steps (does not depend on the order of steps within an epoch)", Text(Apart, Inside(C)));
        Assert.Equal("shared with shuffled steps (does not depend on the order of steps within an epoch); not told apart from isotropic walk", Text(new NullValue(A, double.NaN), Inside(C)));
        Assert.Equal("shared with random directions", Text(Inside("random directions")));
    }

    [Fact]
    public void Of_several_conditions_a_null_must_give_all_and_one_outside_tells_it_apart()
    {
        NullValue exponent = new(A, 4, new Interval(3.9, 4.1)), gap = new(A, 4, new Interval(3, 5));
        Assert.Equal("distinct", Of(Measured(exponent), Gap(gap)).Evidence.Word);
        Assert.Equal("shared", Of(Measured(exponent), Gap(gap with { Value = 12, Interval = new(9, 15) })).Evidence.Word);
        Assert.Equal("not told apart", Of(Measured(exponent), Gap(gap with { Value = 9, Interval = new(8, 11) })).Evidence.Word);
        Assert.Equal("not told apart", Of(Measured(exponent with { Value = double.NaN, Interval = null }), Gap(gap)).Evidence.Word);      // undefined in one of them
        Assert.Equal("shared", Of(Measured(exponent), Gap()).Evidence.Word);                                                               // not made on the other
    }

    [Fact]
    public void Of_several_settings_one_that_a_null_gives_is_shared_and_all_must_lie_outside()
    {
        NullValue inside = new(A, 4, new Interval(3.9, 4.1)), near = new(A, 2.9, new Interval(2.7, 3.1));
        Assert.Equal("shared", Settings(Measured(Apart), Measured(inside)).Evidence.Word);
        Assert.Equal("shared", Settings(Measured(inside), Measured(new NullValue(A, double.NaN))).Evidence.Word);
        Assert.Equal("not told apart", Settings(Measured(Apart), Measured(near)).Evidence.Word);
        Assert.Equal("not told apart", Settings(Measured(Apart), Measured(new NullValue(A, double.NaN))).Evidence.Word);
        Assert.Equal("distinct", Settings(Measured(Apart), Measured(Apart)).Evidence.Word);
    }

    [Fact]
    public void An_open_end_is_outside_for_nulls_too()
    {
        Evidence Of(double value, double low, double high) => Evidence.Of([Gap(new NullValue(A, value, new Interval(low, high)))]);
        Assert.Equal("distinct", Of(9, 8, 10).Word);
        Assert.Equal("not told apart", Of(10, 8, 12).Word);
        Assert.Equal("shared", Of(10.001, 8, 12).Word);
    }

    [Fact]
    public void Evidence_is_said_whatever_the_verdict_and_without_nulls_nothing_is()
    {
        NullValue inside = new(A, 4, new Interval(3.9, 4.1));
        Assert.Equal("fails (ψ lies outside its band); shared with isotropic walk", Of(Measured(inside) with { Value = 9, Interval = new(8, 10) }).VerdictText);
        Assert.Equal("undecided (no interval for ψ); shared with isotropic walk (an artefact of the analysis)", Of(Measured(inside) with { Interval = null }).VerdictText);
        Assert.Equal("demonstration: holds within one run; distinct from the nulls", (Of(Measured(Apart) with { WithinOneRun = true }) with { Demonstration = true }).VerdictText);
        Assert.Equal(("holds", "none", ""), (Of(Measured()).VerdictText, Of(Measured()).Evidence.Word, Of(Measured()).EvidenceText));
    }

    /// <summary>A surrogate's value over cells; the half width is Student's 4.302653 · s/√3, s = 0.1.</summary>
    [Fact]
    public void A_null_has_an_interval_over_seeds_from_three_on_and_is_undefined_where_it_is_in_any()
    {
        var three = CellValues.Null(A, [4.0, 4.1, 3.9]);
        Assert.Equal((4, "3 seeds"), (Math.Round(three.Value, 12), three.IntervalOver));
        Assert.Equal(4.302653 * 0.1 / Math.Sqrt(3), three.Interval!.Value.Width / 2, 1e-6);
        Assert.Equal(new NullValue(A, 4.2), CellValues.Null(A, [4.2]));
        Assert.Equal(new NullValue(A, 4.2), CellValues.Null(A, [4.2, 5]));         // the first cell's, as the measurement's is
        Assert.Equal(new NullValue(A, double.NaN), CellValues.Null(A, [4.0, 4.1, double.NaN]));
        Assert.Equal(new NullValue(A, double.NaN), CellValues.Null(A, [4.0, double.NaN]));
        Assert.Equal(new NullValue(A, double.NaN), CellValues.Null(A, []));
        Assert.Equal("holds; not told apart from isotropic walk", Of(Measured(CellValues.Null(A, [4.0, 4.1, double.NaN]))).VerdictText);
    }

    /// <summary>60 of 60 have the exact interval [0.025^(1/60), 1]; shares of 1, 1 and 0.7 spread further over seeds than 54 of 60 do.</summary>
    [Fact]
    public void A_share_has_its_exact_interval_over_all_seeds_and_students_where_that_reaches_further()
    {
        var all = CellValues.Share("share", Band.Above(0.95), [(20, 20), (20, 20), (20, 20)], "directions");
        Assert.Equal(Math.Pow(0.025, 1.0 / 60), all.Interval!.Value.Low, 1e-9);
        Assert.Equal((1, 1, "60 directions of 3 seeds", false), (all.Value, all.Interval.Value.High, all.IntervalOver, all.WithinOneRun));
        var apart = CellValues.Share("share", Band.Above(0.95), [(20, 20), (20, 20), (14, 20)], "directions");
        Assert.Equal(0.9, apart.Value, 1e-12);
        Assert.Equal(0.9 - 4.302653 * 0.1, apart.Interval!.Value.Low, 1e-6);       // s = 0.3/√3, s/√3 = 0.1
        Assert.Equal(1, apart.Interval.Value.High);
        var one = CellValues.Share("share", Band.Above(0.95), [(2, 2), (0, 50)], "directions");
        Assert.Equal((1, "2 directions, one cell", true), (one.Value, one.IntervalOver, one.WithinOneRun));
        Assert.Equal(Math.Sqrt(0.025), one.Interval!.Value.Low, 1e-9);             // 2 of 2: 0.158
        Assert.Equal(Verdict.Undecided, Of(one).Verdict);
    }
}
