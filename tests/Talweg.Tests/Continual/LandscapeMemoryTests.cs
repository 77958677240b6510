using Talweg.Continual;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Statistics;

namespace Talweg.Tests.Continual;

/// <summary>Springs along modes, of one task and of several with other centres and modes askew to each other, against plain loops in double precision.</summary>
public sealed class LandscapeMemoryTests
{
    private const double Lambda = 3;

    /// <summary>Weights a layer, and modes of each task: fewer than the weights, as many together, more together, a multiple of the vectors' width.</summary>
    public static TheoryData<string, int[]> Cases => new()
    {
        { "fc:37-1", [5] },
        { "fc:37-1", [5, 7, 9] },
        { "fc:19-1", [8, 8, 8] },
        { "fc:64-1", [1, 64, 3] },
        { "fc:7-1", [7, 7, 7] },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Value_and_gradient_are_the_sum_of_the_tasks_terms(string network, int[] modes)
    {
        var (memory, springs) = Make(network, modes);
        foreach (long seed in (long[])[7, 8])
            Quadratic.AssertSame(springs, memory, PlainSprings.Draw(memory.Space.Dimension, seed));
        Assert.True(memory.Springs <= memory.Space.Dimension);
        Assert.True(memory.Springs >= Math.Min(modes.Sum(), memory.Space.Dimension));
    }

    [Theory, MemberData(nameof(Cases))]
    public void The_gradient_is_the_slope_of_the_value(string network, int[] modes)
    {
        var (memory, _) = Make(network, modes);
        Quadratic.AssertSlopes(memory, PlainSprings.Draw(memory.Space.Dimension, 7));
    }

    [Theory, MemberData(nameof(Cases))]
    public void The_implicit_step_is_the_nearest_minimum(string network, int[] modes)
    {
        var (memory, springs) = Make(network, modes);
        foreach (double rate in (double[])[1e-3, 0.1, 10])
            Quadratic.AssertRelaxed(springs, memory, rate, PlainSprings.Draw(memory.Space.Dimension, 7));
    }

    /// <summary>Three tasks at λ = 1e6: a rounding of 6e-8 in a stiff spring's direction is what an implicit step of α = 0.1 may leave.</summary>
    [Fact]
    public void Springs_however_strong_leave_the_implicit_step_stable_and_the_explicit_one_not()
    {
        var (memory, springs) = Make("fc:37-1", [5, 7, 9], 1e6);
        int n = memory.Space.Dimension;
        float[] implicitly = PlainSprings.Draw(n, 7), explicitly = [.. implicitly];
        Quadratic.AssertRelaxed(springs, memory, 0.1, implicitly, 1e-5);
        double start = springs.Value(PlainSprings.Wide(implicitly)), least = springs.Value(springs.Relaxed(1e12, PlainSprings.Wide(implicitly)));
        for (int step = 0; step < 5; step++)
        {
            memory.Relax(0.1, implicitly);
            float[] gradient = new float[n];
            memory.AddGradient(1, explicitly, gradient);
            for (int k = 0; k < n; k++)
                explicitly[k] -= 0.1f * gradient[k];
        }

        // Of the start's energy nothing is left but what no weights can avoid: 21 springs in 37 dimensions can all rest, so rounding.
        Assert.True(least < 1e-6 * start);
        Assert.True(springs.Value(PlainSprings.Wide(implicitly)) < 1e-6 * start);
        Assert.True(springs.Value(PlainSprings.Wide(explicitly)) > 1e20 * start);
    }

    [Fact]
    public void The_same_directions_again_need_no_more_springs()
    {
        var space = Space("fc:23-1");
        double[] rows = PlainSprings.Orthonormal(6, 23, 1);
        var directions = Directions.Of(rows, 23);
        double?[] flatness = [1, 2, 0.5, 1.5, 3, 0.7];
        float[] first = PlainSprings.Draw(23, 1), second = PlainSprings.Draw(23, 2);
        var both = LandscapeMemory.Of(space, first, directions, flatness, Lambda).And(LandscapeMemory.Of(space, second, directions, flatness, Lambda));
        Assert.Equal(6, both.Springs);
        var springs = new PlainSprings(23);
        foreach (float[] centre in (float[][])[first, second])
        {
            for (int i = 0; i < 6; i++)
                springs.Add(Lambda / (flatness[i]!.Value * flatness[i]!.Value), directions[i], centre);
        }

        float[] weights = PlainSprings.Draw(23, 3);
        Quadratic.AssertSame(springs, both, weights);
        Quadratic.AssertRelaxed(springs, both, 0.3, weights);
    }

    [Fact]
    public void A_direction_without_a_flatness_is_not_constrained()
    {
        var space = Space("fc:23-1");
        var directions = Directions.Of(PlainSprings.Orthonormal(4, 23, 1), 23);
        float[] centre = PlainSprings.Draw(23, 1), weights = PlainSprings.Draw(23, 2);
        var memory = LandscapeMemory.Of(space, centre, directions, [null, 2, null, 0.5], Lambda);
        var springs = new PlainSprings(23);
        springs.Add(Lambda / 4, directions[1], centre);
        springs.Add(Lambda * 4, directions[3], centre);
        Assert.Equal(2, memory.Springs);
        Quadratic.AssertSame(springs, memory, weights);
        foreach (var free in (LandscapeMemory[])[LandscapeMemory.Of(space, centre, directions, [null, null, null, null], Lambda), LandscapeMemory.Of(space, centre, directions, [1, 1, 1, 1], 0)])
        {
            float[] moved = [.. weights], gradient = new float[23];
            free.Relax(0.5, moved);
            Assert.Equal(weights, moved);
            Assert.Equal((0.0, 0), (free.AddGradient(1, weights, gradient), free.Springs));
            Assert.All(gradient, slope => Assert.Equal(0, slope));
            Quadratic.AssertSame(springs, free.And(memory), weights);
            Quadratic.AssertSame(springs, memory.And(free), weights);
        }
    }

    [Fact]
    public void Descriptions_tell_apart_what_differs()
    {
        var space = Space("fc:23-1");
        var directions = Directions.Of(PlainSprings.Orthonormal(2, 23, 1), 23);
        float[] centre = PlainSprings.Draw(23, 1);
        string Describe(double? flatness, double lambda, float[] at) => LandscapeMemory.Of(space, at, directions, [1, flatness], lambda).Description;
        Assert.Equal(Describe(2, 1, centre), Describe(2, 1, centre));
        Assert.NotEqual(Describe(2, 1, centre), Describe(2.1, 1, centre));
        Assert.NotEqual(Describe(2, 1, centre), Describe(2, 1.1, centre));
        Assert.NotEqual(Describe(2, 1, centre), Describe(2, 1, PlainSprings.Draw(23, 2)));
        Assert.StartsWith("landscape-dependent constraints ", Describe(2, 1, centre), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_are_those_of_the_springs()
    {
        var (one, _) = Make("fc:64-1", [4]);
        var (three, _) = Make("fc:64-1", [4, 4, 4]);
        // 64 weights fill whole vectors, and rows come in groups of eight: 4 springs take 8 of them, 12 take 16; then centre, offsets and stiffnesses.
        Assert.Equal(4 * (8 * 64 + 64 + 4) + 8 * 4, one.Bytes);
        Assert.Equal(4 * (16 * 64 + 64 + 12) + 8 * 12, three.Bytes);
    }

    [Fact]
    public void Numbers_that_do_not_fit_are_refused()
    {
        var space = Space("fc:23-1");
        var directions = Directions.Of(PlainSprings.Orthonormal(2, 23, 1), 23);
        float[] centre = new float[23];
        Assert.StartsWith("The weight space has 23 weights, but the centre has 22 and the directions have 23.",
            Assert.Throws<ArgumentException>(() => LandscapeMemory.Of(space, new float[22], directions, [1, 1], 1)).Message, StringComparison.Ordinal);
        Assert.StartsWith("The weight space has 7 weights, but the centre has 7 and the directions have 23.",
            Assert.Throws<ArgumentException>(() => LandscapeMemory.Of(Space("fc:7-1"), new float[7], directions, [1, 1], 1)).Message, StringComparison.Ordinal);
        Assert.StartsWith("There are 2 directions, but 1 values of flatness.",
            Assert.Throws<ArgumentException>(() => LandscapeMemory.Of(space, centre, directions, [1], 1)).Message, StringComparison.Ordinal);
        foreach (double wrong in (double[])[-1, double.NaN, double.PositiveInfinity])
        {
            Assert.StartsWith("λ must be 0 or a positive number.",
                Assert.Throws<ArgumentOutOfRangeException>(() => LandscapeMemory.Of(space, centre, directions, [1, 1], wrong)).Message, StringComparison.Ordinal);
        }

        foreach (double wrong in (double[])[0, -2, double.NaN, double.PositiveInfinity])
        {
            Assert.StartsWith($"A flatness must be a positive number or null, but there is {wrong}.",
                Assert.Throws<ArgumentException>(() => LandscapeMemory.Of(space, centre, directions, [1, wrong], 1)).Message, StringComparison.Ordinal);
        }
    }

    private static WeightSpace Space(string network) => WeightSpace.All(FullyConnected.Parse(network));

    /// <summary>Every task with random orthonormal modes of its own and widths over a factor of four, that is strengths over sixteen.</summary>
    private static (LandscapeMemory Memory, PlainSprings Springs) Make(string network, int[] modes, double lambda = Lambda)
    {
        var space = Space(network);
        var springs = new PlainSprings(space.Dimension);
        var random = new RandomStream(1, "flatness");
        LandscapeMemory? memory = null;
        for (int task = 0; task < modes.Length; task++)
        {
            var directions = Directions.Of(PlainSprings.Orthonormal(modes[task], space.Dimension, task), space.Dimension);
            float[] centre = PlainSprings.Draw(space.Dimension, 20 + task);
            double?[] flatness = [.. Enumerable.Range(0, modes[task]).Select(_ => (double?)(0.5 * Math.Pow(4, random.NextDouble())))];
            for (int i = 0; i < modes[task]; i++)
                springs.Add(lambda / (flatness[i]!.Value * flatness[i]!.Value), directions[i], centre);
            var own = LandscapeMemory.Of(space, centre, directions, flatness, lambda);
            memory = memory?.And(own) ?? own;
        }

        return (memory!, springs);
    }
}
