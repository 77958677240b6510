using Talweg.Statistics;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;

namespace Talweg.Studies.Universality;

/// <summary>One layer of one case over its seeds, and what is said of it.</summary>
/// <remarks>The lines between "holds", "weakens" and "fails", and that of a power law, were drawn before anything was run.</remarks>
internal sealed class LayerGroup(IReadOnlyList<MeasuredLayer> seeds)
{
    /// <summary>FT-9: negative everywhere.</summary>
    public static readonly Band Negative = Band.Below(0);

    /// <summary>Ours: an interval that reaches above this is a weak relation.</summary>
    public const double Weak = -0.5;

    /// <summary>Ours: a power law fits where the straight line in logarithms has at least this R² in every seed.</summary>
    public const double FitsFrom = 0.9;

    public IReadOnlyList<MeasuredLayer> Seeds => seeds;

    public MeasuredLayer First => seeds[0];

    public string Name => First.Name;

    /// <summary>Spearman(σ², F), over seeds where there are three or more, else over the first seed's modes.</summary>
    public Measurement RankCorrelation { get; } = CellValues.Measure(seeds[0].Name, Negative, seeds, layer => layer.RankCorrelation) with
    {
        Nulls = [.. NullWindows.Names.Select(name => CellValues.Null(name, seeds.Select(layer => layer.Null(name).Value)))],
        HeldOut = CellValues.Mean(seeds, layer => layer.HeldOut),
        LeftOut = seeds.Sum(layer => layer.LeftOut),
        LeftOutReason = LeftOutReasons.SidesNotFound,
    };

    /// <summary>ψ over seeds, or over the first seed's modes; null where a power law does not fit.</summary>
    public Measurement? Exponent => seeds.Any(layer => layer.Law is not { } law || law.RSquared < FitsFrom)
        ? null
        : CellValues.Measure("ψ", Band.Any, seeds, layer => new(-layer.Law!.Exponent, new Interval(-layer.Law.Interval.High, -layer.Law.Interval.Low), $"{layer.Law.Count} modes"));

    /// <summary>Whether the relation is there and strong.</summary>
    public bool IsStrong => RankCorrelation is { HasInterval: true, Interval.High: < Weak };

    /// <summary>What became of the relation, in a sentence.</summary>
    public string Statement
    {
        get
        {
            var correlation = RankCorrelation;
            var (value, interval) = NumberText.Of(correlation.Value, correlation.HasInterval ? correlation.Interval : null);
            string verdict = double.IsNaN(correlation.Value) ? "nothing can be said, for too few modes have a flatness"
                : !correlation.HasInterval ? "no interval"
                : correlation.NothingFollows.Length > 0 ? "nothing can be said, for the interval has no width"
                : correlation.IsOutside ? "the relation fails"
                : !correlation.IsInside ? "the relation fails: the interval reaches above 0"
                : correlation.Interval!.Value.High >= Weak ? "the relation weakens"
                : "the relation is there";
            return $"{Name}: {verdict}, Spearman {value} {interval}; {LawText}{SpanText}.";
        }
    }

    /// <summary>Where F hardly varies, there is little for variances to go with.</summary>
    private string SpanText => First.Points.Count == 0 ? "" : $"; F spans a factor of {NumberText.Of(First.Points.Max(mode => mode.Flatness!.Value) / First.Points.Min(mode => mode.Flatness!.Value))}";

    private string LawText
    {
        get
        {
            if (Exponent is { } psi)
            {
                var (value, interval) = NumberText.Of(psi.Value, psi.HasInterval ? psi.Interval : null);
                return $"ψ = {value} {interval}, R² {NumberText.Of(LeastRSquared)}";
            }

            return double.IsNaN(LeastRSquared) ? "no power law, with too few modes for one" : $"no power law, R² {NumberText.Of(LeastRSquared)} of the straight line in logarithms";
        }
    }

    private double LeastRSquared => seeds.Min(layer => layer.Law?.RSquared ?? double.NaN);
}
