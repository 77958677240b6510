using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Benchmarks.MainJob;

/// <summary>What the flatness along every mode of the middle layer costs: processor time, over all threads.</summary>
internal sealed class FlatnessOfModes : IBenchmark
{
    private const int Epochs = 40;
    private const int WindowEpochs = 10;

    /// <summary>Each repetition takes every tenth mode, another tenth each time.</summary>
    private const int Stride = 10;

    public string Name => "flatness-2500";

    public string Compares => "core-minutes for the flatness along 2,500 modes over all samples; by default from every tenth mode (--full: all)";

    public IEnumerable<Measurement> Run(Workplace workplace)
    {
        var run = Train(workplace);
        var modes = Modes(run);
        using var landscape = Landscape.Of((DenseWeights)run.Weights, workplace.Data.Train, WeightSpace.Of(run.Plan.Network, [.. run.Plan.RecordedLayers]));
        int stride = workplace.Options.Full ? 1 : Stride;
        int repeat = workplace.Options.Repeat ?? (workplace.Options.Full ? 1 : BenchmarkOptions.DefaultRepeat);
        var minutes = new List<double>();
        int open = 0;
        for (int i = 0; i < repeat; i++)
        {
            var directions = Every(modes, i % stride, stride);
            var before = Environment.CpuUsage.TotalTime;
            var flatness = Flatness.Along(landscape, directions);
            var spent = Environment.CpuUsage.TotalTime - before;
            open += flatness.Count(f => f.Value is null);
            minutes.Add(spent.TotalMinutes * modes.Dimension / directions.Count);
            Workplace.Say($"  {i + 1} of {repeat}: {Numbers.Text(spent.TotalMinutes)} core-minutes for {directions.Count} directions");
        }

        yield return new(Name, "core-minutes", minutes, Bar.Below(6))
        {
            Notes =
            [
                $"{run.Verdict}; training loss {Numbers.Text(landscape.LossAtOrigin)} over {landscape.Samples} samples",
                $"measured along {(stride == 1 ? "every mode" : $"every {stride}th mode")} and scaled to {modes.Dimension}; {modes.Count} have a direction; valleys open on a side: {open}",
            ],
        };
    }

    private static TrainingRun Train(Workplace workplace)
    {
        var plan = new TrainingPlan
        {
            Network = Workplace.Network,
            BatchSize = Workplace.BatchSize,
            LearningRate = Workplace.LearningRate,
            Seed = 1,
            MaxEpochs = Epochs,
            ExtraEpochs = WindowEpochs,
            RecordedLayers = [2],
        };
        var data = workplace.Data;
        Workplace.Say($"  training for {Epochs} epochs");
        return Trainer.Run(plan, data, Path.Combine(workplace.Folder, "run"));
    }

    private static PrincipalModes Modes(TrainingRun run)
    {
        Workplace.Say("  finding the modes");
        using var trajectory = Trajectory.Open(run.TrajectoryPath!);
        return PrincipalModes.Of(trajectory.Last(Math.Min(trajectory.Iterations, (long)WindowEpochs * run.IterationsPerEpoch)));
    }

    private static Directions Every(PrincipalModes modes, int first, int stride)
    {
        var values = new List<double>();
        for (int mode = first; mode < modes.Count; mode += stride)
            values.AddRange(modes.Direction(mode));
        return Directions.Of(values.ToArray(), modes.Dimension);
    }
}
