using Talweg.Storage;

namespace Talweg.Tests.Storage;

public sealed class SafeTensorsFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private SafeTensorsFile Open(byte[] bytes) => SafeTensorsFile.Open(folder.Bytes("w.safetensors", bytes));

    private string Refusal(byte[] bytes) => Assert.Throws<InputException>(() => Open(bytes).Dispose()).Message;

    [Fact]
    public void A_hand_written_file_is_read()
    {
        using var file = Open(SafeTensorsBytes.Golden);
        Assert.Equal(["a", "b"], file.Names);
        var b = file.Entry("b");
        Assert.Equal((ElementType.Float32, "[2, 3]", 120L, 24L, 6L), (b.Type, b.ShapeText, b.Offset, b.Length, b.Count));
        Assert.Equal([1, 2, 3, 4, 5, 6], file.ReadSingles("b"));
        Assert.Equal([0.5, -0.25], file.ReadDoubles("a"));
        Assert.Equal([0.5f, -0.25f], file.ReadSingles("a"));
    }

    [Fact]
    public void Rows_are_read_in_both_precisions()
    {
        using var file = Open(SafeTensorsBytes.Golden);
        float[] singles = new float[3];
        double[] doubles = new double[6];
        file.ReadRows("b", 1, 1, singles);
        file.ReadRows("b", 0, 2, doubles);
        Assert.Equal([4, 5, 6], singles);
        Assert.Equal([1, 2, 3, 4, 5, 6], doubles);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.ReadRows("b", 1, 2, doubles));
        Assert.Throws<ArgumentException>(() => file.ReadRows("b", 0, 1, doubles));
        Assert.Contains("two dimensions", Assert.Throws<InputException>(() => file.ReadRows("a", 0, 1, doubles)).Message);
    }

    [Fact]
    public void Metadata_and_empty_tensors_and_single_numbers_are_read()
    {
        using var file = Open(SafeTensorsBytes.File(
            """{"__metadata__":{"format":"pt"},"none":{"dtype":"F32","shape":[0,3],"data_offsets":[0,0]},"one":{"dtype":"F64","shape":[],"data_offsets":[0,8]}}""",
            BitConverter.GetBytes(7.0)));
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Empty(file.ReadDoubles("none"));
        Assert.Equal([7.0], file.ReadDoubles("one"));
    }

    [Theory]
    [InlineData("BF16", "803F", 1.0)]
    [InlineData("BF16", "49C0", -3.140625)]
    [InlineData("F16", "FF7B", 65504.0)]
    [InlineData("I8", "FF", -1.0)]
    [InlineData("U8", "FF", 255.0)]
    [InlineData("I16", "0080", -32768.0)]
    [InlineData("U16", "FFFF", 65535.0)]
    [InlineData("I32", "00000080", -2147483648.0)]
    [InlineData("U32", "FFFFFFFF", 4294967295.0)]
    [InlineData("I64", "0000000000000080", -9223372036854775808.0)]
    [InlineData("U64", "0000000000000080", 9223372036854775808.0)]
    public void Every_numeric_type_is_converted(string type, string hex, double expected)
    {
        using var file = Open(One(type, hex));
        Assert.Equal(expected, Assert.Single(file.ReadDoubles("x")));
    }

    [Theory]
    [InlineData("I32", "01000001", "x[0]: found 16777217, expected a number that single precision holds")]
    [InlineData("U64", "FFFFFFFFFFFFFFFF", "x[0]: found 18446744073709551615, expected a number that single precision holds")]
    [InlineData("F64", "9C7500883CE4377E", "x[0]: found 1E+300, expected a number that single precision holds")]
    public void Singles_that_would_be_wrong_are_refused(string type, string hex, string expected)
    {
        using var file = Open(One(type, hex));
        Assert.EndsWith(expected, Assert.Throws<InputException>(() => file.ReadSingles("x")).Message);
    }

    [Fact]
    public void Integers_that_double_precision_would_round_are_refused()
    {
        using var file = Open(One("I64", "FFFFFFFFFFFFFF7F"));
        Assert.EndsWith("x[0]: found 9223372036854775807, expected a number that double precision holds exactly",
            Assert.Throws<InputException>(() => file.ReadDoubles("x")).Message);
    }

    [Fact]
    public void Types_without_meaning_as_real_numbers_are_listed_but_not_read()
    {
        using var file = Open(One("BOOL", "01"));
        Assert.Equal(ElementType.Boolean, file.Entry("x").Type);
        Assert.Contains("tensor 'x', dtype: found BOOL, expected F64, F32", Assert.Throws<InputException>(() => file.ReadSingles("x")).Message);
    }

    [Fact]
    public void Missing_tensors_and_files_are_named()
    {
        using var file = Open(SafeTensorsBytes.Golden);
        Assert.EndsWith("tensors: found 'a', 'b', expected one named 'c'", Assert.Throws<InputException>(() => file.ReadSingles("c")).Message);
        Assert.EndsWith("file: found nothing there, expected a file",
            Assert.Throws<InputException>(() => SafeTensorsFile.Open(folder["absent"])).Message);
        Assert.Contains("cannot be read", Assert.Throws<InputException>(() => SafeTensorsFile.Open(folder["."])).Message);
    }

    [Theory]
    [InlineData("504B03040000080800000000000000000000", "a ZIP archive, as torch.save writes")]
    [InlineData("504B030400000000", "a ZIP archive")]
    [InlineData("80028A0A6CFC9C46F9206AA85019", "a Python pickle")]
    [InlineData("894844460D0A1A0A0000000000", "an HDF5 file")]
    [InlineData("76657273696F6E2068747470733A", "Git LFS")]
    public void Files_of_other_formats_are_recognised_with_the_way_out(string hex, string found)
    {
        string message = Refusal(Convert.FromHexString(hex));
        Assert.Contains(found, message);
        Assert.Contains("from safetensors.torch import save_file; save_file(model.state_dict(), \"w.safetensors\")", message);
    }

    [Theory]
    [InlineData("", "header length: found a file of 0 bytes")]
    [InlineData("00000000000000", "header length: found a file of 7 bytes")]
    [InlineData("0000000000000000", "header length: found 0, expected 2 to 0 bytes")]
    [InlineData("FFFFFFFFFFFFFFFF7B7D", "header length: found 18446744073709551615")]
    [InlineData("03000000000000007B7D", "header length: found 3, expected 2 to 2 bytes")]
    [InlineData("02000000000000005B5D", "header: found byte 0x5B first")]
    public void Impossible_headers_are_refused(string hex, string expected) =>
        Assert.Contains(expected, Refusal(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "'x' twice")]
    [InlineData("""{"x":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "tensor 'x': found the key 'dtype' twice")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"\u0073hape":[1],"data_offsets":[0,4]}}""", "the key 'shape' twice")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "__metadata__: found the key 'a' twice")]
    [InlineData("""{"__metadata__":{"a":1},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "__metadata__, 'a': found JSON Number")]
    [InlineData("""{"x":{"dtype":"F4","shape":[1],"data_offsets":[0,4]}}""", "tensor 'x', dtype: found 'F4', expected one of F64, F32")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1]}}""", "tensor 'x': found no key 'data_offsets'")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"y":1}}""", "tensor 'x': found the key 'y'")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "tensor 'x', shape: found a number that is negative")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}""", "tensor 'x', shape: found a number that is")]
    [InlineData("""{"x":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}}""", "header: found JSON with an error")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "tensor 'x', data_offsets: found 4 bytes, expected 8 bytes of F32 [2]")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}""", "a sensible shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "data_offsets: found [4, 0]")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", "more than 2 numbers")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1],"data_offsets":[9223372036854775806,9223372036854775807]}}""", "data_offsets: found [9223372036854775806")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "an end at 8, expected at most 4")]
    [InlineData("""{"x":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}""", "a beginning at 1, expected 0")]
    [InlineData("""{"x":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"y":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", "overlap")]
    [InlineData("""{"x":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", "data: found 4 bytes, expected 3")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} x""", "header: found JSON with an error")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""", "header: found JSON with an error")]
    [InlineData("""{"\uD800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "header: found JSON with an error")]
    [InlineData("""{"x\u001b[31m":{"dtype":"F3","shape":[1],"data_offsets":[0,4]}}""", @"tensor 'x\u001B[31m', dtype")]
    public void Headers_that_break_a_rule_are_refused(string json, string expected)
    {
        string message = Refusal(SafeTensorsBytes.File(json, 0, 0, 128, 63));
        Assert.StartsWith(folder["w.safetensors"], message);
        Assert.Contains(expected, message);
    }

    [Fact]
    public void A_header_that_claims_a_hundred_megabytes_takes_no_memory()
    {
        byte[] bytes = [.. BitConverter.GetBytes(99_000_000L), (byte)'{', .. new byte[100]];
        string path = folder.Bytes("w.safetensors", bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InputException>(() => SafeTensorsFile.Open(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void A_file_cut_while_open_is_an_error_and_not_a_wrong_number()
    {
        using var file = Open(SafeTensorsBytes.Golden);
        using (var stream = new FileStream(file.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            stream.SetLength(130);
        Assert.Contains("its end at byte 130", Assert.Throws<InputException>(() => file.ReadSingles("b")).Message);
    }

    private static byte[] One(string type, string hex)
    {
        byte[] data = Convert.FromHexString(hex);
        return SafeTensorsBytes.File($"{{\"x\":{{\"dtype\":\"{type}\",\"shape\":[1],\"data_offsets\":[0,{data.Length}]}}}}", data);
    }

    [Fact]
    public void A_named_pipe_is_refused_without_waiting_for_its_other_end()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps no pipes among files.");
        NamedPipe.Make(folder["fifo"]);
        Assert.EndsWith("fifo: cannot be read: it is a named pipe (FIFO). Name a regular file.", Assert.Throws<InputException>(() => SafeTensorsFile.Open(folder["fifo"])).Message);
        Assert.EndsWith("fifo: cannot be read: it is a named pipe (FIFO). Name a regular file.", Assert.Throws<InputException>(() => ParquetTable.Read(folder["fifo"])).Message);
        Assert.EndsWith("fifo: cannot be written: it is a named pipe (FIFO). Name a regular file, or a new one.", Assert.Throws<InputException>(() => new SafeTensorsRowWriter(folder["fifo"], 3)).Message);
    }
}
