using CsCheck;
using Talweg.Storage;

namespace Talweg.Tests.Storage;

public sealed class SafeTensorsWriterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private byte[] Written(IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        SafeTensorsWriter.Write(folder["w.safetensors"], tensors, metadata);
        return File.ReadAllBytes(folder["w.safetensors"]);
    }

    [Fact]
    public void The_bytes_are_those_that_Python_writes() => Assert.Equal(
        SafeTensorsBytes.File(
            """{"__metadata__":{"format":"torch"},"z":{"dtype":"F64","shape":[],"data_offsets":[0,8]},"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]},"é<\"\\":{"dtype":"F32","shape":[0],"data_offsets":[16,16]}}""" + "     ",
            Convert.FromHexString("0000000000001C40" + "0000803F" + "000000C0")),
        Written(
        [
            new("é<\"\\", [0], Array.Empty<float>()),
            new("0.weight", [1, 2], new float[] { 1, -2 }),
            new("z", [], new double[] { 7 }),
        ], new Dictionary<string, string> { ["format"] = "torch" }));

    [Fact]
    public void Another_parser_finds_shapes_types_and_bits() =>
        Gen.Select(Gen.Float.Array[0, 40], Gen.Double.Array[0, 20]).Sample((singles, doubles) =>
        {
            byte[] bytes = Written([new("s", [singles.Length], singles), new("d", [doubles.Length, 1, 1], doubles)]);
            var s = SafeTensorsBytes.Tensor(bytes, "s");
            var d = SafeTensorsBytes.Tensor(bytes, "d");
            Assert.Equal(0, SafeTensorsBytes.Json(bytes).Length % 8);
            Assert.Equal(("F32", "F64"), (s.Type, d.Type));
            Assert.Equal([doubles.Length, 1, 1], d.Shape);
            Assert.Equal(singles.SelectMany(BitConverter.GetBytes), s.Data);
            Assert.Equal(doubles.SelectMany(BitConverter.GetBytes), d.Data);
            using var file = SafeTensorsFile.Open(folder["w.safetensors"]);
            Assert.Equal(singles, file.ReadSingles("s"));
            Assert.Equal(doubles, file.ReadDoubles("d"));
        }, iter: 30);

    [Fact]
    public void The_order_given_does_not_matter()
    {
        NamedTensor[] tensors = [new("b", [1], new float[] { 1 }), new("a", [1], new double[] { 2 }), new("c", [1], new float[] { 3 })];
        Assert.Equal(
            Written(tensors, new Dictionary<string, string> { ["x"] = "1", ["y"] = "2" }),
            Written([.. tensors.Reverse()], new Dictionary<string, string> { ["y"] = "2", ["x"] = "1" }));
    }

    [Fact]
    public void What_cannot_be_a_tensor_is_refused()
    {
        Assert.Contains("has 3 values, but its shape [2, 2]",
            Assert.Throws<ArgumentException>(() => new NamedTensor("x", [2, 2], new float[3])).Message);
        Assert.Throws<ArgumentException>(() => new NamedTensor("x", [-1, -3], new float[3]));
        Assert.Throws<ArgumentException>(() => new NamedTensor("x", [long.MaxValue, long.MaxValue, long.MaxValue], new float[1]));
        Assert.Throws<ArgumentException>(() => new NamedTensor("__metadata__", [1], new float[1]));
        Assert.Contains("Two tensors are named 'x'", Assert.Throws<ArgumentException>(
            () => Written([new("x", [1], new float[1]), new("x", [1], new double[1])])).Message);
    }
}
