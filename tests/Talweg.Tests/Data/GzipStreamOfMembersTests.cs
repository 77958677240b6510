using CsCheck;
using Talweg.Data;

namespace Talweg.Tests.Data;

/// <summary>Files of one member or several, whole, cut anywhere, and with other bytes behind them; read in pieces of any size.</summary>
public sealed class GzipStreamOfMembersTests
{
    private static readonly Gen<byte[]> Content = Gen.OneOf(Gen.Byte.Array[0, 300], Gen.Int[0, 70_000].Select(length => new byte[length]), Gen.Int[8_000, 20_000].Select(IdxBytes.Pixels));

    [Fact]
    public void All_members_are_unpacked_one_after_the_other() =>
        Gen.Select(Content.Array[1, 4], Gen.Int[1, 50_000], Gen.Int[1, 9_000]).Sample((members, piece, block) =>
        {
            byte[] file = [.. members.SelectMany(member => IdxBytes.Pack(member))];
            return Unpack(file, piece, block).SequenceEqual(members.SelectMany(member => member));
        }, iter: 300);

    [Fact]
    public void A_file_that_does_not_end_where_a_member_does_is_refused() =>
        Gen.Select(Content, Content, Gen.Int[0, 1_000_000], Gen.Int[1, 50_000]).Sample((first, second, cut, piece) =>
        {
            byte[] whole = [.. IdxBytes.Pack(first), .. IdxBytes.Pack(second)];
            int end = IdxBytes.Pack(first).Length;
            int kept = 1 + cut % (whole.Length - 1);
            return kept == end || IsRefused(whole[..kept], piece);
        }, iter: 1000);

    [Fact]
    public void Bytes_behind_the_last_member_are_refused() =>
        Gen.Select(Content, Gen.Byte.Array[1, 600], Gen.Int[1, 50_000]).Sample((content, behind, piece) => IsRefused([.. IdxBytes.Pack(content), .. behind], piece), iter: 300);

    [Fact]
    public void The_message_names_the_file_and_the_remedy() =>
        Assert.Equal("a.gz: packed data: found its end in the middle of a gzip member, or other bytes behind the last one, expected a whole gzip file; it is cut or damaged: remove it and fetch it again",
            Assert.Throws<InputException>(() => Unpack(IdxBytes.Pack([1, 2, 3])[..^2], 10, 10)).Message);

    private static bool IsRefused(byte[] file, int piece)
    {
        try
        {
            Unpack(file, piece, 4096);
            return false;
        }
        catch (Exception e) when (e is InputException or InvalidDataException)
        {
            return true;
        }
    }

    private static byte[] Unpack(byte[] file, int piece, int block)
    {
        using var unpacked = new GzipStreamOfMembers(new Pieces(file, block), "a.gz");
        using var all = new MemoryStream();
        byte[] buffer = new byte[piece];
        for (int got; (got = unpacked.Read(buffer)) > 0;)
            all.Write(buffer, 0, got);
        Assert.Equal(0, unpacked.Read(buffer));
        return all.ToArray();
    }

    /// <summary>A file that gives no more at once than it likes to.</summary>
    private sealed class Pieces(byte[] bytes, int block) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(block, buffer.Length)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(block, count));
    }
}
