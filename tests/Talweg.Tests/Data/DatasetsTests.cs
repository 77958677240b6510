using System.Security.Cryptography;
using Talweg.Data;

namespace Talweg.Tests.Data;

public sealed class DatasetsTests : IDisposable
{
    private static readonly DatasetDescription Mnist = DatasetCatalogue.Get("mnist"), Fashion = DatasetCatalogue.Get("fashion-mnist");
    private readonly TemporaryFolder _folder = new();

    private DataRoots Roots => new(null, null, _folder["cache"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_unknown_name_lists_the_known_ones_and_the_nearest()
    {
        Assert.Equal("data set: name: found \"fashion_mnist\", expected one of mnist, fashion-mnist, cifar10, stl10, digits, folder:PATH, idx:IMAGES,LABELS; did you mean \"fashion-mnist\"?",
            Assert.Throws<InputException>(() => Datasets.Load("fashion_mnist", cancellation: TestContext.Current.CancellationToken)).Message);
        Assert.Equal("data set: name: found \"imagenet-21k\", expected one of mnist, fashion-mnist, cifar10, stl10, digits, folder:PATH, idx:IMAGES,LABELS",
            Assert.Throws<InputException>(() => Datasets.Inspect("imagenet-21k")).Message);
        Assert.EndsWith("did you mean \"mnist\"?", Assert.Throws<InputException>(() => DatasetCatalogue.Get("MNIST")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_root_that_does_not_exist_is_a_mistake() =>
        Assert.Equal($"--data-root: folder: found \"{_folder["none"]}\", which does not exist, expected a folder with data sets",
            Assert.Throws<InputException>(() => DatasetLocator.Find("mnist", _folder["none"])).Message);

    /// <summary>Also as torchvision lays them out; and only mnist may lie in the root itself.</summary>
    [Fact]
    public void The_named_root_is_the_only_one_and_has_several_places()
    {
        DataRoots option = new(_folder["explicit"], _folder["environment"], _folder["cache"]), variable = option with { Explicit = null };
        foreach (string folder in (string[])["", "MNIST/raw", "mnist"])
        {
            foreach (var (roots, root) in new[] { (option, "explicit"), (variable, "environment"), (Roots, "cache") })
            {
                Put($"{root}/{folder}");
                Assert.Equal(Path.GetFullPath(_folder[$"{root}/{folder}"]).TrimEnd('/'), Path.GetFullPath(DatasetLocator.Find(Mnist, roots)!.Folder).TrimEnd('/'));
            }
        }

        Assert.Null(DatasetLocator.Find(Fashion, option));
        Put("explicit/FashionMNIST/raw");
        Assert.NotNull(DatasetLocator.Find(Fashion, option));
    }

    [Fact]
    public void A_named_root_without_the_data_is_refused_though_others_have_them()
    {
        Put("environment/mnist");
        Put("cache/mnist");
        _folder.Write("explicit/mnist/train-images-idx3-ubyte", [1]);
        var option = new DataRoots(_folder["explicit"], _folder["environment"], _folder["cache"]);
        string[] lines = Assert.Throws<InputException>(() => Datasets.Load(Mnist, option, new DownloadLimits(), null, TestContext.Current.CancellationToken)).Message.Split('\n');
        string root = _folder["explicit"];
        Assert.Equal(
        [
            $"mnist: not in {root}, which --data-root names; looked in",
            $"  {Path.Combine(root, "mnist")}: lacks train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte",
            $"  {Path.Combine(root, "MNIST", "raw")}: no such folder",
            $"  {root}: none of the files",
        ], lines[..^1]);
        Assert.StartsWith("Expected in one of these: train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte (plain or .gz). Put them there, name another folder, or leave --data-root out:", lines[^1], StringComparison.Ordinal);
        var variable = new DataRoots(null, _folder["nowhere"], _folder["cache"]);
        Assert.StartsWith($"mnist: not in {_folder["nowhere"]}, which TALWEG_DATA names; looked in\n", Assert.Throws<InputException>(() => Datasets.Load(Mnist, variable, new DownloadLimits(), null, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        var status = Datasets.Inspect(Mnist, variable, read: false);
        Assert.Equal((DatasetPresence.Missing, $"not in {_folder["nowhere"]}, which TALWEG_DATA names"), (status.Presence, status.Remark));
    }

    [Fact]
    public void The_files_that_were_read_are_said()
    {
        Put("cache/mnist", ".gz");
        string folder = _folder["cache/mnist"];
        var source = Load().Source;
        Assert.Equal(Mnist.Files.Select(file => Path.Combine(folder, $"{file.Name}.gz")), source.Files);
        Assert.Equal($"{folder}: train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz", $"{source}");
        Assert.Equal("drawn by Talweg", $"{new DatasetSource([]) { Remark = "drawn by Talweg" }}");
        Assert.Equal("/a/b; passed over: x\\u001B[31m", $"{new DatasetSource(["/a/b"]) { PassedOver = ["x\u001B[31m"] }}");
    }

    /// <summary>No file of that name was ever published so large: it is another set's, or a bomb.</summary>
    [Fact]
    public void A_file_that_claims_more_than_was_published_is_refused_unread()
    {
        Put("cache/mnist");
        string path = _folder.Write("cache/mnist/train-images-idx3-ubyte", IdxBytes.Pack([.. IdxBytes.Header(0x0803, 60_001, 28, 28), 1]));
        Assert.Equal($"{path}: stated size: found 60001 × 28 × 28, a file of 47040800 bytes, expected at most 47040016, as published; --data idx:IMAGES,LABELS[,TESTIMAGES,TESTLABELS] reads other files",
            Assert.Throws<InputException>(Load).Message);
    }

    [Theory, InlineData("", "-idx"), InlineData(".gz", "-idx"), InlineData("", ".idx"), InlineData(".gz", ".idx")]
    public void All_spellings_of_the_file_names_are_found(string end, string separator)
    {
        Put("cache/mnist", end, separator);
        Assert.All(DatasetLocator.Find(Mnist, Roots)!.Paths, path => Assert.True(File.Exists(path)));
    }

    [Fact]
    public void The_checksum_is_that_of_the_four_unpacked_files_one_after_the_other()
    {
        Put("cache/mnist");
        var set = Load();
        byte[] all = [.. IdxBytes.Images(30, 2, 2), .. IdxBytes.Labels(30), .. IdxBytes.Images(10, 2, 2), .. IdxBytes.Labels(10)];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(all)), set.Checksum);
        Put("environment/mnist", ".gz");
        Assert.Equal(set.Checksum, Load().Checksum);
    }

    [Fact]
    public void Training_and_test_images_must_have_one_size()
    {
        Put("cache/mnist");
        _folder.Write("cache/mnist/t10k-images-idx3-ubyte", IdxBytes.Images(10, 3, 2));
        Assert.Contains("image size: found 3 × 2, expected 2 × 2", Assert.Throws<InputException>(Load).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspecting_tells_where_how_many_and_whether_published()
    {
        Put("cache/mnist");
        var quick = Datasets.Inspect(Mnist, Roots, read: false);
        Assert.Equal((DatasetPresence.Present, null, null), (quick.Presence, quick.TrainCount, quick.Published));
        var status = Datasets.Inspect(Mnist, Roots, read: true);
        Assert.Equal((30, 10, ChecksumVerdict.Differs), (status.TrainCount, status.TestCount, status.Published));
        Assert.Null(status.Problem);
    }

    [Fact]
    public void Inspecting_damage_reports_it_as_the_problem()
    {
        Put("cache/mnist");
        _folder.Write("cache/mnist/t10k-labels-idx1-ubyte", IdxBytes.Images(10, 2, 2));
        Assert.Contains("magic number", Datasets.Inspect(Mnist, Roots, read: true).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_files_of_a_set_published_only_packed_cannot_be_judged()
    {
        Put("cache/fashion-mnist");
        Assert.Equal(ChecksumVerdict.Unknown, Datasets.Inspect(Fashion, Roots, read: true).Published);
    }

    [Fact]
    public void What_is_absent_is_to_be_downloaded_or_drawn()
    {
        Assert.Equal(DatasetPresence.ToDownload, Datasets.Inspect(Mnist, Roots, read: true).Presence);
        Assert.Equal(DatasetPresence.ToDraw, Datasets.Inspect(DatasetCatalogue.Get("digits"), Roots, read: true).Presence);
    }

    [Fact]
    public void Every_public_set_has_mirrors_that_end_in_a_slash_and_a_checksum_for_each_file()
    {
        foreach (var set in DatasetCatalogue.All.Where(set => !set.IsDrawn))
        {
            Assert.All(set.Mirrors, mirror => Assert.EndsWith("/", mirror.AbsoluteUri, StringComparison.Ordinal));
            Assert.True(set.Mirrors.Count >= 2);
            Assert.Equal(set.Name.EndsWith("mnist", StringComparison.Ordinal) ? 4 : 1, set.Files.Select(file => file.Md5).Distinct().Count(md5 => md5.Length == 32));
        }
    }

    [Fact]
    public void The_real_MNIST_is_read_and_recognised()
    {
        string? root = Environment.GetEnvironmentVariable(DataRoots.Variable);
        Assert.SkipWhen(root is null || DatasetLocator.FindIn(Path.Combine(root, "mnist"), Mnist) is null, "TALWEG_DATA names no folder with mnist/.");
        var status = Datasets.Inspect("mnist");
        Assert.Equal((60_000, 10_000, ChecksumVerdict.Matches), (status.TrainCount, status.TestCount, status.Published));
        var set = Datasets.Load("mnist", cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([5, 0, 4, 1, 9], set.Train.First(5).ToClassIndices());
        Assert.Equal((28, 28), (set.Test.Rows, set.Test.Columns));
        Assert.Equal(status.Checksum, set.Checksum);
    }

    private Dataset Load() => Datasets.Load(Mnist, Roots, new DownloadLimits(), progress: null, TestContext.Current.CancellationToken);

    private void Put(string folder, string end = "", string separator = "-idx")
    {
        byte[][] contents = [IdxBytes.Images(30, 2, 2), IdxBytes.Labels(30), IdxBytes.Images(10, 2, 2), IdxBytes.Labels(10)];
        foreach (var (file, content) in Mnist.Files.Zip(contents))
            _folder.Write($"{folder}/{file.Name.Replace("-idx", separator, StringComparison.Ordinal)}{end}", end.Length > 0 ? IdxBytes.Pack(content) : content);
    }
}
