using System.Formats.Tar;
using System.Text;
using Talweg.Data;
using TarFile = Talweg.Data.TarFile;

namespace Talweg.Tests.Data;

public sealed class TarFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Another program's archives: short names, names of two fields, and names too long for any.</summary>
    [Theory, InlineData(TarEntryFormat.V7), InlineData(TarEntryFormat.Ustar), InlineData(TarEntryFormat.Pax), InlineData(TarEntryFormat.Gnu)]
    public void Every_format_gives_its_files(TarEntryFormat format)
    {
        string[] names = ["a", "folder/ä.bin", .. format == TarEntryFormat.V7 ? (string[])[] : [$"{new string('f', 90)}/{new string('g', 90)}"],
            .. format is TarEntryFormat.Pax or TarEntryFormat.Gnu ? (string[])[$"{new string('f', 200)}/{new string('g', 300)}"] : []];
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, format, leaveOpen: true))
        {
            tar.WriteEntry(Entry(format, TarEntryType.Directory, "folder/"));
            foreach (string name in names)
            {
                var link = Entry(format, TarEntryType.SymbolicLink, $"{name}.link");
                link.LinkName = "/etc/passwd";
                if (format != TarEntryFormat.V7)
                    tar.WriteEntry(link);
                var file = Entry(format, format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile, name);
                file.DataStream = new MemoryStream(Content(name));
                tar.WriteEntry(file);
            }
        }

        var found = Read(bytes.ToArray(), 2_000);
        Assert.Equal(names, found.Select(file => file.Name));
        Assert.All(found, file => Assert.Equal(Content(file.Name), file.File.Bytes));
        Assert.Equal(names[1..], Read(bytes.ToArray(), 2_000, skipped: "a").Select(file => file.Name));
    }

    /// <summary>Of 1.5 kB; a reader that believes it sets 2 GiB aside.</summary>
    [Theory, InlineData('x'), InlineData('g'), InlineData('L'), InlineData('K')]
    public void An_extended_header_may_not_claim_memory(char type)
    {
        byte[] archive = [.. Header("x", type, "17777777000"), .. new byte[1024]];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal($"{_folder["some.tar"]}: archive: found an extended header ({type}) of 2147483136 bytes, expected at most 1048576",
            Assert.Throws<InputException>(() => Read(archive, 10)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    /// <summary>What it says of the length holds, not what the file's own header says, so that nobody finds another file within.</summary>
    [Fact]
    public void The_length_of_an_extended_header_holds()
    {
        byte[] record = [.. "12 size=600\n"u8];
        byte[] archive = [.. Header("x", 'x', "14"), .. record, .. new byte[500], .. Header("file", '0', "1"), .. new byte[1024], .. Header("next", '0', "0")];
        Assert.Equal([("file", 600)], Read(archive, 1000, skipped: "next").Select(file => (file.Name, file.File.Bytes.Length)));
    }

    [Fact]
    public void Damage_is_named()
    {
        Assert.Contains("a header's checksum is wrong", Refused([.. Header("x", '0', "1")[..511], 1, .. new byte[512]]), StringComparison.Ordinal);
        Assert.Contains("a header's number is not octal", Refused(Header("x", '0', "9")), StringComparison.Ordinal);
        Assert.Contains("an extended header's record has no length", Refused([.. Header("x", 'x', "5"), .. "hello"u8, .. new byte[507]]), StringComparison.Ordinal);
        Assert.Contains("an extended header's size is no number", Refused([.. Header("x", 'x', "13"), .. "11 size=-60\n"u8, .. new byte[501]]), StringComparison.Ordinal);
        Assert.Contains("found its end in the middle of a file", Refused(Header("x", '0', "1")[..100]), StringComparison.Ordinal);
        Assert.Contains("x: data: found 100 bytes, expected 600", Refused([.. Header("x", '0', "1130"), .. new byte[100]]), StringComparison.Ordinal);
    }

    private string Refused(byte[] archive) => Assert.Throws<InputException>(() => Read(archive, 1000)).Message;

    private List<(string Name, NamedBytes File)> Read(byte[] archive, long longest, string? skipped = null) =>
        TarFile.Read(_folder.Write("some.tar", archive), 1 << 20, name => name == skipped ? null : longest, int.MaxValue, TestContext.Current.CancellationToken);

    private static byte[] Content(string name) => [.. Encoding.UTF8.GetBytes(name), .. new byte[name.Length % 5 * 256]];

    private static TarEntry Entry(TarEntryFormat format, TarEntryType type, string name) => format switch
    {
        TarEntryFormat.V7 => new V7TarEntry(type, name),
        TarEntryFormat.Ustar => new UstarTarEntry(type, name),
        TarEntryFormat.Pax => new PaxTarEntry(type, name),
        _ => new GnuTarEntry(type, name),
    };

    private static byte[] Header(string name, char type, string length)
    {
        byte[] header = new byte[512];
        Encoding.ASCII.GetBytes(name).CopyTo(header, 0);
        Encoding.ASCII.GetBytes(length.PadLeft(11, '0')).CopyTo(header, 124);
        header[156] = (byte)type;
        "ustar\0"u8.CopyTo(header.AsSpan(257));
        header.AsSpan(148, 8).Fill((byte)' ');
        int sum = header.Sum(value => value);
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0')).CopyTo(header, 148);
        header[154] = 0;
        return header;
    }
}
