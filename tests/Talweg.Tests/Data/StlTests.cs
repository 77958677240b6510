using CsCheck;
using Talweg.Data;

namespace Talweg.Tests.Data;

public sealed class StlTests : IDisposable
{
    private static readonly DatasetDescription Stl = DatasetCatalogue.Get("stl10");
    private readonly TemporaryFolder _folder = new();

    private DataRoots Roots => new(null, null, _folder["root"]);

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("files"), InlineData("subfolder"), InlineData("tar.gz")]
    public void Columns_become_rows_and_labels_start_at_0(string form)
    {
        var files = BinaryBytes.StlFiles();
        files["class_names.txt"] = [.. "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n"u8];
        if (form == "tar.gz")
            Write("stl10_binary.tar.gz", BinaryBytes.Tar(files.Append(new("unlabeled_X.bin", new byte[1000])), "stl10_binary/"));
        else
            foreach (var (name, content) in files)
                Write(form == "subfolder" ? $"stl10_binary/{name}" : name, content);
        var set = Load();
        Assert.Equal((3, 2, 3, 96, 96), (set.Train.Count, set.Test.Count, set.Train.Channels, set.Train.Rows, set.Train.Columns));
        Assert.Equal([0, 9, 3], set.Train.ToClassIndices());
        Assert.Equal([1, 2], set.Test.ToClassIndices());
        for (int image = 0; image < 2; image++)
            for (int place = 0; place < 27648; place++)
                Assert.Equal(BinaryBytes.Pixel(2, image, place / 9216, place / 96 % 96, place % 96), set.Test.Image(image)[place]);
        Assert.Equal("7", set.ClassNames[7]);
    }

    [Fact]
    public void When_all_files_are_found_the_rest_of_the_archive_is_not_read()
    {
        var files = BinaryBytes.StlFiles();
        files["class_names.txt"] = [.. "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n"u8];
        byte[] archive = BinaryBytes.Tar(files.Append(new("unlabeled_X.bin", new byte[100_000])), packed: false);
        Write("stl10_binary.tar", archive[..^90_000]);
        Assert.Equal(3, Load().Train.Count);
    }

    /// <summary>The images without labels, whose gigabytes are read over, are not unpacked beyond what may come either.</summary>
    [Fact]
    public void An_archive_is_not_unpacked_beyond_what_photographs_shrink()
    {
        Write("stl10_binary.tar.gz", BinaryBytes.Tar([new("unlabeled_X.bin", new byte[80_000_000]), .. BinaryBytes.StlFiles()]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal($"{_folder["root/stl10/stl10_binary.tar.gz"]}: unpacked data: found more than 67108864 bytes, expected less", Assert.Throws<InputException>(Load).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    [Fact]
    public void Bad_files_are_refused_by_name_and_field()
    {
        AssertRefused("train_X.bin", BinaryBytes.Stl(1, 3)[..^1], "length: found 82943 bytes, expected a multiple of 27648: images of 3 × 96 × 96");
        AssertRefused("test_y.bin", [1, 2, 3], $"length: found 3 labels, expected 2, as many as images in {_folder["root/stl10/test_X.bin"]}");
        AssertRefused("train_y.bin", [1, 0, 2], "label 1: found 0, expected 1 to 10");
        AssertRefused("train_y.bin", [1, 2, 11], "label 2: found 11, expected 1 to 10");
        AssertRefused("train_y.bin", new byte[5_001], "length: found 5001 bytes, expected 1 to 5000");
        AssertRefused("test_y.bin", new byte[8_001], "length: found 8001 bytes, expected 1 to 8000");
        AssertRefused("class_names.txt", [.. "aeroplane"u8], "class names: found 1 lines of text, expected 10");
    }

    [Fact]
    public void Without_a_network_the_message_says_what_to_put_where()
    {
        string message = Assert.Throws<InputException>(() => Datasets.Load(Stl with { Mirrors = [] }, Roots, new DownloadLimits(), null, TestContext.Current.CancellationToken)).Message;
        Assert.Contains("To provide it, put train_X.bin, train_y.bin, test_X.bin, test_y.bin, or stl10_binary.tar.gz into FOLDER/stl10", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_lengths_and_labels_give_an_error_or_a_set_that_holds_together()
    {
        foreach (var (name, content) in BinaryBytes.StlFiles())
            Write(name, content);
        Gen.Select(Gen.Int[0, 4].Select(i => ((string[])["train_X.bin", "train_y.bin", "test_X.bin", "test_y.bin", "class_names.txt"])[i]), Gen.OneOf(Gen.Byte.Array[0, 5], Gen.Byte.Array[27648], Gen.Byte.Array[82944]))
            .Sample((file, bytes) => Holds(file, bytes), iter: 100);
    }

    private bool Holds(string name, byte[] bytes)
    {
        Write(name, bytes);
        try
        {
            var set = Load();
            return set.Train.Pixels.Length == set.Train.Count * 27648;
        }
        catch (InputException)
        {
            return true;
        }
    }

    private Dataset Load() => Datasets.Load(Stl, Roots, new DownloadLimits(), progress: null, TestContext.Current.CancellationToken);

    private void Write(string name, byte[] bytes) => _folder.Write($"root/stl10/{name}", bytes);

    private void AssertRefused(string file, byte[] bytes, string message)
    {
        foreach (var (name, content) in BinaryBytes.StlFiles())
            Write(name, content);
        Write(file, bytes);
        Assert.Equal($"{_folder[$"root/stl10/{file}"]}: {message}", Assert.Throws<InputException>(Load).Message);
    }
}
