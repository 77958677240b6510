using Talweg.Studies.EinsteinRelation;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.EinsteinRelation;

public sealed class EinsteinCellsTests
{
    [Fact]
    public void Every_control_and_every_variant_has_its_seed_and_all_that_was_set()
    {
        var study = new EinsteinRelationStudy();
        var cells = study.Cells(Parameters.Resolve(study, "quick",
        [
            "network=fc:784-9-8-10", "layer=3", "samples=1200", "batch-size=40", "learning-rate=0.11", "control-seeds=2", "max-epochs=70", "window-epochs=5", "directions=11", "steps=1234",
            "variant-seeds=2", "updates=90", "refresh-every=17", "noise-directions=6",
        ])).ToList();
        var common = new EinsteinCell { Task = EinsteinTask.Control, Data = "digits", Network = "fc:784-9-8-10", Layer = 3, Samples = 1200, BatchSize = 40, LearningRate = 0.11, Seed = 1 };
        var control = common with { MaxEpochs = 70, WindowEpochs = 5, Directions = 11, Steps = 1234 };
        EinsteinCell Variant(EinsteinTask task, int refresh = 0, int directions = 0) => common with { Task = task, Updates = 90, RefreshEvery = refresh, NoiseDirections = directions };
        EinsteinCell[] variants = [Variant(EinsteinTask.Descent), Variant(EinsteinTask.ConstantNoise, 17), Variant(EinsteinTask.FollowingNoise, 17), Variant(EinsteinTask.FlatnessNoise, 17, 6), Variant(EinsteinTask.Sgd)];
        Assert.Equal([control, control with { Seed = 2 }, .. variants, .. variants.Select(cell => cell with { Seed = 2 })], cells);
    }
}
