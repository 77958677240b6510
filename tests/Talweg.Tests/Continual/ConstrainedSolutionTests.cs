using MathNet.Numerics.LinearAlgebra;
using Talweg.Continual;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Tests.Networks;
using Talweg.Tests.Storage;
using Talweg.Training;

namespace Talweg.Tests.Continual;

/// <summary>Where two tasks pull, the weights come to rest where the constrained problem has its solution.</summary>
public sealed class ConstrainedSolutionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// min ½ (w − b)ᵀA(w − b) + R(w): explicit steps of the first, implicit ones of the second, which rest where the sum's gradient is 0. A = 1 to 4 along the axes, α = 0.2: 400 steps
    /// leave (1 − 0.2)⁴⁰⁰ = 1e-39. At rest rounding is left, of weights of order 1, as often as steps remember it: 1/(αA) = 5.
    /// </summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(10)]
    [InlineData(1e4)]
    public void Steps_and_implicit_steps_end_at_the_linear_problems_solution(double lambda)
    {
        const int n = 21;
        const double rate = 0.2;
        var space = WeightSpace.All(FullyConnected.Of(n, 1));
        var random = new RandomStream(1, "flatness");
        var springs = new PlainSprings(n);
        LandscapeMemory? memory = null;
        for (int task = 0; task < 2; task++)
        {
            var directions = Directions.Of(PlainSprings.Orthonormal(5, n, task), n);
            double?[] flatness = [.. Enumerable.Range(0, 5).Select(_ => (double?)(0.5 + random.NextDouble()))];
            float[] centre = PlainSprings.Draw(n, 10 + task);
            for (int i = 0; i < 5; i++)
                springs.Add(lambda / (flatness[i]!.Value * flatness[i]!.Value), directions[i], centre);
            var own = LandscapeMemory.Of(space, centre, directions, flatness, lambda);
            memory = memory?.And(own) ?? own;
        }

        double[] a = [.. Enumerable.Range(0, n).Select(k => 1 + 3.0 * k / (n - 1))], b = PlainSprings.Wide(PlainSprings.Draw(n, 3));
        double[] expected = springs.Minimum(Matrix<double>.Build.DenseOfDiagonalArray(a), b);
        float[] w = PlainSprings.Draw(n, 4);
        for (int step = 0; step < 400; step++)
        {
            for (int k = 0; k < n; k++)
                w[k] -= (float)(rate * a[k] * (w[k] - b[k]));
            memory!.Relax(rate, w);
        }

        for (int k = 0; k < n; k++)
            Close.Assert(expected[k], w[k], 1e-5, 1, $"weight {k}");
        Assert.True(b.Zip(expected, (x, y) => Math.Abs(x - y)).Max() > 0.01);       // the springs did pull
    }

    /// <summary>Softmax regression by full batches under springs, both ways: convex, so the run ends where ∂L/∂w + ∂R/∂w = 0.</summary>
    [Theory]
    [InlineData(PenaltyStep.Explicit)]
    [InlineData(PenaltyStep.Implicit)]
    public void A_run_of_full_batches_ends_where_the_forces_balance(PenaltyStep step)
    {
        var network = FullyConnected.Of(6, 6);
        var space = WeightSpace.All(network);
        var samples = SmallTasks.Of(2).Tasks[1].Train;
        double[] strengths = [.. Enumerable.Range(0, 36).Select(k => 0.05 + 0.01 * k)];
        float[] centre = PlainSprings.Draw(36, 1);
        var springs = new PlainSprings(36);
        springs.Add(strengths, centre);
        var plan = new TrainingPlan { Network = network, BatchSize = samples.Count, LearningRate = 0.2, Seed = 1, MaxEpochs = 2000, ExtraEpochs = null, Recording = Recording.None, EvaluateEvery = 2000 };
        var run = Trainer.Run(plan, new(samples, samples), _folder["run"], interventions: new() { Penalty = DiagonalMemory.Of("springs", space, strengths, centre), PenaltyStep = step });
        // Springs of 0.05 or more: (1 − 2·0.05·0.2)²⁰⁰⁰ = 3e-18 of the way is left. At rest a step of α times the force is lost in the roundings of its M summands, one a sample, each by
        // 1.2e-7 at most for weights up to 4: some √M of these, and as many again for what they are sums of.
        double allowed = 2 * Math.Sqrt(samples.Count) * 1.2e-7 / 0.2;
        using var reference = new TorchReference((DenseWeights)run.Weights, samples);
        double[] loss = reference.Gradient(samples, space), pull = springs.Gradient(PlainSprings.Wide(space.Flatten(run.Weights)));
        for (int k = 0; k < 36; k++)
            Close.Assert(0, loss[k] + pull[k], allowed, 1, $"force {k}");
        Assert.True(loss.Max(Math.Abs) > 0.02);
    }
}
