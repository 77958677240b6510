using Talweg.Continual;
using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Tests.Networks;
using Talweg.Tests.Storage;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Tests.Continual;

/// <summary>What methods remember, and which of them are the same.</summary>
public sealed class MethodsTests : IDisposable
{
    private static readonly FullyConnected Dense = FullyConnected.Parse("fc:6-5-6,bias,tanh");
    private static readonly WeightSpace All = WeightSpace.All(Dense);
    private static readonly int N = All.Dimension;
    private static readonly LabelledSamples Samples = SmallTasks.Of(1).Tasks[0].Train;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void L2_pulls_all_weights_alike_to_all_tasks_ends()
    {
        var method = new OldWeights { Lambda = 0.3 };
        var springs = new PlainSprings(N);
        IMemory? memory = null;
        foreach (long seed in (long[])[1, 2, 3])
        {
            var task = Learned(seed);
            memory = method.Remember(memory, task, WorkOptions.Default);
            springs.Add(Enumerable.Repeat(0.3, N).ToArray(), All.Flatten(task.Weights));
            Quadratic.AssertSame(springs, memory!, PlainSprings.Draw(N, 5));
        }
    }

    [Theory]
    [InlineData(FisherKind.Exact)]
    [InlineData(FisherKind.Empirical)]
    [InlineData(FisherKind.Minibatch)]
    public void EWC_is_half_lambda_times_the_Fisher_information_of_every_task(FisherKind kind)
    {
        PlainSprings springs = new(N), online = new(N);
        double[] faded = new double[N];
        IMemory? memory = null, last = null;
        foreach (long seed in (long[])[1, 2])
        {
            var task = Learned(seed);
            memory = new ElasticWeights { Lambda = 40, Fisher = kind }.Remember(memory, task, WorkOptions.Default);
            last = new OnlineElasticWeights { Lambda = 40, Fisher = kind, Decay = 0.6 }.Remember(last, task, WorkOptions.Default);
            double[] fisher = FisherDiagonal.Of(kind, task.Weights, Samples, All, task.BatchSize);
            springs.Add([.. fisher.Select(f => 20 * f)], All.Flatten(task.Weights));
            faded = [.. faded.Zip(fisher, (old, added) => 0.6 * old + added)];
            online = new(N);                                                 // about the last task's weights alone
            online.Add([.. faded.Select(f => 20 * f)], All.Flatten(task.Weights));
        }

        float[] weights = PlainSprings.Draw(N, 5);
        Quadratic.AssertSame(springs, memory!, weights);
        Quadratic.AssertSame(online, last!, weights);
    }

    [Fact]
    public void EWC_of_some_weights_keeps_those_with_the_most_Fisher_information()
    {
        double[] fisher = FisherDiagonal.Exact(Learned(1).Weights, Samples, All);
        double least = fisher.OrderDescending().ElementAt(8);
        double[] strengths = Strengths(new ElasticWeights { Lambda = 2, Weights = 9 }.Remember(null, Learned(1), WorkOptions.Default)!);
        Assert.Equal(9, strengths.Count(s => s > 0));
        for (int k = 0; k < N; k++)
            Close.Assert(fisher[k] >= least ? fisher[k] : 0, strengths[k], 1e-6);
        Assert.Equal(Strengths(new ElasticWeights { Lambda = 2 }.Remember(null, Learned(1), WorkOptions.Default)!),
            Strengths(new ElasticWeights { Lambda = 2, Weights = 100_000 }.Remember(null, Learned(1), WorkOptions.Default)!));
    }

