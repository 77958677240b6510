using Talweg.Noise;
using Talweg.Training;

namespace Talweg.Continual;

/// <summary>The methods by their names in text, with their settings and defaults.</summary>
public static class ContinualMethods
{
    private static readonly SettingsText<IContinualMethod> Text = new("--method",
    [
        new("none", new NoMethod(), [], "none"),
        new("ldc", new LandscapeConstraints(),
            [
                Setting<IContinualMethod>.Of<LandscapeConstraints>("lambda", NumberRange.Positive, m => m.Lambda, (m, x) => m with { Lambda = x }),
                Setting<IContinualMethod>.Of<LandscapeConstraints>("modes", NumberRange.Count, m => m.Modes, (m, x) => m with { Modes = (int)x }),
                Setting<IContinualMethod>.Choice<LandscapeConstraints, FlatnessSource>("flatness", m => m.Flatness, (m, x) => m with { Flatness = x }),
                Setting<IContinualMethod>.Of<LandscapeConstraints>("psi", NumberRange.Positive, m => m.Psi, (m, x) => m with { Psi = x }),
            ], "ldc:lambda=10,modes=200"),
        new("ewc", new ElasticWeights(),
            [
                Setting<IContinualMethod>.Of<ElasticWeights>("lambda", NumberRange.Positive, m => m.Lambda, (m, x) => m with { Lambda = x }),
                Setting<IContinualMethod>.Choice<ElasticWeights, FisherKind>("fisher", m => m.Fisher, (m, x) => m with { Fisher = x }),
                Setting<IContinualMethod>.Of<ElasticWeights>("weights", NumberRange.WholeOrZero, m => m.Weights, (m, x) => m with { Weights = (int)x }),
            ], "ewc:lambda=1000,fisher=exact"),
        new("online-ewc", new OnlineElasticWeights(),
            [
                Setting<IContinualMethod>.Of<OnlineElasticWeights>("lambda", NumberRange.Positive, m => m.Lambda, (m, x) => m with { Lambda = x }),
                Setting<IContinualMethod>.Of<OnlineElasticWeights>("decay", NumberRange.Share, m => m.Decay, (m, x) => m with { Decay = x }),
                Setting<IContinualMethod>.Choice<OnlineElasticWeights, FisherKind>("fisher", m => m.Fisher, (m, x) => m with { Fisher = x }),
            ], "online-ewc:lambda=1000,decay=0.9"),
        new("si", new SynapticIntelligence(),
            [
                Setting<IContinualMethod>.Of<SynapticIntelligence>("lambda", NumberRange.Positive, m => m.Lambda, (m, x) => m with { Lambda = x }),
                Setting<IContinualMethod>.Of<SynapticIntelligence>("damping", NumberRange.Positive, m => m.Damping, (m, x) => m with { Damping = x }),
            ], "si:lambda=1"),
        new("l2", new OldWeights(), [Setting<IContinualMethod>.Of<OldWeights>("lambda", NumberRange.Positive, m => m.Lambda, (m, x) => m with { Lambda = x })], "l2:lambda=0.1"),
        new("replay", new Replay(),
            [
                Setting<IContinualMethod>.Of<Replay>("samples", NumberRange.Count, m => m.Samples, (m, x) => m with { Samples = (int)x }),
                Setting<IContinualMethod>.Of<Replay>("lambda", NumberRange.Positive, m => m.Lambda, (m, x) => m with { Lambda = x }),
            ], "replay:samples=200"),
    ]);

    /// <summary>Reads <c>none</c>, <c>ldc:lambda=10,modes=200</c>, <c>ewc:lambda=1000,fisher=exact</c>, <c>online-ewc:…</c>, <c>si:…</c>, <c>l2:…</c>, <c>replay:…</c>; docs/continual.md has all.</summary>
    /// <exception cref="InputException">There is no such method or setting, or a value is missing or out of range.</exception>
    public static IContinualMethod Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Text.Parse(text);
    }

    /// <summary>As <see cref="Parse"/> reads it: the settings that differ from their defaults.</summary>
    internal static string Print(IContinualMethod method) => Text.Print(method);
}
