using Talweg.Continual;
using Talweg.Studies.Forgetting;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.Forgetting;

public sealed class ForgettingCellsTests
{
    [Fact]
    public void Every_cell_has_a_seed_of_its_own_and_all_that_was_set()
    {
        var study = new ForgettingStudy();
        var cells = study.Cells(Parameters.Resolve(study, "quick",
        [
            "seeds=2", "sequence-seeds=3", "tasks=45,67", "sequences=halves", "samples=1234", "validation-share=0.3", "batch-size=7", "learning-rate=0.11", "later-learning-rate=0.12", "stop-errors=0.01,0.2",
            "stop-epochs=3,0.5", "slow-learning-rate=0.002", "slow-epochs=9,8", "epochs=13", "window-epochs=4", "pretraining-epochs=6", "modes=21", "lambda=2.5", "grid=5", "sequence-grid=4", "counts=3,17",
        ])).ToList();
        Assert.Equal([("pair", PretrainingClasses.All, 1), ("pair", PretrainingClasses.All, 2), ("pair", PretrainingClasses.Own, 1), ("pair", PretrainingClasses.Own, 2),
            ("halves", PretrainingClasses.All, 1), ("halves", PretrainingClasses.All, 2), ("halves", PretrainingClasses.All, 3)], cells.Select(cell => (cell.Sequence, cell.Pretraining, (int)cell.Seed)));
        foreach (var cell in cells)
        {
            bool isPair = cell.Sequence == "pair";
            Assert.Equal((isPair ? "45,67" : "01234,56789", "digits", "fc:784-50-50-10"), (cell.Tasks, cell.Data, cell.Network));
            Assert.Equal([2], cell.Layers);
            Assert.Equal((1234, 0.3, 7, 0.11, 0.12, 0.002), (cell.Samples, cell.ValidationShare, cell.BatchSize, cell.LearningRate, cell.LaterLearningRate, cell.SlowLearningRate));
            Assert.Equal([0.2, 0.01], cell.StopErrors);
            Assert.Equal([0.5, 3], cell.StopEpochs);
            Assert.Equal([8, 9], cell.SlowEpochs);
            Assert.Equal((13, 4, 6, 21, 2.5, isPair ? 5 : 4), (cell.Epochs, cell.WindowEpochs, cell.PretrainingEpochs, cell.Modes, cell.Lambda, cell.GridPoints));
            Assert.Equal(isPair ? [3, 17] : [], cell.Counts);
        }
    }
}
