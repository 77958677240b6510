using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Talweg.Storage;

namespace Talweg.Tests.Storage;

/// <summary>Checksums in files that Talweg reads again: whichever byte has changed, it is found.</summary>
public sealed class SealTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_changed_byte_anywhere_in_a_json_document_is_found()
    {
        string path = _folder["a.json"];
        SealedJson.Write(path, "{\n  \"rate\": 0.25,\n  \"sha256\": \"mine\"\n}\n");
        byte[] good = SealedJson.Read(path, "delete it");
        using (var json = JsonDocument.Parse(good))
            Assert.Equal(0.25, json.RootElement.GetProperty("rate").GetDouble());
        for (int i = 0; i < good.Length; i++)
        {
            foreach (byte flip in (byte[])[1, 0x20, 0x80])
            {
                byte[] bad = [.. good];
                bad[i] ^= flip;
                string message = Assert.Throws<InputException>(() => SealedJson.Read(_folder.Bytes("a.json", bad), "delete it")).Message;
                Assert.StartsWith($"{path}: sha256: found ", message);
                Assert.EndsWith("; delete it", message);
            }
        }

        for (int length = 0; length < good.Length; length++)
            Assert.Throws<InputException>(() => SealedJson.Read(_folder.Bytes("a.json", good[..length]), "delete it"));
    }

    [Fact]
    public void A_document_that_nobody_wrote_is_refused_by_its_length()
    {
        using (var file = File.Create(_folder["a.json"]))
            file.SetLength((1L << 28) + 1);      // takes no space
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal($"{_folder["a.json"]}: file: found 268435457 bytes, expected at most 268435456 in a document of Talweg's; delete it",
            Assert.Throws<InputException>(() => SealedJson.Read(_folder["a.json"], "delete it")).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    /// <summary>As the documentation says that a shell does it.</summary>
    [Fact]
    public void The_checksum_of_a_document_is_that_of_all_but_its_last_68_bytes()
    {
        SealedJson.Write(_folder["a.json"], "{\"a\":1}");
        byte[] bytes = File.ReadAllBytes(_folder["a.json"]);
        Assert.Equal("{\"a\":1,\n  \"sha256\": \"" + Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(0, bytes.Length - 68))) + "\"\n}\n", Encoding.UTF8.GetString(bytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    public void What_is_no_object_is_not_sealed(string json) => Assert.Throws<ArgumentException>(() => SealedJson.Write(_folder["a.json"], json));

    [Fact]
    public void A_changed_byte_anywhere_in_a_safetensors_file_is_found()
    {
        string path = _folder["a.st"];
        var metadata = new Dictionary<string, string> { ["plan"] = "{\"talweg-sha256\":\"no\"}", ["a"] = "" };
        NamedTensor[] tensors = [new("0.weight", [2, 3], new float[] { 1, 2, 3, 4, 5, 6 }), new("b", [1], new double[] { 7 })];
        SafeTensorsWriter.Write(path, tensors, metadata, checksum: true);
        byte[] good = File.ReadAllBytes(path);
        using (var file = SafeTensorsFile.Open(path))
        {
            Assert.True(file.HasChecksum);
            file.RequireChecksum();
            Assert.Equal([1, 2, 3, 4, 5, 6], file.ReadSingles("0.weight"));
            Assert.Equal("{\"talweg-sha256\":\"no\"}", file.Metadata["plan"]);
        }

        for (int i = 0; i < good.Length; i++)
        {
            foreach (byte flip in (byte[])[1, 0x20, 0x80])
            {
                byte[] bad = [.. good];
                bad[i] ^= flip;
                Assert.StartsWith(path, Assert.Throws<InputException>(() => Verify(_folder.Bytes("a.st", bad))).Message);
            }
        }
    }

    [Fact]
    public void The_checksum_of_a_file_is_that_of_its_bytes_with_zeros_for_digits()
    {
        SafeTensorsWriter.Write(_folder["a.st"], [new NamedTensor("a", [1], new float[] { 1 })], null, checksum: true);
        byte[] bytes = File.ReadAllBytes(_folder["a.st"]);
        int place = bytes.AsSpan().IndexOf("\"talweg-sha256\":\""u8) + 17;
        string digits = Encoding.ASCII.GetString(bytes, place, 64);
        bytes.AsSpan(place, 64).Fill((byte)'0');
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), digits);
    }

    [Fact]
    public void A_file_without_a_checksum_says_so()
    {
        SafeTensorsWriter.Write(_folder["a.st"], [new NamedTensor("a", [1], new float[] { 1 })]);
        using var file = SafeTensorsFile.Open(_folder["a.st"]);
        Assert.False(file.HasChecksum);
        Assert.EndsWith("a.st: metadata 'talweg-sha256': found none, expected the checksum with which this version of Talweg writes it", Assert.Throws<InputException>(file.RequireChecksum).Message);
        Assert.Throws<ArgumentException>(() => SafeTensorsWriter.Write(_folder["b.st"], [], new Dictionary<string, string> { ["talweg-sha256"] = "mine" }, checksum: true));
    }

    private static void Verify(string path)
    {
        using var file = SafeTensorsFile.Open(path);
        file.RequireChecksum();
    }
}