    /// <summary>Rounding: weights of order 1 in single precision, products of 71 terms.</summary>
    [Fact]
    public void LDC_with_all_modes_equally_flat_is_L2()
    {
        float[] centre = PlainSprings.Draw(N, 1);
        const double lambda = 0.3, width = 0.5;
        var directions = Directions.Of(PlainSprings.Orthonormal(N, N, 3), N);
        var modes = LandscapeMemory.Of(All, centre, directions, [.. Enumerable.Repeat<double?>(width, N)], lambda);
        var plain = (DiagonalMemory)new OldWeights { Lambda = lambda / (width * width) }.Remember(null, Learned(1) with { Weights = All.With(DenseWeights.Draw(Dense, Initialisation.He, 1), centre) }, WorkOptions.Default)!;
        var springs = new PlainSprings(N);
        springs.Add(Enumerable.Repeat(lambda / (width * width), N).ToArray(), centre);
        float[] weights = PlainSprings.Draw(N, 2), one = new float[N], other = new float[N];
        Close.Assert(plain.AddGradient(1, weights, one), modes.AddGradient(1, weights, other), 2e-6);
        AssertClose(one, other, 2e-6);
        Quadratic.AssertSame(springs, modes, weights);
        AssertSameTraining(plain, modes, 2e-5);
    }

    [Fact]
    public void LDC_along_the_axes_as_flat_as_the_Fisher_information_says_is_EWC()
    {
        var task = Learned(1);
        double[] fisher = FisherDiagonal.Exact(task.Weights, Samples, All);
        double[] axes = [.. Enumerable.Range(0, N).SelectMany(k => PlainSprings.Axis(N, k))];
        var modes = LandscapeMemory.Of(All, All.Flatten(task.Weights), Directions.Of(axes, N), [.. fisher.Select(f => f > 0 ? Math.Sqrt(2 / f) : (double?)null)], 50);
        var elastic = (DiagonalMemory)new ElasticWeights { Lambda = 50 }.Remember(null, task, WorkOptions.Default)!;
        float[] weights = PlainSprings.Draw(N, 2), one = new float[N], other = new float[N];
        Close.Assert(elastic.AddGradient(1, weights, one), modes.AddGradient(1, weights, other), 2e-6);
        AssertClose(one, other, 2e-6);
        AssertSameTraining(elastic, modes, 2e-5);
    }

    /// <summary>Modes of the recorded window in the order of their variance, about the last weights, with the flatness from where the source says.</summary>
    [Theory]
    [InlineData(FlatnessSource.Measured)]
    [InlineData(FlatnessSource.Variance)]
    [InlineData(FlatnessSource.Matched)]
    public void LDC_puts_springs_along_the_modes_of_the_window(FlatnessSource source)
    {
        var task = Trained(_folder["trained"]);
        var method = new LandscapeConstraints { Lambda = 0.2, Modes = 6, Flatness = source, Psi = 3 };
        var memory = (LandscapeMemory)method.Remember(null, task, new(1))!;
        var modes = PrincipalModes.Of(task.Window!, 6);
        double[] variances = modes.Variances[..6];
        double?[] measured = new double?[6];
        using (var landscape = Landscape.Of(task.Weights, task.Samples, All))
        {
            for (int i = 0; i < 6; i++)
                measured[i] = Flatness.Along(landscape, Directions.Of(modes.Direction(i), N), new() { Fit = false })[0].Value;
        }

        int[] closed = [.. Enumerable.Range(0, 6).Where(i => measured[i] is not null)];
        Assert.NotEmpty(closed);
        double Shift(double target) => target / Math.Exp(closed.Average(i => -Math.Log(variances[i]) / 3));
        double constant = source == FlatnessSource.Matched
            ? Shift(Math.Exp(closed.Average(i => Math.Log(measured[i]!.Value))))
            : 1 / Math.Exp(variances.Average(v => -Math.Log(v) / 3));
        var springs = new PlainSprings(N);
        for (int i = 0; i < 6; i++)
        {
            double? width = source == FlatnessSource.Measured ? measured[i] : constant * Math.Pow(variances[i], -1.0 / 3);
            if (width is { } f)
                springs.Add(0.2 / (f * f), modes.Direction(i), All.Flatten(task.Weights));
        }

        Quadratic.AssertSame(springs, memory, PlainSprings.Draw(N, 5));
        Assert.Equal(source == FlatnessSource.Measured ? closed.Length : 6, memory.Springs);
        var again = (LandscapeMemory)method.Remember(memory, task, new(1))!;       // the same springs twice are as many, twice as stiff
        Assert.Equal(memory.Springs, again.Springs);
        Close.Assert(2 * memory.AddGradient(1, PlainSprings.Draw(N, 6), new float[N]), again.AddGradient(1, PlainSprings.Draw(N, 6), new float[N]), 5e-6);
    }

