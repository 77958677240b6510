using Talweg.Continual;
using Talweg.Networks;
using Talweg.Statistics;

namespace Talweg.Tests.Continual;

/// <summary>Springs at every weight, of one task and of several, against plain loops in double precision.</summary>
public sealed class DiagonalMemoryTests
{
    private static readonly WeightSpace Space = WeightSpace.All(FullyConnected.Parse("fc:5-4-3,bias"));     // 39 weights: two vectors and a rest
    private static readonly int N = Space.Dimension;

    public static TheoryData<string> Kinds => ["one", "three", "decayed", "moved", "some"];

    [Theory, MemberData(nameof(Kinds))]
    public void Value_and_gradient_are_the_sum_of_the_tasks_terms(string kind)
    {
        var (memory, springs) = Make(kind);
        foreach (long seed in (long[])[7, 8])
            Quadratic.AssertSame(springs, memory, PlainSprings.Draw(N, seed));
    }

    /// <summary>Strengths and their product with the centre, each as a double for sums over tasks and as a float for steps: 24 bytes a weight, however many tasks.</summary>
    [Theory, MemberData(nameof(Kinds))]
    public void It_takes_24_bytes_a_weight(string kind) => Assert.Equal(24L * N, Make(kind).Memory.Bytes);

    [Theory, MemberData(nameof(Kinds))]
    public void The_gradient_is_the_slope_of_the_value(string kind) => Quadratic.AssertSlopes(Make(kind).Memory, PlainSprings.Draw(N, 7));

    [Theory, MemberData(nameof(Kinds))]
    public void The_implicit_step_is_the_nearest_minimum(string kind)
    {
        var (memory, springs) = Make(kind);
        foreach (double rate in (double[])[1e-3, 0.1, 10])
            Quadratic.AssertRelaxed(springs, memory, rate, PlainSprings.Draw(N, 7));
    }

    [Fact]
    public void Springs_however_strong_leave_the_implicit_step_stable_and_the_explicit_one_not()
    {
        const double rate = 0.1;
        float[] centre = PlainSprings.Draw(N, 1);
        double[] strengths = new double[N];
        Array.Fill(strengths, 1e6);
        var memory = DiagonalMemory.Of("stiff", Space, strengths, centre);
        float[] implicitly = PlainSprings.Draw(N, 2), explicitly = [.. implicitly];
        double start = Distance(implicitly, centre);
        for (int step = 0; step < 5; step++)
        {
            memory.Relax(rate, implicitly);
            float[] gradient = new float[N];
            memory.AddGradient(1, explicitly, gradient);
            for (int k = 0; k < N; k++)
                explicitly[k] -= (float)rate * gradient[k];
        }

        // Every step multiplies the distance by 1/(1 + 2αs) = 5e-6 or by 1 − 2αs = −2e5; five of the former end within the rounding of weights of order 1.
        Assert.True(Distance(implicitly, centre) < 1e-6 * start);
        Assert.True(Distance(explicitly, centre) > 1e25 * start);
    }

    [Fact]
    public void What_is_left_of_two_springs_at_their_common_centre_is_the_offset()
    {
        var one = DiagonalMemory.Of("a", Space, Fill(3), new float[N]);
        var other = DiagonalMemory.Of("b", Space, Fill(6), Array.ConvertAll(Fill(0), _ => 2f));
        var both = one.And(other);
        // Springs 3 and 6 in a row are one of 3·6/(3 + 6) = 2, stretched by 2: 2·2² = 8 a weight. They balance at 2·6/9 = 4/3.
        Assert.Equal(8.0 * N, both.Offset, 1e-9);
        float[] gradient = new float[N], balance = Array.ConvertAll(Fill(0), _ => 4f / 3);
        Assert.Equal(8.0 * N, both.AddGradient(1, balance, gradient), 1e-9);
        Assert.All(gradient, slope => Assert.InRange(Math.Abs(slope), 0, 2e-6));       // 4/3 is rounded by 4e-8, the springs are 18
        Assert.Equal(0, one.Moved(other, 0.5).Offset);
    }

    [Fact]
    public void Weights_without_springs_do_not_move()
    {
        var free = DiagonalMemory.Of("none", Space, new double[N], PlainSprings.Draw(N, 1));
        var memory = free.And(DiagonalMemory.Of("none", Space, new double[N], PlainSprings.Draw(N, 2)));
        float[] weights = PlainSprings.Draw(N, 3), gradient = new float[N];
        Assert.Equal(0, memory.AddGradient(1, weights, gradient));
        Assert.All(gradient, slope => Assert.Equal(0, slope));
    }

