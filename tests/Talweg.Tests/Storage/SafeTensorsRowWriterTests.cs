using Talweg.Storage;

namespace Talweg.Tests.Storage;

public sealed class SafeTensorsRowWriterTests : IDisposable
{
    private const int Columns = 3;
    private const int Rows = 7;
    private const int RowBytes = Columns * 4;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static float[] Row(long t, int columns = Columns) => [.. Enumerable.Range(0, columns).Select(i => MathF.Sin(t * columns + i))];

    private static void Append(SafeTensorsRowWriter writer, long first, long end)
    {
        for (long t = first; t < end; t++)
            writer.Append(Row(t, writer.Columns));
    }

    private byte[] Uninterrupted(int columns = Columns, long rows = Rows)
    {
        using (var writer = new SafeTensorsRowWriter(folder["whole"], columns))
            Append(writer, 0, rows);
        return File.ReadAllBytes(folder["whole"]);
    }

    private byte[] Resumed(byte[] remains, long rows)
    {
        string path = folder.Bytes("resumed", remains);
        using (var writer = SafeTensorsRowWriter.Resume(path, rows, Columns))
        {
            Assert.Equal(rows, writer.Rows);
            Append(writer, rows, Rows);
            writer.Flush();
        }
        return File.ReadAllBytes(path);
    }

    [Fact]
    public void The_bytes_are_a_padded_header_and_the_rows()
    {
        byte[] bytes = Uninterrupted();
        Assert.Equal("""{"weights":{"dtype":"F32","shape":[7,3],"data_offsets":[0,84]}}""", SafeTensorsBytes.Json(bytes).TrimEnd(' '));
        Assert.Equal(256 + Rows * RowBytes, bytes.Length);
        Assert.Equal(Enumerable.Range(0, Rows).SelectMany(t => Row(t)).SelectMany(BitConverter.GetBytes), SafeTensorsBytes.Tensor(bytes, "weights").Data);
    }

    [Fact]
    public void The_file_is_valid_from_the_start_and_after_every_flush()
    {
        using var writer = new SafeTensorsRowWriter(folder["w"], Columns);
        for (int t = 0; t <= Rows; t++)
        {
            using (var file = SafeTensorsFile.Open(folder["w"]))
            {
                Assert.Equal([t, Columns], file.Entry("weights").Shape);
                Assert.Equal(Enumerable.Range(0, t).SelectMany(s => Row(s)), file.ReadSingles("weights"));
            }
            writer.Append(Row(t));
            writer.Flush(durable: t % 2 == 0);
        }
    }

    [Fact]
    public void Killed_at_any_byte_and_resumed_at_any_row_the_bytes_are_the_same()
    {
        byte[] whole = Uninterrupted();
        for (int length = 256; length <= whole.Length; length++)
        {
            for (int rows = 0; rows <= (length - 256) / RowBytes; rows++)
                Assert.Equal(whole, Resumed(whole[..length], rows));
        }
    }

    [Fact]
    public void Killed_between_rows_and_header_the_rows_are_there_to_resume_from()
    {
        byte[] whole = Uninterrupted();
        for (int headerRows = 0; headerRows < Rows; headerRows++)
        {
            byte[] early = Uninterrupted(rows: headerRows);
            byte[] killed = [.. early[..256], .. whole[256..]];
            string message = Assert.Throws<InputException>(() => SafeTensorsFile.Open(folder.Bytes("killed", killed))).Message;
            Assert.Contains($"data: found 84 bytes, expected {headerRows * RowBytes}", message);
            Assert.Equal(whole, Resumed(killed, Rows - 1));
        }
    }

    [Fact]
    public void Killed_in_the_middle_of_a_full_buffer_the_bytes_are_the_same()
    {
        const int columns = 100_000;   // two rows fill the buffer
        byte[] whole = Uninterrupted(columns, rows: 5);
        var writer = new SafeTensorsRowWriter(folder["w"], columns);
        Append(writer, 0, 5);
        byte[] killed = ReadWhileWriting(folder["w"]);
        writer.Dispose();
        Assert.Equal(256 + 4 * columns * 4, killed.Length);
        string path = folder.Bytes("killed", killed);
        using (var file = SafeTensorsFile.Open(path))
            Assert.Equal(4, file.Entry("weights").Shape[0]);
        using (var resumed = SafeTensorsRowWriter.Resume(path, 3, columns))
            Append(resumed, 3, 5);
        Assert.Equal(whole, File.ReadAllBytes(path));
    }

    [Fact]
    public void Memory_does_not_grow_with_rows()
    {
        using var writer = new SafeTensorsRowWriter(folder["w"], 1000);
        float[] row = new float[1000];
        writer.Append(row);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int t = 0; t < 5000; t++)
            writer.Append(row);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);   // headers; the rows are 20 MB
    }

    [Fact]
    public void Resuming_needs_the_rows_the_columns_and_a_recording()
    {
        string path = folder.Bytes("w", Uninterrupted());
        Assert.EndsWith("found 7 whole rows, expected at least the 8 to go on from", Refusal(path, 8, Columns));
        Assert.EndsWith("shape: found [7, 3], expected rows of 4 numbers", Refusal(path, 1, 4));
        Assert.Contains("that Talweg itself recorded", Refusal(folder.Bytes("other", SafeTensorsBytes.Golden), 0, Columns));
        Assert.Contains("header length", Refusal(folder.Bytes("short", File.ReadAllBytes(path)[..200]), 0, Columns));
        Assert.Contains("nothing there", Refusal(folder["absent"], 0, Columns));
        Assert.Equal(Uninterrupted(), File.ReadAllBytes(path));
    }

    [Fact]
    public void Misuse_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SafeTensorsRowWriter(folder["w"], 0));
        Assert.Throws<InputException>(() => new SafeTensorsRowWriter(Path.Combine(folder["absent"], "w"), 1));
        var writer = new SafeTensorsRowWriter(folder["w"], 2);
        Assert.Contains("The row has 3 numbers, but the file's rows have 2.", Assert.Throws<ArgumentException>(() => writer.Append([1, 2, 3])).Message);
        writer.Dispose();
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => writer.Append([1, 2]));
    }

    private static string Refusal(string path, long rows, int columns) =>
        Assert.Throws<InputException>(() => SafeTensorsRowWriter.Resume(path, rows, columns)).Message;

    private static byte[] ReadWhileWriting(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    [Fact]
    public void A_link_is_followed_and_another_name_of_the_old_file_keeps_its_bytes()
    {
        File.WriteAllText(folder["backup"], "precious");
        using (var linked = System.Diagnostics.Process.Start("ln", [folder["backup"], folder["target"]]))
            linked.WaitForExit();
        File.CreateSymbolicLink(folder["link"], "target");
        using (var writer = new SafeTensorsRowWriter(folder["link"], 2))
            writer.Append([1, 2]);
        Assert.Equal("target", new FileInfo(folder["link"]).LinkTarget);
        Assert.Equal("precious", File.ReadAllText(folder["backup"]));
        using var file = SafeTensorsFile.Open(folder["target"]);
        Assert.Equal([1f, 2f], file.ReadSingles("weights"));
    }
}
