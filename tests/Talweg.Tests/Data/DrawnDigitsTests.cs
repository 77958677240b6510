using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using Talweg.Data;

namespace Talweg.Tests.Data;

public sealed class DrawnDigitsTests
{
    private static readonly ImageSet Thousand = DrawnDigits.DrawTrain(1000);

    [Fact]
    public void The_first_thousand_images_are_the_same_bytes_everywhere()
    {
        Assert.Equal("4ebc7a2145e8e4d611ec849b8dbe84d9fab81cfa35f1c1fc2e2b83e180d43a71", Convert.ToHexStringLower(SHA256.HashData(Thousand.Pixels.Span)));
        Assert.Equal("0a53bd138bf31ab85a39b9ec054e497a883f3815e0229a699c5c5566a55209e6", Convert.ToHexStringLower(SHA256.HashData(Thousand.Labels.Span)));
    }

    [Fact]
    public void An_image_does_not_depend_on_how_many_are_drawn() =>
        Assert.Equal(Thousand.First(10).Pixels.ToArray(), DrawnDigits.DrawTrain(10, TestContext.Current.CancellationToken).Pixels.ToArray());

    [Fact]
    public void Training_and_test_images_differ() =>
        Assert.NotEqual(Thousand.First(10).Pixels.ToArray(), DrawnDigits.DrawTest(10, TestContext.Current.CancellationToken).Pixels.ToArray());

    [Fact]
    public void All_digits_are_drawn_about_equally_often()
    {
        int[] counts = new int[10];
        foreach (long label in Thousand.ToClassIndices())
            counts[label]++;
        Assert.All(counts, count => Assert.InRange(count, 60, 140));           // 100 ± 4.2 standard deviations of a binomial
    }

    [Fact]
    public void The_background_stays_mostly_zero_as_in_MNIST() =>
        Assert.InRange(Thousand.Pixels.Span.Count((byte)0) / (double)Thousand.Pixels.Length, 0.75, 0.88);

    [Fact]
    public void No_image_is_nearly_empty()
    {
        for (int i = 0; i < Thousand.Count; i++)
            Assert.InRange(Thousand.PixelsPerImage - Thousand.Image(i).Count((byte)0), 20, 450);
    }

    [Fact]
    public void The_whole_set_has_the_checksum_on_record()
    {
        var debugging = typeof(DrawnDigits).Assembly.GetCustomAttribute<DebuggableAttribute>();
        Assert.SkipWhen(debugging is { IsJITOptimizerDisabled: true }, "Drawing 70,000 digits takes 10 s without optimisation: use -c Release.");
        var stop = TestContext.Current.CancellationToken;
        Assert.Equal(DrawnDigits.Checksum, Dataset.Of("digits", DrawnDigits.DrawTrain(cancellation: stop), DrawnDigits.DrawTest(cancellation: stop)).Checksum);
    }

    [Fact]
    public void A_damaged_cache_is_drawn_anew()
    {
        using var folder = new TemporaryFolder();
        string cached = DigitsCache.FolderIn(folder.Path);
        var drawn = Load(folder.Path);
        Assert.NotNull(SmallCache().TryRead(cached));
        using (var file = File.OpenWrite(Path.Combine(cached, "train-images-idx3-ubyte")))
        {
            file.Position = 1000;
            file.WriteByte(255);
        }
        Assert.Null(SmallCache().TryRead(cached));
        Assert.Equal(drawn.Checksum, Load(folder.Path).Checksum);
        Assert.NotNull(SmallCache().TryRead(cached));
        Assert.Equal(5, Directory.GetFiles(cached).Length);                    // four files and the lock; nothing unfinished
    }

    [Fact]
    public void The_cache_is_done_without_where_it_cannot_be_made()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(30, Load(folder.Write("a file", [1])).Train.Count);
    }

    [Fact]
    public async Task Many_may_ask_at_once()
    {
        using var folder = new TemporaryFolder();
        var sets = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Load(folder.Path))));
        Assert.Single(sets.Select(set => set.Checksum).Distinct());
    }

    private static Dataset Load(string cacheRoot) => SmallCache().Load(cacheRoot, progress: null, TestContext.Current.CancellationToken);

    private static DigitsCache SmallCache() => new(30, 20, Dataset.Of("digits", DrawnDigits.DrawTrain(30), DrawnDigits.DrawTest(20)).Checksum);
}
