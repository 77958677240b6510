using Talweg.Data;

namespace Talweg.Tests.Data;

public sealed class PictureFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Pictures => _folder["pictures"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Classes_are_taken_in_turn_in_the_order_of_their_names()
    {
        foreach (var (name, seed) in new[] { ("train/zebra/a.png", 1), ("train/zebra/b.PNG", 2), ("train/ant/2.jpeg.png", 3), ("train/ant/10.png", 4), ("train/ant/3.png", 5), ("test/zebra/x.png", 6) })
            Put(name, seed);
        _folder.Write("pictures/readme.txt", [1]);
        _folder.Write("pictures/train/ant/.hidden", [1]);
        var set = Load();
        Assert.Equal(["ant", "zebra"], set.ClassNames);
        Assert.Equal((5, 1, "3 × 4 × 3", 2, $"folder:{Pictures}"), (set.Train.Count, set.Test.Count, set.Train.Size, set.Train.Classes, set.Name));
        Assert.Equal([0, 1, 0, 1, 0], set.Train.ToClassIndices());
        Assert.Equal([1], set.Test.ToClassIndices());
        int[] seeds = [4, 1, 3, 2, 5];
        for (int image = 0; image < 5; image++)
            Assert.Equal(PictureBytes.Values(seeds[image], 3, 4, 3), set.Train.Image(image));
        Assert.Equal(PictureBytes.Values(6, 3, 4, 3), set.Test.Image(0));
    }

    /// <summary>What operating systems leave in every folder, whatever is in it, and what people leave beside the classes.</summary>
    [Fact]
    public void What_is_no_picture_of_ours_is_passed_over_and_said()
    {
        foreach (string name in (string[])["train/a/1.png", "train/b/1.png", "test/a/1.png", "val/a/1.png"])
            Put(name, 1);
        string[] passedOver = [".DS_Store", "LICENSE", "val", "train/.ipynb_checkpoints/x.png", "train/a/._1.png", "train/a/Thumbs.db", "train/b/Desktop.ini", "test/__MACOSX/a/1.png"];
        foreach (string name in passedOver.Where(name => name != "val"))
            _folder.Write($"pictures/{name}", [1]);
        var source = Load().Source;
        Assert.Equal([Pictures], source.Files);
        Assert.Equal([".DS_Store", "LICENSE", "test/__MACOSX", "train/.ipynb_checkpoints", "train/a/._1.png", "train/a/Thumbs.db", "train/b/Desktop.ini", "val"], source.PassedOver.Order(StringComparer.Ordinal));
        Assert.StartsWith($"{Pictures}; passed over: .DS_Store, LICENSE, val, ", $"{source}", StringComparison.Ordinal);
    }

    [Theory, InlineData("val"), InlineData("valid"), InlineData("validation")]
    public void A_validation_set_is_a_test_set_where_there_is_no_other(string folder)
    {
        foreach (string name in (string[])["train/a/1.png", "train/b/1.png", $"{folder}/b/1.png"])
            Put(name, name.Length);
        var set = Load();
        Assert.Equal((2, 1, 1), (set.Train.Count, set.Test.Count, set.Test.Label(0)));
        Put(folder == "val" ? "valid/a/1.png" : "val/a/1.png", 1);
        Assert.StartsWith($"{Pictures}: folders: found train with val and valid", Message(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_train_and_test_every_fifth_picture_of_a_class_is_for_the_test()
    {
        foreach (string name in (string[])["a", "b"])
            for (int i = 0; i < 11; i++)
                Put($"{name}/{i:00}.png", i);
        var set = Load();
        Assert.Equal((18, 4), (set.Train.Count, set.Test.Count));
        Assert.Equal(PictureBytes.Values(4, 3, 4, 3), set.Test.Image(0));
        Assert.Equal(PictureBytes.Values(9, 3, 4, 3), set.Test.Image(3));
        Assert.Equal([0, 1, 0, 1], set.Test.ToClassIndices());
    }

    [Fact]
    public void Grey_pictures_stay_grey_among_themselves_and_become_colour_among_colours()
    {
        foreach (string name in (string[])["train/a/1.png", "train/b/1.png", "test/a/1.png"])
            Put(name, 1, channels: 1);
        var grey = Load();
        Assert.Equal(1, grey.Train.Channels);
        Assert.Equal(PictureBytes.Values(1, 1, 4, 3), grey.Train.Image(0));
        Put("train/b/2.png", 2);
        var colour = Load();
        Assert.Equal([.. PictureBytes.Values(1, 1, 4, 3), .. PictureBytes.Values(1, 1, 4, 3), .. PictureBytes.Values(1, 1, 4, 3)], colour.Train.Image(0).ToArray());
        var again = Load(",grey");
        Assert.Equal((1, $"folder:{Pictures},grey"), (again.Train.Channels, again.Name));
        Assert.Equal(PictureBytes.Values(1, 1, 4, 3), again.Train.Image(0));
    }

    [Fact]
    public void Differing_sizes_are_refused_unless_a_size_is_given()
    {
        Put("train/a/1.png", 1);
        Put("test/a/1.png", 1);
        _folder.Write("pictures/train/b/1.png", PictureBytes.Png(PictureBytes.Values(1, 3, 6, 5), 3, 6, 5));
        Assert.Equal($"{Path.Combine(Pictures, "train", "b", "1.png")}: size: found 6 × 5, expected 4 × 3 as in {Path.Combine(Pictures, "train", "a", "1.png")}; \",size=N\" after the folder's name resizes all pictures to N × N",
            Assert.Throws<InputException>(() => Load()).Message);
        var set = Load(",size=2,grey");
        Assert.Equal(("2 × 2", $"folder:{Pictures},size=2,grey"), (set.Train.Size, set.Name));
        byte[] expected = new byte[4], values = PictureBytes.Values(1, 3, 6, 5);
        byte[] grey = [.. Enumerable.Range(0, 30).Select(i => (byte)Math.Floor((19595 * values[i] + 38470 * values[30 + i] + 7471 * values[60 + i]) / 65536.0 + 0.5))];
        TriangleFilter.Resize(grey, 6, 5, expected, 2, 2);
        Assert.Equal(expected, set.Train.Image(1));
    }

    [Fact]
    public void More_than_the_budget_goes_once_into_a_file_of_the_cache()
    {
        foreach (string name in (string[])["train/a/1.png", "train/b/1.png", "train/a/2.png", "test/a/1.png"])
            Put(name, name.Length + name[^5]);
        var memory = Read(budget: 4 * 36);
        var file = Read(budget: 4 * 36 - 1);
        Assert.Equal((true, false), (memory.Train.IsInMemory, file.Train.IsInMemory));
        Assert.Equal(memory.Checksum, file.Checksum);
        Assert.Equal(memory.Test.Image(0), file.Test.Image(0));
        Assert.Equal(PixelScaling.StandardisedByChannel(memory.Train), PixelScaling.StandardisedByChannel(file.Train));
        Assert.Contains("The images of pictures train are in a file, for they would take 108 bytes of memory", Assert.Throws<InvalidOperationException>(() => file.Train.Pixels).Message, StringComparison.Ordinal);
        string cached = Assert.Single(Directory.GetFiles(_folder["cache/folders"], "*.pixels"));
        Assert.Equal(4 * 36, new FileInfo(cached).Length);
        var written = File.GetLastWriteTimeUtc(cached);
        Assert.Equal(memory.Checksum, Read(budget: 0).Checksum);
        Assert.Equal(written, File.GetLastWriteTimeUtc(cached));
        string left = _folder.Write("cache/folders/.talweg-0123456789abcdef.tmp", [1]), other = _folder.Write("cache/folders/notes.tmp", [1]);
        File.WriteAllBytes(cached, [1, 2, 3]);                                                 // cut short: made again
        Assert.Equal(memory.Checksum, Read(budget: 0).Checksum);
        Put("train/a/2.png", 99);
        File.SetLastWriteTimeUtc(Path.Combine(Pictures, "train", "a", "2.png"), DateTime.UnixEpoch);
        Assert.NotEqual(memory.Checksum, Read(budget: 0).Checksum);
        Assert.Equal(2, Directory.GetFiles(_folder["cache/folders"], "*.pixels").Length);
        Assert.Equal((false, true), (File.Exists(left), File.Exists(other)));
    }

    [Fact]
    public void Links_are_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        Put("train/a/1.png", 1);
        Put("train/b/1.png", 1);
        Put("test/a/1.png", 1);
        _folder.Write("secret.png", [1]);
        string link = Path.Combine(Pictures, "train", "b", "2.png");
        File.CreateSymbolicLink(link, _folder["secret.png"]);
        Assert.Equal($"{link}: file: found a link to {_folder["secret.png"]}, expected files and folders themselves, for links may lead anywhere", Assert.Throws<InputException>(() => Load()).Message);
        File.Delete(link);
        Directory.CreateSymbolicLink(Path.Combine(Pictures, "train", "c"), _folder.Path);
        Assert.Contains("found a link to", Assert.Throws<InputException>(() => Load()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_that_are_no_data_set_are_refused()
    {
        Assert.Equal($"folder:{Pictures}: folder: found none at {Pictures}, expected a folder with train/CLASS/*.png or .jpg and test/CLASS/*.png or .jpg", Message());
        Assert.Equal(DatasetPresence.Missing, Datasets.Inspect($"folder:{Pictures}").Presence);
        Put("train/a/1.png", 1);
        Assert.Equal($"{Pictures}: folders: found train without test, expected train and test (which may be called val or valid or validation), or folders of classes alone", Message());
        Put("test/c/1.png", 1);
        Assert.Equal($"{Path.Combine(Pictures, "train")}: classes: found 1 folders, expected 2 to 256, one a class", Message());
        Put("train/b/1.png", 1);
        Assert.Equal($"{Path.Combine(Pictures, "test")}: classes: found \"c\", expected only classes that train has: one of a, b (did you mean a?)", Message());
        Directory.Move(Path.Combine(Pictures, "test", "c"), Path.Combine(Pictures, "test", "b"));
        string stray = _folder.Write("pictures/train/b/notes.txt", [1]);
        Assert.Equal($"{stray}: file: found \".txt\", expected only pictures in a class's folder: .png, .jpg or .jpeg", Message());
        File.Delete(stray);
        string damaged = _folder.Write("pictures/train/b/2.jpg", PictureBytes.Jpeg[..200]);
        Assert.StartsWith($"{damaged}: ", Message(), StringComparison.Ordinal);
        File.WriteAllBytes(damaged, []);
        Assert.Equal($"{damaged}: length: found 0 bytes, expected 1 to 67108864", Message());
        File.Delete(damaged);
        Directory.CreateDirectory(Path.Combine(Pictures, "train", "c"));
        Assert.Equal($"{Path.Combine(Pictures, "train", "c")}: pictures: found none, expected at least one in each class's folder", Message());
        Directory.Delete(Path.Combine(Pictures, "train"), recursive: true);
        Assert.Equal($"{Pictures}: folders: found test without train, expected train and test (which may be called val or valid or validation), or folders of classes alone", Message());
    }

    [Fact]
    public void Too_few_pictures_leave_none_for_the_test()
    {
        for (int i = 0; i < 4; i++)
        {
            Put($"a/{i}.png", i);
            Put($"b/{i}.png", i);
        }

        Assert.Equal($"{Pictures}: test pictures: found none, expected train and test folders, or classes of at least 5 pictures, of which every fifth is for the test", Message());
    }

    [Theory]
    [InlineData("folder:/a,size=32,grey", "/a", 32, true)]
    [InlineData("folder:/a,grey,size=7", "/a", 7, true)]
    [InlineData("folder:/a,b", "/a,b", null, false)]
    [InlineData("folder:/a,b,grey", "/a,b", null, true)]
    public void A_name_has_a_path_and_options(string name, string path, int? size, bool grey) =>
        Assert.Equal(new PictureFolderName(path, new(size, grey)), PictureFolderName.Parse(name));

    [Theory]
    [InlineData("folder:", "name: found \"folder:\", expected folder:PATH, with options ,size=N and ,grey")]
    [InlineData("folder:,grey", "name: found \"folder:,grey\", expected folder:PATH")]
    [InlineData("folder:/a,size=0", "size: found \"size=0\" in \"folder:/a,size=0\", expected size=1 to size=1024")]
    [InlineData("folder:/a,size=big,grey", "size: found \"size=big\"")]
    public void Other_names_are_refused(string name, string message) =>
        Assert.StartsWith($"data set: {message}", Assert.Throws<InputException>(() => DatasetCatalogue.Get(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_tar_of_JPEG_files_is_CIFAR_10_too()
    {
        var files = new[] { "train/cat/1.jpg", "./train/dog/1.jpg", "train/cat/0.jpg", "test/truck/1.jpg", "train/readme.txt" }.ToDictionary(name => name, _ => PictureBytes.Jpeg);
        _folder.Write("root/cifar10/cifar10-jpeg.tar.gz", BinaryBytes.Tar(files));
        var cifar = DatasetCatalogue.Get("cifar10");
        var roots = new DataRoots(null, null, _folder["root"]);
        var set = Datasets.Load(cifar, roots, new(), null, TestContext.Current.CancellationToken);
        Assert.Equal([3, 5, 3], set.Train.ToClassIndices());
        Assert.Equal((1, 9, "3 × 8 × 8", 10), (set.Test.Count, set.Test.Label(0), set.Train.Size, set.Train.Classes));
        var status = Datasets.Inspect(cifar, roots, read: true);
        Assert.Equal((ChecksumVerdict.Unknown, "a JPEG copy, whose pixels differ a little from the published ones"), (status.Published, status.Remark));
        files["train/cow/1.jpg"] = PictureBytes.Jpeg;
        _folder.Write("root/cifar10/cifar10-jpeg.tar.gz", BinaryBytes.Tar(files));
        Assert.Contains("class: found \"cow\", expected one of airplane", Datasets.Inspect(cifar, roots, read: true).Problem, StringComparison.Ordinal);
        files.Remove("train/cow/1.jpg");
        files["train/cat/1.jpg"] = PictureBytes.NoiseJpeg(33, 32, 90);
        _folder.Write("root/cifar10/cifar10-jpeg.tar.gz", BinaryBytes.Tar(files));
        Assert.EndsWith("train/cat/1.jpg: size: found 33 × 32, expected at most 32 × 32", Datasets.Inspect(cifar, roots, read: true).Problem, StringComparison.Ordinal);
        _folder.Write("root/cifar10/cifar10-jpeg.tar.gz", BinaryBytes.Tar([new("a.jpg", PictureBytes.Jpeg)]));
        Assert.Contains("files: found none under train/, expected train/CLASS/NAME.jpg", Datasets.Inspect(cifar, roots, read: true).Problem, StringComparison.Ordinal);
    }

    private void Put(string name, int seed, int channels = 3) => _folder.Write($"pictures/{name}", PictureBytes.Png(PictureBytes.Values(seed, channels, 4, 3), channels, 4, 3));

    private Dataset Load(string options = "") => Datasets.Load($"folder:{Pictures}{options}", cancellation: TestContext.Current.CancellationToken);

    private string Message() => Assert.Throws<InputException>(() => Load()).Message;

    private Dataset Read(long budget) => new PictureFolderForm(new(null, false)).Read(
        DatasetCatalogue.Get($"folder:{Pictures}") with { Name = "pictures" }, [Pictures], new(_folder["cache"], null, TestContext.Current.CancellationToken, budget));
}
