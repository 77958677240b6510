using System.Globalization;
using CsCheck;
using Talweg.Storage;

namespace Talweg.Tests.Storage;

public sealed class ParquetTableTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static Column[] Sample() =>
    [
        new("flatness", new double?[] { 1.5, null, double.NaN, -0.0, null }),
        new("loss", new[] { 1e-300, double.PositiveInfinity, 3, double.NaN, 5 }),
        new("step", new[] { long.MinValue, 0, 1, 2, long.MaxValue }),
        new("mode", new[] { int.MinValue, 0, 1, 2, int.MaxValue }),
        new("layer", new[] { "0.weight", "", "Ψ, 'quoted'", "a\nb", "0.weight" }),
    ];

    private Table RoundTrip(params Column[] columns)
    {
        ParquetTable.Write(folder["t.parquet"], columns);
        return ParquetTable.Read(folder["t.parquet"]);
    }

    [Fact]
    public void Values_of_every_type_come_back_with_missing_and_NaN_kept_apart()
    {
        var sample = Sample();
        var table = RoundTrip(sample);
        Assert.Equal(sample.Select(column => column.Name), table.Columns.Select(column => column.Name));
        Assert.Equal(5, table.Rows);
        Assert.Equal((double?[])sample[0].Values, table.NullableDoubles("flatness"));
        Assert.Equal((double[])sample[1].Values, table.Doubles("loss"));
        Assert.Equal((long[])sample[2].Values, table.Longs("step"));
        Assert.Equal((int[])sample[3].Values, table.Ints("mode"));
        Assert.Equal((string[])sample[4].Values, table.Strings("layer"));
    }

    [Fact]
    public void Any_values_come_back() =>
        Gen.Select(Gen.Double.Nullable(), Gen.Double, Gen.Long, Gen.Int, Gen.String).Array[0, 30].Sample(rows =>
        {
            var table = RoundTrip(
                new("a.b", rows.Select(row => row.Item1).ToArray()), new("b", rows.Select(row => row.Item2).ToArray()),
                new("c", rows.Select(row => row.Item3).ToArray()), new("d", rows.Select(row => row.Item4).ToArray()));
            Assert.Equal(rows.Select(row => row.Item1), table.NullableDoubles("a.b"));
            Assert.Equal(rows.Select(row => row.Item2), table.Doubles("b"));
            Assert.Equal(rows.Select(row => row.Item3), table.Longs("c"));
            Assert.Equal(rows.Select(row => row.Item4), table.Ints("d"));
        }, iter: 30);

    [Fact]
    public void The_same_table_gives_the_same_bytes()
    {
        RoundTrip(Sample());
        byte[] first = File.ReadAllBytes(folder["t.parquet"]);
        RoundTrip(Sample());
        Assert.Equal(first, File.ReadAllBytes(folder["t.parquet"]));
    }

    [Fact]
    public void Many_repeated_rows_are_read()
    {
        var table = RoundTrip(new Column("x", new double?[300_000]), new Column("name", Enumerable.Repeat("same", 300_000).ToArray()));
        Assert.Equal(300_000, table.NullableDoubles("x").Count(value => value is null));
        Assert.Equal("same", table.Strings("name")[299_999]);
    }

    [Fact]
    public void Columns_are_widened_where_exact_and_else_refused()
    {
        var table = RoundTrip(Sample());
        Assert.Equal([(double)int.MinValue, 0, 1, 2, int.MaxValue], table.Doubles("mode"));
        Assert.Equal([(long)int.MinValue, 0, 1, 2, int.MaxValue], table.Longs("mode"));
        Assert.EndsWith("column 'flatness': found double, 2 of 5 missing, expected double, none missing", Refusal(() => table.Doubles("flatness")));
        Assert.EndsWith("column 'step': found Int64, expected double, none missing", Refusal(() => table.Doubles("step")));
        Assert.EndsWith("column 'layer': found String, expected 32-bit integer", Refusal(() => table.Ints("layer")));
        Assert.EndsWith("columns: found 'flatness', 'loss', 'step', 'mode', 'layer', expected one named 'x'", Refusal(() => table.Strings("x")));
    }

    [Fact]
    public void A_damaged_file_gives_the_values_written_or_is_refused()
    {
        RoundTrip(Sample());
        byte[] whole = File.ReadAllBytes(folder["t.parquet"]);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Sample((place, value) =>
        {
            byte[] bytes = [.. whole];
            bytes[place] = value;
            RefusesOrEquals(bytes);
        }, iter: 1000);
        Gen.Int[0, whole.Length - 1].Sample(length => { Assert.True(Refuses(whole[..length])); }, iter: 30);
    }

    [Fact]
    public void What_is_no_table_is_refused()
    {
        Assert.Contains("format: found 3 bytes that do not end in 'PAR1'", Refusal(() => ParquetTable.Read(folder.Bytes("x", [1, 2, 3]))));
        Assert.EndsWith("found nothing there, expected a Parquet file", Refusal(() => ParquetTable.Read(folder["absent"])));
        Assert.Throws<ArgumentException>(() => RoundTrip());
        Assert.Contains("'b' has 1 rows, but 'a' has 2",
            Assert.Throws<ArgumentException>(() => RoundTrip(new("a", new double[2]), new("b", new double[1]))).Message);
        Assert.Contains("Two columns are named 'a'",
            Assert.Throws<ArgumentException>(() => RoundTrip(new("a", new double[1]), new("a", new int[1]))).Message);
        Assert.Contains("no text in row 1", Assert.Throws<ArgumentException>(() => new Column("a", new string[] { "x", null! })).Message);
    }

    [Fact]
    public void A_table_of_another_program_is_refused_before_it_is_parsed()
    {
        byte[] bytes = [.. "PAR1"u8, .. new byte[100], 20, 0, 0, 0, .. "PAR1"u8];
        Assert.Contains("seal: found none before the footer", Refusal(() => ParquetTable.Read(folder.Bytes("x", bytes))));
        bytes[^5] = 0x7F;
        Assert.Contains("footer: found a length beyond the file's", Refusal(() => ParquetTable.Read(folder.Bytes("x", bytes))));
    }

    [Fact]
    public async Task Another_reader_finds_the_same_values()
    {
        RoundTrip(Sample());
        await using var reader = await Parquet.ParquetReader.CreateAsync(folder["t.parquet"], cancellationToken: TestContext.Current.CancellationToken);
        var fields = reader.Schema.DataFields;
        using var group = reader.OpenRowGroupReader(0);
        double?[] flatness = new double?[5];
        await group.ReadAsync<double>(fields[0], flatness.AsMemory(), cancellationToken: TestContext.Current.CancellationToken);
        double[] loss = new double[5];
        await group.ReadAsync<double>(fields[1], loss, cancellationToken: TestContext.Current.CancellationToken);
        long[] step = new long[5];
        await group.ReadAsync<long>(fields[2], step, cancellationToken: TestContext.Current.CancellationToken);
        string[] layer = new string[5];
        await group.ReadAsync(fields[4], layer.AsMemory()!, cancellationToken: TestContext.Current.CancellationToken);
        var sample = Sample();
        Assert.Equal((double?[])sample[0].Values, flatness);
        Assert.Equal((double[])sample[1].Values, loss);
        Assert.Equal((long[])sample[2].Values, step);
        Assert.Equal((string[])sample[4].Values, layer);
    }

    [Fact]
    public void A_forged_table_ends_soon_and_takes_little_memory()
    {
        ParquetTable.Write(folder["t.parquet"], Sample());
        byte[] whole = File.ReadAllBytes(folder["t.parquet"]);
        int end = whole.Length - 8 - BitConverter.ToInt32(whole, whole.Length - 8);
        var start = ThreadTime();
        long before = GC.GetAllocatedBytesForCurrentThread();
        int read = 0;
        Gen.Select(Gen.Int[0, whole.Length - 9], Gen.Byte, Gen.Int[0, whole.Length - 9], Gen.Byte).Sample((a, first, b, second) =>
        {
            byte[] bytes = [.. whole];
            (bytes[a], bytes[b]) = (first, second);
            Reseal(bytes, end);
            read += Refuses(bytes) ? 0 : 1;
        }, iter: 3000);
        Assert.InRange(read, 60, 2940);          // most changes of numbers are read, most of headers are not
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 3000, 0, 1_000_000);   // the limit of 2 million values would be 16 MB
        Assert.InRange((ThreadTime() - start).TotalSeconds, 0, 60);
    }

    /// <summary>Of the processor, which a machine under load does not stretch as it does the clock's.</summary>
    private static TimeSpan ThreadTime()
    {
        const string schedule = "/proc/thread-self/schedstat";                   // nanoseconds on the processor come first
        return File.Exists(schedule)
            ? TimeSpan.FromTicks(long.Parse(File.ReadAllText(schedule).Split(' ')[0], CultureInfo.InvariantCulture) / 100)
            : System.Diagnostics.Stopwatch.GetElapsedTime(0);
    }

    [Theory]
    [InlineData(10_000_000)]
    [InlineData(100_000_000)]
    public void A_table_that_claims_more_rows_than_a_file_can_hold_is_refused(long claim)
    {
        ParquetTable.Write(folder["t.parquet"], [new("x", new double?[1_100_000])]);
        byte[] whole = File.ReadAllBytes(folder["t.parquet"]);
        int end = whole.Length - 8 - BitConverter.ToInt32(whole, whole.Length - 8);
        int places = Replace(whole, end, ZigZag(1_100_000), ZigZag(claim));
        Assert.True(places > 0);
        Reseal(whole, end);
        Assert.Contains($"is no table that this version of Talweg wrote: found {claim} rows of 1 columns in a file of {whole.Length} bytes, expected at most {2_000_000 + whole.Length} values.",
            Refusal(() => ParquetTable.Read(folder.Bytes("forged", whole))));
    }

    [Fact]
    public void Columns_that_share_a_page_are_refused()
    {
        double[] numbers = new double[12_500];
        ParquetTable.Write(folder["t.parquet"], [new("a", numbers), new("b", numbers)]);
        byte[] whole = File.ReadAllBytes(folder["t.parquet"]);
        int end = whole.Length - 8 - BitConverter.ToInt32(whole, whole.Length - 8);
        int page = (end - "PAR1TALWEG#\n".Length - System.Security.Cryptography.SHA256.HashSizeInBytes) / 2;
        Assert.Equal(whole[4..(4 + page)], whole[(4 + page)..(4 + 2 * page)]);
        byte[] forged = [.. whole[..(4 + page)], .. whole[(4 + 2 * page)..]];
        // The second page's place becomes the first's, 4, in as many bytes.
        Assert.True(Replace(forged, end - page, ZigZag(4 + page), [0x88, 0x80, 0]) > 0);
        Reseal(forged, end - page);
        Assert.EndsWith($"found pages that are longer than the file's {forged.Length} bytes together, expected each column's own.", Refusal(() => ParquetTable.Read(folder.Bytes("forged", forged))));
    }

    [Fact]
    public void A_compressed_table_is_refused()
    {
        ParquetTable.Write(folder["t.parquet"], [new("x", new double[10])]);
        byte[] whole = File.ReadAllBytes(folder["t.parquet"]);
        int end = whole.Length - 8 - BitConverter.ToInt32(whole, whole.Length - 8);
        // Of the column's description: its path ["x"], then the codec, field 4, which is 0.
        int codec = whole.AsSpan(end).IndexOf(new byte[] { 0x18, 1, (byte)'x', 0x15, 0 }) + 4;
        Assert.True(codec > 3);
        whole[end + codec] = 2;
        Reseal(whole, end);
        Assert.EndsWith("found column 'x' compressed, expected plain values.", Refusal(() => ParquetTable.Read(folder.Bytes("forged", whole))));
    }

    /// <summary>A number as the footer has it, in four bytes.</summary>
    private static byte[] ZigZag(long value)
    {
        var bytes = new List<byte>();
        for (ulong rest = (ulong)value << 1; bytes.Count == 0 || rest > 0; rest >>= 7)
            bytes.Add((byte)((rest & 127) | (rest > 127 ? 128u : 0)));
        return [.. bytes];
    }

    private static int Replace(byte[] bytes, int from, byte[] old, byte[] now)
    {
        int found = 0;
        for (int i = from; i <= bytes.Length - old.Length; i++)
        {
            if (!bytes.AsSpan(i, old.Length).SequenceEqual(old))
                continue;
            now.CopyTo(bytes, i);
            found++;
        }
        return found;
    }

    /// <summary>Makes the seal, which stands before the footer, fit the bytes again, as a forger would.</summary>
    private static void Reseal(byte[] bytes, int footer)
    {
        const int hash = System.Security.Cryptography.SHA256.HashSizeInBytes;
        byte[] others = [.. bytes[..(footer - hash)], .. bytes[footer..]];
        System.Security.Cryptography.SHA256.HashData(others).CopyTo(bytes, footer - hash);
    }

    private static string Refusal(Action action) => Assert.Throws<InputException>(action).Message;

    private bool Refuses(byte[] bytes)
    {
        try
        {
            ParquetTable.Read(folder.Bytes("damaged", bytes));
            return false;
        }
        catch (InputException)
        {
            return true;
        }
    }

    private void RefusesOrEquals(byte[] bytes)
    {
        Table table;
        try
        {
            table = ParquetTable.Read(folder.Bytes("damaged", bytes));
        }
        catch (InputException)
        {
            return;
        }
        foreach (var (expected, found) in Sample().Zip(table.Columns))
        {
            Assert.Equal(expected.Name, found.Name);
            Assert.Equal(expected.Values, found.Values);
        }
    }
}
