using Talweg.Statistics;

namespace Talweg.Tests.Statistics;

public sealed class RandomStreamTests
{
    [Fact]
    public void Same_seed_and_name_give_the_same_numbers_and_other_names_others()
    {
        var first = new RandomStream(7, "weights");
        var again = new RandomStream(7, "weights");
        var other = new RandomStream(7, "minibatches");
        ulong[] bits = [.. Enumerable.Range(0, 100).Select(_ => first.NextBits())];
        Assert.Equal(bits, Enumerable.Range(0, 100).Select(_ => again.NextBits()));
        Assert.NotEqual(bits, Enumerable.Range(0, 100).Select(_ => other.NextBits()));
    }

    /// <summary>All that the base class offers: none of it may come of a generator of its own.</summary>
    [Fact]
    public void Everything_that_is_drawn_comes_of_the_stream()
    {
        string Draw()
        {
            var random = new RandomStream(7, "all");
            byte[] bytes = new byte[40], span = new byte[40];
            random.NextBytes(bytes);
            random.NextBytes(span.AsSpan());
            Assert.NotEqual(bytes, span);
            return $"{Convert.ToHexString(bytes)} {Convert.ToHexString(span)} {random.NextInt64()} {random.NextInt64(9, 1L << 50)} {random.NextSingle()} {random.Next()} {random.Next(5, 900)} {random.NextDouble()}";
        }

        Assert.Equal(Draw(), Draw());
    }

    [Fact]
    public void Bounded_integers_are_uniform()
    {
        var random = new RandomStream(1, "uniform");
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++)
            counts[random.Next(7)]++;
        double chiSquared = counts.Sum(count => Math.Pow(count - 10_000, 2) / 10_000);
        Assert.InRange(chiSquared, 0.3, 22.5);   // six degrees of freedom: 0.1% in either tail
    }

    [Fact]
    public void Normal_numbers_have_the_moments_of_a_standard_normal()
    {
        var random = new RandomStream(1, "normal");
        double[] draws = [.. Enumerable.Range(0, 200_000).Select(_ => random.NextNormal())];
        Assert.Equal(0, draws.Average(), 4 / Math.Sqrt(draws.Length));
        Assert.Equal(1, draws.Average(x => x * x), 4 * Math.Sqrt(2.0 / draws.Length));
        Assert.Equal(3, draws.Average(x => x * x * x * x), 4 * Math.Sqrt(96.0 / draws.Length));
    }

    [Fact]
    public void A_permutation_holds_every_index_once() =>
        Assert.Equal(Enumerable.Range(0, 1000), new RandomStream(3, "order").Permutation(1000).Order());
}
