using System.Buffers.Binary;
using Talweg.Data;

namespace Talweg.Tests.Data;

public sealed class IdxFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Types as the idx format numbers them: 0x08 and 0x09 of a byte, 0x0B of two, 0x0C of four; big-endian.</summary>
    [Theory, InlineData(0x08, 1), InlineData(0x09, 1), InlineData(0x0B, 2), InlineData(0x0C, 4)]
    public void Labels_of_any_whole_type_are_read(int type, int size)
    {
        Write("i", IdxBytes.Images(6, 2, 2));
        Write("l", [.. IdxBytes.Header((uint)((type << 8) | 1), 6), .. ((int[])[3, 0, 1, 61, 2, 3]).SelectMany(label => Number(label, size))]);
        var set = Load("i", "l", "i", "l");
        Assert.Equal([3, 0, 1, 61, 2, 3], set.Train.ToClassIndices());
        Assert.Equal((62, 6, 6), (set.Test.Classes, set.Train.Count, set.Test.Count));
        Assert.Equal(IdxBytes.Pixels(24), set.Train.Pixels.ToArray());
        Assert.Equal(((string[])["i", "l", "i", "l"]).Select(name => _folder[name]), set.Source.Files);
    }

    /// <summary>QMNIST's labels: 8 numbers each, of which the first is the class (Yadav and Bottou, arXiv:1905.10498).</summary>
    [Fact]
    public void Of_labels_in_two_dimensions_the_first_column_is_the_class()
    {
        Write("i.gz", IdxBytes.Pack(IdxBytes.Images(3, 2, 2)));
        Write("l.gz", IdxBytes.Pack([.. IdxBytes.Header(0x0C02, 3, 8), .. Enumerable.Range(0, 24).SelectMany(i => Number(i % 8 == 0 ? i / 8 : 7000, 4))]));
        Assert.Equal([0, 1, 2], Load("i.gz", "l.gz", "i.gz", "l.gz").Train.ToClassIndices());
    }

    /// <summary>EMNIST counts letters from 1; as they are they have 27 classes, as torchvision has it.</summary>
    [Fact]
    public void Labels_from_1_stay_so_unless_told_otherwise()
    {
        Write("i", IdxBytes.Images(2, 2, 2));
        Write("l", [.. IdxBytes.Header(0x0801, 2), 1, 26]);
        Assert.Equal((27, 26), Counts(Load("i", "l", "i", "l")));
        Assert.Equal((26, 25), Counts(Load("i", "l", "i", "l", "from=1")));
        Write("z", [.. IdxBytes.Header(0x0801, 2), 0, 26]);
        Assert.Equal($"{_folder["z"]}: label 0: found 0, expected 1 to 256", Refused("i", "z", "i", "l", "from=1"));

        static (int, int) Counts(Dataset set) => (set.Train.Classes, set.Train.Label(1));
    }

    [Fact]
    public void Without_test_files_every_fifth_image_of_a_class_is_for_the_test()
    {
        Write("i", IdxBytes.Images(20, 1, 1));
        Write("l", [.. IdxBytes.Header(0x0801, 20), .. Enumerable.Range(0, 20).Select(i => (byte)(i % 2))]);
        var set = Load("i", "l");
        byte[] pixels = IdxBytes.Pixels(20);
        Assert.Equal([pixels[8], pixels[9], pixels[18], pixels[19]], set.Test.Pixels.ToArray());
        Assert.Equal(16, set.Train.Count);
        Assert.Equal([0, 1, 0, 1], set.Test.ToClassIndices());
        Write("few", IdxBytes.Images(4, 1, 1));
        Write("fewl", IdxBytes.Labels(4));
        Assert.StartsWith($"{_folder["few"]}: test images: found none, expected files of test images and labels too", Refused("few", "fewl"), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_do_not_fit_are_refused_by_name_and_field()
    {
        Write("i", IdxBytes.Images(3, 2, 2));
        Write("l", IdxBytes.Labels(3));
        Write("other", IdxBytes.Images(3, 2, 3));
        Write("one", [.. IdxBytes.Header(0x0801, 3), 0, 0, 0]);
        Write("floats", [.. IdxBytes.Header(0x0D01, 3), .. new byte[12]]);
        Write("many", [.. IdxBytes.Header(0x0C01, 3), .. Number(0, 4), .. Number(256, 4), .. Number(1, 4)]);
        Write("below", [.. IdxBytes.Header(0x0901, 3), 0, 255, 1]);
        Assert.Equal($"{_folder["none"]}: file: found nothing, expected an idx file", Refused("none", "l"));
        Assert.Equal($"{_folder["l"]}: count: found 3 labels, expected 4, as many as images in {Write("four", IdxBytes.Images(4, 2, 2))}", Refused("four", "l", "i", "l"));
        Assert.Equal($"{_folder["other"]}: image size: found 2 × 3, expected 2 × 2 as in {_folder["i"]}", Refused("i", "l", "other", "l"));
        Assert.Equal($"{_folder["one"]}: labels: found one class only, expected at least 2", Refused("i", "one", "i", "one"));
        Assert.Equal($"{_folder["floats"]}: magic number: found 3329 (idx type 0x0D, not bytes 0x08), expected labels: whole numbers of 8 to 32 bits in 1 dimension, or in 2", Refused("i", "floats"));
        Assert.Equal($"{_folder["many"]}: label 1: found 256, expected 0 to 255", Refused("i", "many"));
        Assert.Equal($"{_folder["below"]}: label 1: found -1, expected 0 to 255", Refused("i", "below"));
    }

    [Fact]
    public void A_name_has_two_files_or_four()
    {
        foreach (string name in (string[])["idx:", "idx:a", "idx:a,b,c", "idx:a,", "idx:a,b,c,d,e", "idx:a,from=1"])
        {
            Assert.Equal($"data set: name: found \"{name}\", expected idx:IMAGES,LABELS[,TESTIMAGES,TESTLABELS][,from=1]: two files or four, without commas in their paths",
                Assert.Throws<InputException>(() => DatasetCatalogue.Get(name)).Message);
        }

        Assert.Equal("idx:a,b,from=1", DatasetCatalogue.Get("idx:a,b,from=1").Name);
    }

    /// <summary>A set with a name has the labels that were published; the message says how others are read.</summary>
    [Fact]
    public void Other_labels_of_a_set_with_a_name_are_refused_with_the_way_out()
    {
        Write("i", IdxBytes.Images(2, 2, 2));
        Write("l", [.. IdxBytes.Header(0x0C01, 2), .. new byte[8]]);
        Assert.Equal($"{_folder["l"]}: magic number: found 3073 (idx type 0x0C, not bytes 0x08), expected 2049 (idx labels: bytes in 1 dimension); --data idx:IMAGES,LABELS[,TESTIMAGES,TESTLABELS] reads such labels",
            Assert.Throws<InputException>(() => IdxFile.Read("x", _folder["i"], _folder["l"], 10)).Message);
    }

    private static byte[] Number(int value, int size)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes[^size..];
    }

    private string Write(string name, byte[] bytes) => _folder.Write(name, bytes);

    private Dataset Load(params string[] parts) =>
        Datasets.Load($"idx:{string.Join(',', parts.Select(part => part == "from=1" ? part : _folder[part]))}", cancellation: TestContext.Current.CancellationToken);

    private string Refused(params string[] parts) => Assert.Throws<InputException>(() => Load(parts)).Message;
}