    [Fact]
    public void Descriptions_tell_apart_what_differs_and_memory_does_not_grow_with_tasks()
    {
        double[] strengths = Fill(1);
        float[] centre = PlainSprings.Draw(N, 1);
        var memory = DiagonalMemory.Of("l2:lambda=1", Space, strengths, centre);
        Assert.StartsWith("l2:lambda=1, springs ", memory.Description, StringComparison.Ordinal);
        Assert.Equal(memory.Description, DiagonalMemory.Of("l2:lambda=1", Space, strengths, centre).Description);
        strengths[^1] = 1.5;
        Assert.NotEqual(memory.Description, DiagonalMemory.Of("l2:lambda=1", Space, strengths, centre).Description);
        strengths[^1] = 1;
        centre[0] += 1;
        var other = DiagonalMemory.Of("l2:lambda=1", Space, strengths, centre);
        Assert.NotEqual(memory.Description, other.Description);
        Assert.NotEqual(memory.Description, memory.And(other).Description);
        Assert.Equal(memory.Bytes, memory.And(other).And(other).Bytes);
    }

    [Fact]
    public void Numbers_that_do_not_fit_are_refused()
    {
        Assert.StartsWith($"The weight space has {N} weights, but there are 3 strengths and {N} centres.",
            Assert.Throws<ArgumentException>(() => DiagonalMemory.Of("a", Space, new double[3], new float[N])).Message, StringComparison.Ordinal);
        Assert.StartsWith($"The weight space has {N} weights, but there are {N} strengths and 2 centres.",
            Assert.Throws<ArgumentException>(() => DiagonalMemory.Of("a", Space, new double[N], new float[2])).Message, StringComparison.Ordinal);
        foreach (double wrong in (double[])[-1, double.NaN, double.PositiveInfinity])
        {
            double[] strengths = Fill(1);
            strengths[4] = wrong;
            Assert.StartsWith($"Strengths must be 0 or positive numbers, but there is {wrong}.",
                Assert.Throws<ArgumentException>(() => DiagonalMemory.Of("a", Space, strengths, new float[N])).Message, StringComparison.Ordinal);
        }
    }

    private static (DiagonalMemory Memory, PlainSprings Springs) Make(string kind)
    {
        var springs = new PlainSprings(N);
        double[][] strengths = [Strengths(1, kind == "some"), Strengths(2, kind == "some"), Strengths(3, kind == "some")];
        float[][] centres = [PlainSprings.Draw(N, 11), PlainSprings.Draw(N, 12), PlainSprings.Draw(N, 13)];
        var one = DiagonalMemory.Of("one", Space, strengths[0], centres[0]);
        var two = DiagonalMemory.Of("two", Space, strengths[1], centres[1]);
        var three = DiagonalMemory.Of("three", Space, strengths[2], centres[2]);
        switch (kind)
        {
            case "one":
                springs.Add(strengths[0], centres[0]);
                return (one, springs);
            case "decayed":
                // γ weakens all that came before: 0.3·(0.3·one + two) + three.
                springs.Add([.. strengths[0].Select(s => 0.09 * s)], centres[0]);
                springs.Add([.. strengths[1].Select(s => 0.3 * s)], centres[1]);
                springs.Add(strengths[2], centres[2]);
                return (one.And(two, 0.3).And(three, 0.3), springs);
            case "moved":
                springs.Add([.. Enumerable.Range(0, N).Select(k => 0.09 * strengths[0][k] + 0.3 * strengths[1][k] + strengths[2][k])], centres[2]);
                return (one.Moved(two, 0.3).Moved(three, 0.3), springs);
            default:
                for (int task = 0; task < 3; task++)
                    springs.Add(strengths[task], centres[task]);
                return (one.And(two).And(three), springs);
        }
    }

    /// <summary>Over a decade; some of them 0 if asked.</summary>
    private static double[] Strengths(long seed, bool some)
    {
        var random = new RandomStream(seed, "strengths");
        return [.. Enumerable.Range(0, N).Select(k => some && (k + seed) % 3 > 0 ? 0 : Math.Exp(2 * random.NextDouble()))];
    }

    private static double[] Fill(double value)
    {
        double[] numbers = new double[N];
        Array.Fill(numbers, value);
        return numbers;
    }

    private static double Distance(float[] from, float[] to) => Math.Sqrt(from.Zip(to, (a, b) => ((double)a - b) * ((double)a - b)).Sum());
}
