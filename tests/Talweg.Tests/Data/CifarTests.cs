using CsCheck;
using Talweg.Data;

namespace Talweg.Tests.Data;

public sealed class CifarTests : IDisposable
{
    private static readonly DatasetDescription Cifar = DatasetCatalogue.Get("cifar10");
    private readonly TemporaryFolder _folder = new();

    private DataRoots Roots => new(null, null, _folder["root"]);

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("files"), InlineData("subfolder"), InlineData("tar.gz"), InlineData("tar")]
    public void All_forms_give_the_same_images_channel_first(string form)
    {
        Put(form);
        var set = Load();
        Assert.Equal((10, 2, 3, 32, 32, 10), (set.Train.Count, set.Test.Count, set.Train.Channels, set.Train.Rows, set.Train.Columns, set.Train.Classes));
        Assert.Equal([0, 9, 1, 8, 2, 7, 3, 6, 4, 5], set.Train.ToClassIndices());
        Assert.Equal([5, 4], set.Test.ToClassIndices());
        for (int image = 0; image < 10; image++)
            for (int place = 0; place < 3072; place++)
                Assert.Equal(BinaryBytes.Pixel(image / 2, image % 2, place / 1024, place / 32 % 32, place % 32), set.Train.Image(image)[place]);
        Assert.Equal("automobile", set.ClassNames[1]);
        byte[] all = [.. Header(10), .. set.Train.Pixels.Span, .. IdxLabels(set.Train), .. Header(2), .. set.Test.Pixels.Span, .. IdxLabels(set.Test)];
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(all)), set.Checksum);
    }

    [Fact]
    public void Files_are_preferred_to_archives_and_checksums_are_not_insisted_on()
    {
        Put("tar.gz");
        var packed = Datasets.Inspect(Cifar, Roots, read: true);
        Assert.Equal((ChecksumVerdict.Differs, 10, null), (packed.Published, packed.TrainCount, packed.Problem));
        Put("subfolder");
        var plain = Datasets.Inspect(Cifar, Roots, read: true);
        Assert.Equal((ChecksumVerdict.Unknown, _folder["root/cifar10/cifar-10-batches-bin"]), (plain.Published, plain.Folder));
        Assert.Equal(packed.Checksum, plain.Checksum);
    }

    [Fact]
    public void Class_names_are_read_where_they_are()
    {
        Put("files");
        Write("batches.meta.txt", [.. "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n"u8]);
        Assert.Equal(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"], Load().ClassNames);
        Write("batches.meta.txt", [.. "a\nb"u8]);
        AssertRefused("batches.meta.txt", "class names: found 2 lines of text, expected 10");
    }

    [Fact]
    public void Bad_files_are_refused_by_name_and_field()
    {
        Put("files");
        Write("data_batch_3.bin", BinaryBytes.Cifar(2, 1, 2)[..^1]);
        AssertRefused("data_batch_3.bin", "length: found 6145 bytes, expected a multiple of 3073: records of a label and 3 × 32 × 32 pixels (30730000 bytes as published)");
        Write("data_batch_3.bin", BinaryBytes.Cifar(2, 1, 10));
        AssertRefused("data_batch_3.bin", "label of record 1: found 10, expected 0 to 9");
        Write("data_batch_3.bin", []);
        AssertRefused("data_batch_3.bin", "length: found 0 bytes, expected 1 to 30730000");
        File.Delete(_folder["root/cifar10/data_batch_3.bin"]);
        Assert.Contains("root/cifar10: lacks data_batch_3.bin", DatasetLocator.Describe(Cifar, Roots), StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_archives_are_refused_by_name_and_field()
    {
        var files = BinaryBytes.CifarFiles();
        byte[] whole = BinaryBytes.Tar(files);
        Archive(BinaryBytes.Tar(files.Where(file => file.Key != "test_batch.bin")), ": files: found none called test_batch.bin, expected data_batch_1.bin");
        Archive(BinaryBytes.Tar(files.Append(new("other/test_batch.bin", files["test_batch.bin"]))), ": other/test_batch.bin: file: found a second one of this name, expected each file once");
        files["test_batch.bin"] = files["test_batch.bin"][..100];
        Archive(BinaryBytes.Tar(files), ": test_batch.bin: length: found 100 bytes, expected a multiple of 3073");
        Archive(whole[..^4], "packed data: found its end in the middle of a gzip member");
        Archive(whole[..(whole.Length / 2)], "packed data: found its end in the middle of a gzip member");
        Archive([.. "not an archive at all"u8], "archive: found ");
    }

    [Fact]
    public void An_archive_is_not_unpacked_beyond_the_bytes_allowed()
    {
        byte[] bomb = BinaryBytes.Tar([new("zeros", new byte[100_000_000])]);
        string path = _folder.Write("bomb.tar.gz", bomb);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal($"{path}: unpacked data: found more than 1000000 bytes, expected less",
            Assert.Throws<InputException>(() => TarFile.Read(path, 1_000_000, _ => null, int.MaxValue, CancellationToken.None)).Message);
        Assert.Contains("zeros: length: found 100000000 bytes, expected 1 to 1000",
            Assert.Throws<InputException>(() => TarFile.Read(path, 1_000_000, _ => 1000, int.MaxValue, CancellationToken.None)).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    /// <summary>Six files of 10,000 images as published, but of zeros only: 200 times smaller than photographs.</summary>
    [Fact]
    public void An_archive_that_shrank_too_much_is_refused_before_a_file_is_unpacked()
    {
        byte[] batch = new byte[30_730_000];
        Write("cifar-10-binary.tar.gz", BinaryBytes.Tar(BinaryBytes.CifarNames.Select(name => new KeyValuePair<string, byte[]>(name, batch))));
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused("cifar-10-binary.tar.gz", "data_batch_3.bin: length: found 30730000 bytes, expected at most 5646848, which may still come out of this archive");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 70_000_000);        // two batches
        Write("cifar-10-binary.tar.gz", BinaryBytes.Tar([new("data_batch_1.bin", new byte[30_730_001])]));
        AssertRefused("cifar-10-binary.tar.gz", "data_batch_1.bin: length: found 30730001 bytes, expected 1 to 30730000");
    }

    [Fact]
    public void Links_in_an_archive_are_no_files()
    {
        using var bytes = new MemoryStream();
        using (var tar = new System.Formats.Tar.TarWriter(bytes, leaveOpen: true))
            tar.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.SymbolicLink, "test_batch.bin") { LinkName = "/etc/passwd" });
        Assert.Empty(TarFile.Read(_folder.Write("links.tar", bytes.ToArray()), 1 << 20, _ => 1 << 20, int.MaxValue, CancellationToken.None));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Damaged_archives_give_an_error_or_a_set_that_holds_together(bool packed)
    {
        byte[] archive = BinaryBytes.Tar(BinaryBytes.CifarFiles().Select(file => new KeyValuePair<string, byte[]>(file.Key, file.Value[..3073])), packed: packed);
        string path = _folder["root/cifar10/cifar-10-binary.tar.gz"];
        int place = packed ? archive.Length - 1 : 512;                    // of a plain archive, the first file's header
        var change = Gen.Select(Gen.Int[0, place], Gen.Byte).List[1, 4];
        Gen.Select(change, Gen.Int[0, archive.Length], Gen.Byte.Array[0, 8]).Sample((changes, kept, extra) =>
        {
            byte[] bytes = [.. archive];
            foreach (var (at, value) in changes)
                bytes[at] = value;
            return Holds(path, kept % 4 == 0 ? [.. bytes[..kept], .. extra] : bytes);
        }, iter: 400);
    }

    [Fact]
    public void Any_bytes_as_files_give_an_error_or_a_set_that_holds_together()
    {
        Put("files");
        string path = _folder["root/cifar10/data_batch_1.bin"];
        Gen.OneOf(Gen.Byte.Array[0, 40], Gen.Byte.Array[3073], Gen.Byte.Array[6146]).Sample(bytes => Holds(path, bytes), iter: 200);
    }

    [Fact]
    public void The_real_CIFAR_10_is_read()
    {
        string? root = Environment.GetEnvironmentVariable(DataRoots.Variable);
        Assert.SkipWhen(root is null || DatasetLocator.Find(Cifar, new DataRoots(root, null, _folder["root"])) is null, "TALWEG_DATA names no folder with cifar10/.");
        var set = Datasets.Load("cifar10", root, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((50_000, 10_000, "3 × 32 × 32"), (set.Train.Count, set.Test.Count, set.Train.Size));
        Assert.All(set.Train.Labels.ToArray().CountBy(label => label), count => Assert.Equal(5000, count.Value));
        Assert.Equal(["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"], set.ClassNames);
        double[] means = [.. PixelScaling.StandardisedByChannel(set.Train).Channels.Select(channel => channel.Offset / 255)];
        Assert.Equal([0.4914, 0.4822, 0.4465], means, (a, b) => Math.Abs(a - b) < 5e-4);      // everybody's numbers; a JPEG copy differs in the fourth place
    }

    private static byte[] Header(byte count) => [0, 0, 8, 4, 0, 0, 0, count, 0, 0, 0, 3, 0, 0, 0, 32, 0, 0, 0, 32];

    private static byte[] IdxLabels(ImageSet set) => [0, 0, 8, 1, 0, 0, 0, (byte)set.Count, .. set.Labels.Span];

    private Dataset Load() => Datasets.Load(Cifar, Roots, new DownloadLimits(), progress: null, TestContext.Current.CancellationToken);

    private void Put(string form)
    {
        var files = BinaryBytes.CifarFiles();
        if (form.StartsWith("tar", StringComparison.Ordinal))
            Write($"cifar-10-binary.{form}", BinaryBytes.Tar(files, "cifar-10-batches-bin/", packed: form == "tar.gz"));
        else
            foreach (var (name, content) in files)
                Write(form == "subfolder" ? $"cifar-10-batches-bin/{name}" : name, content);
    }

    private void Write(string name, byte[] bytes) => _folder.Write($"root/cifar10/{name}", bytes);

    private void AssertRefused(string file, string message) =>
        Assert.Equal($"{_folder[$"root/cifar10/{file}"]}: {message}", Assert.Throws<InputException>(Load).Message);

    private void Archive(byte[] bytes, string message)
    {
        Write("cifar-10-binary.tar.gz", bytes);
        string found = Assert.Throws<InputException>(Load).Message;
        Assert.StartsWith(_folder["root/cifar10/cifar-10-binary.tar.gz"], found, StringComparison.Ordinal);
        Assert.Contains(message, found, StringComparison.Ordinal);
    }

    private bool Holds(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        try
        {
            var set = Load();
            return set.Train.Pixels.Length == set.Train.Count * 3072 && set.Test.Count >= 1;
        }
        catch (InputException)
        {
            return true;
        }
    }
}
