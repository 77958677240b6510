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

    /// <summary>Stream (7, "weights"): SHA-256 by hashlib and xoshiro256** written out in Python 3, as are the numbers made of its bits.</summary>
    [Fact]
    public void Numbers_are_those_of_the_published_generator()
    {
        static RandomStream Open() => new(7, "weights");
        static T[] Draw<T>(int count, Func<RandomStream, T> draw)
        {
            var random = Open();
            return [.. Enumerable.Range(0, count).Select(_ => draw(random))];
        }

        Assert.Equal([6271770108337553537, 17229754962887927981, 1730985283922371168, 11986457042748941181], Draw(4, random => random.NextBits()));
        Assert.Equal([0.33999333883946115, 0.9340268881077997, 0.0938369002684536], Draw(3, random => random.NextDouble()));
        Assert.Equal([339, 934, 93, 649, 691, 797, 557, 815], Draw(8, random => random.Next(1000)));
        Assert.Equal([329, 924, 83], Draw(3, random => random.Next(-10, 990)));
        // Of 2³² a fifth is above the last multiple of 1.5e9 and is drawn again.
        Assert.Equal([974680707, 186902878, 1053211900, 1082864103, 4037243, 633534313, 241684315, 634750745, 1396186320, 61823556, 127877109, 1305013202], Draw(12, random => random.Next(1_500_000_000)));
        Assert.Equal([-0.19294342402944842, -0.7123038418599904, 0.6362723795196407, 0.23931439588819098], Draw(4, random => random.NextNormal()));
        byte[] bytes = new byte[6];
        Open().NextBytes(bytes);
        Assert.Equal([87, 239, 24, 166, 177, 204], bytes);
        Assert.Equal(3135885054168776768, RandomStream.DeriveSeed(7, "weights"));
        Assert.Equal(9490693097991593597UL, new RandomStream(-3, "ρ/1").NextBits());
    }

    [Fact]
    public void Ranges_end_before_their_upper_bound()
    {
        var random = new RandomStream(1, "ranges");
        Assert.Equal(0, random.Next(0));
        Assert.Equal(0, random.Next(1));
        Assert.Equal(5, random.Next(5, 6));
        Assert.Equal([0, 1], Enumerable.Range(0, 100).Select(_ => random.Next(2)).Distinct().Order());
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(-1));
        Assert.Throws<OverflowException>(() => random.Next(int.MinValue, int.MaxValue));
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

    /// <summary>All 24 orders of four, 400 of each expected: χ² of 23 degrees of freedom, 0.1% in either tail.</summary>
    [Fact]
    public void All_orders_are_as_likely()
    {
        var random = new RandomStream(4, "orders");
        int[] counts = [.. Enumerable.Range(0, 9600).Select(_ => string.Join("", random.Permutation(4))).CountBy(order => order).Select(order => order.Value)];
        Assert.Equal(24, counts.Length);
        Assert.InRange(counts.Sum(count => Math.Pow(count - 400, 2) / 400), 7.5, 49.7);
    }

    [Fact]
    public void A_permutation_holds_every_index_once() =>
        Assert.Equal(Enumerable.Range(0, 1000), new RandomStream(3, "order").Permutation(1000).Order());
}
