using Talweg.Studies.Running;
using Talweg.Studies.SgdNoise;

namespace Talweg.Studies.Tests.SgdNoise;

public sealed class NoiseCellsTests
{
    [Fact]
    public void Every_seed_has_its_four_cells_with_all_that_was_set()
    {
        var study = new SgdNoiseStudy();
        var cells = study.Cells(Parameters.Resolve(study, "quick",
        [
            "seeds=2", "network=fc:784-9-8-10", "layer=3", "samples=1234", "batch-size=7", "learning-rate=0.11", "max-epochs=70", "window-epochs=5", "modes=23", "few-modes=11", "times=19",
            "theory-network=fc:784-6-5-10", "theory-samples=567", "theory-modes=8", "layers-network=fc:784-4-3-10", "layers-epochs=6",
        ])).ToList();
        var modes = new NoiseCell
        {
            Part = NoisePart.Modes,
            Data = "digits",
            Network = "fc:784-9-8-10",
            Layer = 3,
            Samples = 1234,
            BatchSize = 7,
            LearningRate = 0.11,
            Seed = 1,
            MaxEpochs = 70,
            WindowEpochs = 5,
            Windows = 3,
            Modes = 23,
            FewModes = 11,
            Times = 19,
        };
        var theory = modes with { Part = NoisePart.Theory, Network = "fc:784-6-5-10", Layer = 2, Samples = 567, Modes = 8, FewModes = 0, Times = 0 };
        var layers = modes with { Part = NoisePart.Layers, Network = "fc:784-4-3-10", Layer = 0, MaxEpochs = 6, WindowEpochs = 0, Windows = 0, Modes = 0, FewModes = 0 };
        NoiseCell[] of = [modes, theory, layers, layers with { Network = "fc:784-4-3-10,tanh" }];
        Assert.Equal([.. of, .. of.Select(cell => cell with { Seed = 2 })], cells);
    }
}