    /// <summary>A window of T rows has T − 1 modes at most, however many are asked for: the last one's variance is rounding.</summary>
    [Theory]
    [InlineData(FlatnessSource.Measured)]
    [InlineData(FlatnessSource.Variance)]
    [InlineData(FlatnessSource.Matched)]
    public void LDC_of_more_modes_than_the_window_has_takes_all_it_has(FlatnessSource source)
    {
        var task = Trained(_folder["trained"]);
        var memory = (LandscapeMemory)new LandscapeConstraints { Lambda = 0.2, Modes = 10_000, Flatness = source }.Remember(null, task, new(1))!;
        Assert.InRange(memory.Springs, 1, task.Window!.Iterations - 1);
    }

    [Fact]
    public void Methods_that_watch_or_record_say_so_where_nothing_was()
    {
        Assert.StartsWith("Landscape-dependent constraints need the trajectory of the task's last epochs, but nothing was recorded.",
            Assert.Throws<ArgumentException>(() => new LandscapeConstraints { Lambda = 1 }.Remember(null, Learned(1), WorkOptions.Default)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Synaptic intelligence needs its observer of the task's training, but there was none.",
            Assert.Throws<ArgumentException>(() => new SynapticIntelligence { Lambda = 1 }.Remember(null, Learned(1), WorkOptions.Default)).Message, StringComparison.Ordinal);
        Assert.Null(new NoMethod().Remember(null, Learned(1), WorkOptions.Default));
    }

    /// <summary>ω = −Σ g δ over a path by a plain loop in double precision; Ω = max(ω, 0)/(Δ² + ξ) of all tasks, about the last.</summary>
    [Fact]
    public void Synaptic_intelligence_adds_up_work_along_the_path()
    {
        var method = new SynapticIntelligence { Lambda = 0.8, Damping = 0.01 };
        double[] importance = new double[N];
        IMemory? memory = null;
        float[] end = [];
        foreach (long seed in (long[])[1, 2])
        {
            var path = new PathIntegral(All);
            float[] start = All.Flatten(DenseWeights.Draw(Dense, Initialisation.He, seed)), at = start;
            double[] work = new double[N];
            for (int t = 0; t < 20; t++)
            {
                float[] gradient = PlainSprings.Draw(N, 100 * seed + t), step = PlainSprings.Draw(N, 200 * seed + t, 0.05);
                float[] next = [.. at.Zip(step.Zip(gradient, (s, g) => s - 0.005f * g), (w, d) => w + d)];
                path.Observe(at, gradient, next);
                for (int k = 0; k < N; k++)
                    work[k] -= (double)gradient[k] * ((double)next[k] - at[k]);
                at = next;
            }

            for (int k = 0; k < N; k++)
            {
                Close.Assert(work[k], path.Work[k], 1e-5, 1, $"work {k}");      // 20 sums in single precision, displacements rounded at weights of order 1
                double moved = (double)at[k] - start[k];
                importance[k] += Math.Max(work[k], 0) / (moved * moved + 0.01);
            }

            Assert.Contains(work, w => w < 0);
            var drawn = DenseWeights.Draw(Dense, Initialisation.He, seed);
            memory = method.Remember(memory, Learned(seed) with { Start = All.With(drawn, start), Weights = All.With(drawn, at), Observer = path }, WorkOptions.Default);
            end = at;
        }

        var springs = new PlainSprings(N);
        springs.Add([.. importance.Select(omega => 0.8 * omega)], end);
        Quadratic.AssertSame(springs, memory!, PlainSprings.Draw(N, 5), 5e-5);                 // as exact as the work
    }

    /// <summary>Small steps of the whole set: Σ ω = −Σ g·δ is the loss's fall but for ½ δᵀHδ a step, a share of about αλ/2 of it.</summary>
    [Fact]
    public void The_work_of_all_weights_is_the_losss_fall()
    {
        var data = new TrainingData(Samples, Samples);
        var path = new PathIntegral(All);
        var start = DenseWeights.Draw(Dense, Initialisation.He, 2);
        var plan = new TrainingPlan { Network = Dense, BatchSize = Samples.Count, LearningRate = 2e-3, Seed = 1, MaxEpochs = 200, ExtraEpochs = null, Recording = Recording.None, EvaluateEvery = 200 };
        var run = Trainer.Run(plan, data, _folder["run"], interventions: new() { Start = start, Observer = path });
        double fall = Performance.OnTest(start, data).Loss - run.Epochs[^1].TrainLoss;
        Assert.True(fall > 0.1);
        Close.Assert(fall, path.Work.Sum(w => (double)w), 0.01);                                // α = 2e-3 and curvatures of a few
    }

    /// <summary>A short run under each, explicitly and implicitly.</summary>
    private void AssertSameTraining(IProximalPenalty one, IProximalPenalty other, double relative)
    {
        var data = new TrainingData(Samples, Samples);
        foreach (var step in Enum.GetValues<PenaltyStep>())
        {
            var plan = new TrainingPlan { Network = Dense, BatchSize = 10, LearningRate = 0.05, Seed = 1, MaxEpochs = 3, ExtraEpochs = null, Recording = Recording.None };
            float[][] ends = [.. new[] { one, other }.Select(penalty =>
                All.Flatten(Trainer.Run(plan, data, _folder[$"{Guid.NewGuid()}"], interventions: new() { Penalty = penalty, PenaltyStep = step }).Weights))];
            AssertClose(ends[0], ends[1], relative);
            Assert.NotEqual(ends[0], All.Flatten(Trainer.Run(plan, data, _folder[$"{Guid.NewGuid()}"]).Weights));
        }
    }

    private static void AssertClose(float[] expected, float[] found, double relative)
    {
        for (int k = 0; k < expected.Length; k++)
            Close.Assert(expected[k], found[k], relative, expected.Max(Math.Abs), $"number {k}");
    }

    private static LearnedTask Learned(long seed)
    {
        var weights = DenseWeights.Draw(Dense, Initialisation.He, seed);
        return new() { Samples = Samples, Weights = weights, Start = weights, Space = All, BatchSize = 10, Seed = seed };
    }

    /// <summary>A task that was really learned, with its last two epochs.</summary>
    internal static LearnedTask Trained(string folder)
    {
        var plan = new TrainingPlan
        {
            Network = Dense,
            BatchSize = 10,
            LearningRate = 0.1,
            Seed = 1,
            MaxEpochs = 8,
            ExtraEpochs = null,
            Recording = Recording.All,
            RecordLast = 2,
            RecordedLayers = [1, 2],
            RecordBiases = true,
        };
        var run = Trainer.Run(plan, new(Samples, Samples), folder);
        using var trajectory = Trajectory.Open(run.TrajectoryPath!);
        return Learned(1) with { Weights = run.Weights, Window = trajectory.Last(trajectory.Iterations) };
    }

    /// <summary>½ of the curvature along every axis.</summary>
    private static double[] Strengths(IMemory memory)
    {
        float[] at = new float[N], there = new float[N];
        memory.AddGradient(1, at, at = new float[N]);
        return [.. Enumerable.Range(0, N).Select(k =>
        {
            float[] moved = new float[N];
            moved[k] = 1;
            Array.Clear(there);
            memory.AddGradient(1, moved, there);
            return ((double)there[k] - at[k]) / 2;
        })];
    }
}
