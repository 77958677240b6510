using Talweg.Studies.EffectiveDimensions;
using Talweg.Studies.EinsteinRelation;
using Talweg.Studies.Findings;
using Talweg.Studies.FlatnessAndHessian;
using Talweg.Studies.Forgetting;
using Talweg.Studies.InverseVarianceFlatness;
using Talweg.Studies.Running;
using Talweg.Studies.SgdNoise;
using Talweg.Studies.Tests.EffectiveDimensions;
using Talweg.Studies.Tests.EinsteinRelation;
using Talweg.Studies.Tests.FlatnessAndHessian;
using Talweg.Studies.Tests.Forgetting;
using Talweg.Studies.Tests.InverseVarianceFlatness;
using Talweg.Studies.Tests.Universality;
using Talweg.Studies.Universality;
using Talweg.Training;

namespace Talweg.Studies.Tests.Findings;

/// <summary>The findings of every study from cells that were made up, with everything on, of three seeds or of one.</summary>
internal static class AllStudies
{
    public static IReadOnlyList<Finding> Findings(string root, int seeds, bool drawn = false)
    {
        var data = new StudyData("synthetic", "c0ffee", drawn);
        return
        [
            .. Of(new InverseVarianceFlatnessStudy(), data, VarianceFlatness(root, seeds)),
            .. Of(new EffectiveDimensionStudy(), data, Dimensions(root, seeds)),
            .. Of(new EinsteinRelationStudy(), data, Einstein(root, seeds)),
            .. Of(new FlatnessAndHessianStudy(), data, Hessian(root, seeds)),
            .. Of(new ForgettingStudy(), data, Forgetting(root, seeds)),
            .. Of(new SgdNoiseStudy(), data, Noise(root, seeds)),
            .. Of(new UniversalityStudy(), data, Seeds(seeds, seed => Layers.Write(root, Layers.Of(psi: 4, noise: 0.5, nullNoise: 0.3, seed: seed)))),
        ];
    }

    private static IReadOnlyList<Finding> Of<TCell>(IStudy<TCell> study, StudyData data, IReadOnlyList<FinishedCell<TCell>> cells)
        where TCell : class, ICell => study.Conclude(Parameters.Resolve(study, "quick", []), data, cells).Findings;

    private static T[] Seeds<T>(int count, Func<int, T> of) => [.. Enumerable.Range(1, count).Select(of)];

    private static FinishedCell<VarianceFlatnessCell>[] VarianceFlatness(string root, int seeds)
    {
        var cells = Seeds(seeds, seed => Synthetic.Measured(Synthetic.Cell(seed: seed), [.. Enumerable.Range(0, 3).Select(w => Synthetic.Modes(noise: 0.05, seed: 10 * seed + w))]));
        return
        [
            .. cells.Select(cell => Synthetic.Write(root, cell)),
            .. cells.Select(cell => Synthetic.Write(root, cell with { Cell = cell.Cell with { Standardised = true } })),
            .. cells.Select(cell => Synthetic.Write(root, cell with { Cell = cell.Cell with { Drawing = Drawing.WithReplacement } })),
        ];
    }

    private static FinishedCell<DimensionCell>[] Dimensions(string root, int seeds) =>
        new DimensionCells(root).Cells(seeds, (width, seed) => 30 + seed + width % 7, (width, seed) => 40 + seed + width % 3, (width, seed) => width / 2 + seed, (width, seed) => width / 4 + seed);

    private static FinishedCell<EinsteinCell>[] Einstein(string root, int seeds)
    {
        var cells = new EinsteinCells(root);
        return [.. Seeds(seeds, seed => cells.Control(seed)), .. cells.Variants()];
    }

    private static FinishedCell<HessianCell>[] Hessian(string root, int seeds)
    {
        var cells = new HessianCells(root);
        return [.. Seeds(seeds, seed => cells.Cell(seed)), .. Seeds(seeds, seed => cells.Cell(seed, tanh: true, flatModes: true))];
    }

    private static FinishedCell<ForgettingCell>[] Forgetting(string root, int seeds)
    {
        var cells = new ForgettingCells(root);
        return
        [
            .. Seeds(seeds, seed => cells.Cell(seed, ForgettingCells.AsPublished)),
            .. Seeds(seeds, seed => cells.Cell(seed, ForgettingCells.AsPublished, "five-tasks")),
        ];
    }

    private static FinishedCell<NoiseCell>[] Noise(string root, int seeds) =>
    [
        .. Seeds(seeds, seed => SgdNoise.Samples.Modes(root, seed, curvature: -2 + 0.01 * seed, shift: 0.01 * seed)),
        .. Seeds(seeds, seed => SgdNoise.Samples.Layers(root, SgdNoise.Samples.Signals([0.9 + 0.01 * seed, 1, 1.1]), seed)),
    ];
}
