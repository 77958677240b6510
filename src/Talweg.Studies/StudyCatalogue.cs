using Talweg.Studies.Running;

namespace Talweg.Studies;

/// <summary>The studies that can be run by name.</summary>
/// <param name="studies">In the order in which they are listed; no two of one name.</param>
public sealed class StudyCatalogue(IReadOnlyList<IStudy> studies)
{
    /// <summary>The studies that come with Talweg. A new study is registered here.</summary>
    public static StudyCatalogue Standard { get; } = new([
        new InverseVarianceFlatness.InverseVarianceFlatnessStudy(), new SgdNoise.SgdNoiseStudy(), new EinsteinRelation.EinsteinRelationStudy(),
        new Universality.UniversalityStudy(),
        new EffectiveDimensions.EffectiveDimensionStudy(),
        new FlatnessAndHessian.FlatnessAndHessianStudy(),
        new Forgetting.ForgettingStudy(),
    ]);

    /// <summary>All of them.</summary>
    public IReadOnlyList<IStudy> Studies { get; } = studies;

    /// <summary>The study called <paramref name="name"/>.</summary>
    /// <exception cref="InputException">There is none; the message lists the known names and the nearest.</exception>
    public IStudy Get(string name) => Studies.FirstOrDefault(study => study.Name == name)
        ?? throw new InputException("study", "name", $"'{name}'", Studies.Count == 0 ? "a study, but none is registered" : Suggestion.Among(Studies.Select(s => s.Name), name));
}
