using System.IO.Compression;
using CsCheck;
using Talweg.Data;

namespace Talweg.Tests.Data;

public sealed class IdxFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(false, false), InlineData(true, false), InlineData(false, true), InlineData(true, true)]
    public void Reads_plain_and_packed_files_whatever_their_names(bool packed, bool namedPacked)
    {
        string end = namedPacked ? ".gz" : "";
        var set = Read(Wrapped(IdxBytes.Images(12, 3, 2), packed), Wrapped(IdxBytes.Labels(12), packed), end);
        Assert.Equal((12, 3, 2, 1, 10, 6), (set.Count, set.Rows, set.Columns, set.Channels, set.Classes, set.PixelsPerImage));
        Assert.Equal(IdxBytes.Pixels(72), set.Pixels.ToArray());
        Assert.Equal(1, set.Label(11));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        byte[] images = IdxBytes.Images(5, 4, 4), labels = IdxBytes.Labels(5);
        var set = Read(images, labels);
        using MemoryStream imagesAgain = new(), labelsAgain = new();
        IdxFile.WriteImages(set, imagesAgain);
        IdxFile.WriteLabels(set, labelsAgain);
        Assert.Equal(images, imagesAgain.ToArray());
        Assert.Equal(labels, labelsAgain.ToArray());
    }

    private const string NotWhole = "packed data: found its end in the middle of a gzip member, or other bytes behind the last one, expected a whole gzip file; it is cut or damaged";

    public static TheoryData<string, byte[], string> BadImages() => new()
    {
        { "empty", [], "length: found 0 bytes, expected at least 1" },
        { "cut in the header", IdxBytes.Images(2, 2, 2)[..9], "header: found 9 bytes, expected an idx header of 16 bytes" },
        { "labels", IdxBytes.Labels(40), "magic number: found 2049 (idx labels: bytes in 1 dimension), expected 2051 (idx images: bytes in 3 dimensions)" },
        { "floats", IdxBytes.Header(0x0D03, 1, 1, 1), "magic number: found 3331 (idx type 0x0D, not bytes 0x08), expected 2051" },
        { "four dimensions", IdxBytes.Header(0x0804, 1, 1, 1, 1), "magic number: found 2052 (idx bytes in 4 dimensions), expected 2051" },
        { "a PNG", [0x89, 0x50, 0x4E, 0x47, 0, 0, 0, 0], "magic number: found 0x89504E47 (not an idx file), expected 2051" },
        { "no images", IdxBytes.Header(0x0803, 0, 28, 28), "count: found 0, expected at least 1" },
        { "no rows", IdxBytes.Header(0x0803, 1, 0, 28), "rows: found 0, expected 1 to 4096" },
        { "absurd columns", IdxBytes.Header(0x0803, 1, 28, 4097), "columns: found 4097, expected 1 to 4096" },
        { "2 GiB and more", IdxBytes.Header(0x0803, uint.MaxValue, 4096, 4096), "stated size: found 4294967295 × 4096 × 4096 = 72057594021150720 bytes, expected at most" },
        { "a large claim", IdxBytes.Header(0x0803, 2_000_000, 28, 28), "data: found a file that can hold at most 0, expected 1568000000 bytes, as the header's 2000000 × 28 × 28 states" },
        { "too short", IdxBytes.Images(2, 2, 2)[..^1], "data: found a file that can hold at most 7, expected 8 bytes" },
        { "too long", [.. IdxBytes.Images(2, 2, 2), 0], "data: found more than 8 bytes, expected 8 bytes" },
        { "packed too short", IdxBytes.Pack(IdxBytes.Images(2, 2, 2)[..^1]), "data: found 7 bytes, expected 8 bytes" },
        { "packed too long", IdxBytes.Pack([.. IdxBytes.Images(2, 2, 2), 0]), "data: found more than 8 bytes, expected 8 bytes" },
        { "cut in the packing", IdxBytes.Pack(IdxBytes.Images(50, 9, 9))[..60], NotWhole },
        { "cut in the trailer", IdxBytes.Pack(IdxBytes.Images(50, 9, 9))[..^1], NotWhole },
        { "cut before the trailer", IdxBytes.Pack(IdxBytes.Images(50, 9, 9))[..^8], NotWhole },
        { "bytes behind the end", [.. IdxBytes.Pack(IdxBytes.Images(50, 9, 9)), .. new byte[512]], NotWhole },
        { "packed twice", IdxBytes.Pack(IdxBytes.Pack(IdxBytes.Images(50, 9, 9))), "magic number: found 0x1F8B0800 (not an idx file), expected 2051" },
        { "wrong CRC", Changed(IdxBytes.Pack(IdxBytes.Images(50, 9, 9)), fromEnd: 8), "packed data: found damage" },
    };

    [Theory, MemberData(nameof(BadImages))]
    public void Bad_images_are_refused_by_name_and_field(string what, byte[] bytes, string message)
    {
        var error = Assert.Throws<InputException>(() => Read(bytes, IdxBytes.Labels(2)));
        Assert.StartsWith(_folder["images"], error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Contains(message, StringComparison.Ordinal), $"{what}: {error.Message}");
    }

    [Fact]
    public void Bad_labels_are_refused()
    {
        byte[] images = IdxBytes.Images(12, 1, 1);
        AssertLabels("magic number: found 2051 (idx images: bytes in 3 dimensions), expected 2049 (idx labels: bytes in 1 dimension)", images, images);
        AssertLabels($"count: found 11 labels, expected 12, as many as images in {_folder["images"]}", images, IdxBytes.Labels(11));
        AssertLabels("label 3: found 10, expected 0 to 9", images, [.. IdxBytes.Labels(12)[..11], 10, .. IdxBytes.Labels(12)[12..]]);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Equal($"{_folder["none"]}: file: found nothing, expected an idx file",
            Assert.Throws<InputException>(() => IdxFile.Read("x", _folder["none"], _folder["none"], 10)).Message);

    [Fact]
    public void A_gzip_bomb_is_not_unpacked()
    {
        byte[] bomb = IdxBytes.Pack([.. IdxBytes.Images(2, 2, 2), .. new byte[100_000_000]]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InputException>(() => Read(bomb, IdxBytes.Labels(2)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    [Fact]
    public void A_header_that_claims_much_costs_little()
    {
        byte[] claim = IdxBytes.Pack([.. IdxBytes.Header(0x0803, 2_000_000, 28, 28), .. new byte[3_000_000]]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InputException>(() => Read(claim, IdxBytes.Labels(2)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    /// <summary>RFC 1952, section 2.2: a gzip file is one member or several; parallel packers write many.</summary>
    [Theory, InlineData(1), InlineData(16), InlineData(70)]
    public void A_packed_file_may_have_several_members(int first)
    {
        byte[] images = IdxBytes.Images(12, 3, 2);
        byte[] packed = [.. IdxBytes.Pack(images[..first]), .. IdxBytes.Pack([]), .. IdxBytes.Pack(images[first..])];
        Assert.Equal(IdxBytes.Pixels(72), Read(packed, IdxBytes.Labels(12)).Pixels.ToArray());
        Assert.Contains(NotWhole, Assert.Throws<InputException>(() => Read(packed[..^1], IdxBytes.Labels(12))).Message, StringComparison.Ordinal);
    }

    /// <summary>Zeros, the bomb's best material: what it claims is compared before anything but the header is unpacked.</summary>
    [Fact]
    public void A_claim_beyond_what_may_come_of_the_packed_length_is_refused_before_it_is_unpacked()
    {
        const int count = 200_000;
        byte[] bomb = IdxBytes.Pack([.. IdxBytes.Header(0x0803, count, 28, 28), .. new byte[count * 784]], CompressionLevel.SmallestSize);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal($"{_folder["images"]}: data: found a packed file of {bomb.Length} bytes, of which at most {Math.Max(64 << 20, 250L * bomb.Length)} may come, expected 156800000 bytes, as the header's 200000 × 28 × 28 states",
            Assert.Throws<InputException>(() => Read(bomb, IdxBytes.Labels(2))).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * bomb.Length + 1_000_000);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Damaged_bytes_give_an_error_or_a_set_that_holds_together(bool packed)
    {
        byte[] images = Wrapped(IdxBytes.Images(20, 3, 3), packed);
        var change = Gen.Select(Gen.Int[0, images.Length - 1], Gen.Byte).List[1, 4];
        Gen.Select(change, Gen.Int[0, images.Length], Gen.Byte.Array[0, 8]).Sample((changes, kept, extra) =>
        {
            byte[] bytes = [.. images];
            foreach (var (position, value) in changes)
                bytes[position] = value;
            return Holds(kept % 4 == 0 ? [.. bytes[..kept], .. extra] : bytes);
        }, iter: 3000);
    }

    private static bool Holds(byte[] bytes)
    {
        try
        {
            using var file = new MemoryStream(bytes);
            var (shape, data) = IdxReader.Read(file, IdxContent.Images, "images");
            return data.Length == shape.Count * shape.Rows * shape.Columns && data.Length <= 1032L * bytes.Length;
        }
        catch (InputException)
        {
            return true;
        }
    }

    private void AssertLabels(string message, byte[] images, byte[] labels) =>
        Assert.Equal($"{_folder["labels"]}: {message}", Assert.Throws<InputException>(() => Read(images, labels)).Message);

    private ImageSet Read(byte[] images, byte[] labels, string end = "") =>
        IdxFile.Read("test", _folder.Write("images" + end, images), _folder.Write("labels" + end, labels), classes: 10);

    private static byte[] Wrapped(byte[] bytes, bool packed) => packed ? IdxBytes.Pack(bytes) : bytes;

    private static byte[] Changed(byte[] bytes, int fromEnd)
    {
        bytes[^fromEnd] ^= 1;
        return bytes;
    }
}
