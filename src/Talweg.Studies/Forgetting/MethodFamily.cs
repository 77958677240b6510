using Talweg.Continual;
using Talweg.Noise;

namespace Talweg.Studies.Forgetting;

/// <summary>A method under all its strengths λ.</summary>
/// <remarks>
/// Every method has as many λs, equally far apart in their logarithm, over six decades about a centre. The centres were fixed on validation data of one seed, before test data were looked at, so that the
/// weakest leaves task 1 forgotten and the strongest task 2 unlearned.
/// </remarks>
/// <param name="Name">Short: "ldc".</param>
/// <param name="Label">For figures.</param>
/// <param name="Centre">λ in the middle.</param>
/// <param name="At">The method at λ.</param>
internal sealed record MethodFamily(string Name, string Label, double Centre, Func<double, IContinualMethod> At)
{
    private const double Decades = 6;

    public const string Landscape = "ldc";
    public const string Elastic = "ewc";
    public const string ElasticEmpirical = "ewc-empirical";
    public const string ElasticMinibatch = "ewc-minibatch";

    /// <summary>No method at all.</summary>
    public const string None = "none";

    /// <summary>All, with LDC of <paramref name="modes"/> modes.</summary>
    public static IReadOnlyList<MethodFamily> All(int modes) =>
    [
        new(Landscape, "LDC", 1, lambda => new LandscapeConstraints { Lambda = lambda, Modes = modes }),
        new(Elastic, "EWC, exact Fisher", 1e3, lambda => new ElasticWeights { Lambda = lambda, Fisher = FisherKind.Exact }),
        new(ElasticEmpirical, "EWC, empirical Fisher", 1e5, lambda => new ElasticWeights { Lambda = lambda, Fisher = FisherKind.Empirical }),
        new(ElasticMinibatch, "EWC, squared minibatch gradients", 5e6, lambda => new ElasticWeights { Lambda = lambda, Fisher = FisherKind.Minibatch }),
        new("si", "synaptic intelligence", 0.1, lambda => new SynapticIntelligence { Lambda = lambda }),
        new("l2", "L2 to the old weights", 0.1, lambda => new OldWeights { Lambda = lambda }),
        new("replay", "replay of 200 samples a task", 0.03, lambda => new Replay { Lambda = lambda }),
    ];

    /// <summary>Those that are held against each other at a ladder's stops: all on the first, and on the slow one those that the claims compare.</summary>
    public static IReadOnlyList<MethodFamily> On(Ladder ladder, ForgettingCell cell)
    {
        string[] compared = cell.Sequence == SequenceCase.Pair ? [Landscape, Elastic, ElasticEmpirical, ElasticMinibatch] : [Landscape, Elastic];
        return [.. All(cell.Modes).Where(family => ladder.Step is null || compared.Contains(family.Name))];
    }

    /// <summary>The λs, ascending.</summary>
    public IReadOnlyList<double> Lambdas(int points) =>
        [.. Enumerable.Range(0, points).Select(i => Centre * Math.Pow(10, points == 1 ? 0 : Decades * ((double)i / (points - 1) - 0.5)))];
}
