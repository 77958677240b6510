using Talweg.Continual;
using Talweg.Training;

namespace Talweg.Benchmarks.Continual;

/// <summary>A step under constraints against a plain step, both as the Trainer takes them, an epoch at a time, through the same minibatches.</summary>
internal sealed class ConstrainedStep : IBenchmark
{
    public string Name => "constrained-step";

    public string Compares => "cost of a step with landscape-dependent constraints (N_c = 200, N = 2,500) and with elastic weights, against the plain step";

    public IEnumerable<Measurement> Run(Workplace workplace)
    {
        var data = workplace.Data;
        var landscape = Springs.Landscape(workplace.Trained);
        var elastic = Springs.Elastic(workplace.Trained);
        foreach (var (name, memory, bar) in ((string, IMemory, double)[])[("landscape", landscape, 1.6), ("elastic weights", elastic, 1.15)])
        {
            foreach (var step in Enum.GetValues<PenaltyStep>())
            {
                var minibatches = new Minibatches(data.Train.Count, Workplace.BatchSize, Drawing.WithoutReplacement, seed: 2);
                using var constrained = new Epochs(workplace, new() { Penalty = memory, PenaltyStep = step });
                using var plain = new Epochs(workplace, Interventions.None);
                constrained.Seconds(minibatches.Epoch(1));
                plain.Seconds(minibatches.Epoch(1));
                var times = PairedTimes.Take(workplace.Repeat, i => constrained.Seconds(minibatches.Epoch(2 + i)), i => plain.Seconds(minibatches.Epoch(2 + i)));
                yield return new($"{Name}, {name}, {step.ToString().ToLowerInvariant()}", "cost of the plain step", [.. times.Ratios.Select(ratio => 1 / ratio)], Bar.Below(bar))
                {
                    Notes = [times.Note("a step", minibatches.PerEpoch, "the plain step"), $"remembered: {memory.Bytes / 1024} KiB"],
                };
            }
        }
    }

    /// <summary>A network in training by the descent that the Trainer takes for it.</summary>
    private sealed class Epochs(Workplace workplace, Interventions interventions) : IDisposable
    {
        private readonly DenseTraining _model = new(workplace.Trained, workplace.Data, Workplace.BatchSize);
        private readonly PlainDescent _descent = new(interventions);

        public double Seconds(int[] order) => PairedTimes.Seconds(() =>
        {
            for (int first = 0; first + Workplace.BatchSize <= order.Length; first += Workplace.BatchSize)
                _descent.Step(_model, new(1, [order], first, Workplace.BatchSize), Workplace.LearningRate);
        });

        public void Dispose() => _model.Dispose();
    }
}
