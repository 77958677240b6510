using System.Security.Cryptography;
using System.Text;

namespace Talweg.Reliability.Tests.Fuzzing.Readers;

/// <summary>Checksums made right after a change, as whoever forges a file would: what lies behind them is not trusted either.</summary>
internal static class Seals
{
    private const int Digits = 64;
    private const string JsonEnd = "\"\n}\n";

    /// <summary>A document whose last property is the checksum of all before it; others are left as they are.</summary>
    public static byte[] Json(byte[] bytes)
    {
        int place = bytes.Length - JsonEnd.Length - Digits;
        if (place < 0 || !bytes.AsSpan(0, place).EndsWith("\"sha256\": \""u8) || !bytes.AsSpan().EndsWith(Encoding.ASCII.GetBytes(JsonEnd)))
            return bytes;
        return With(bytes, place, SHA256.HashData(bytes.AsSpan(0, place)));
    }

    /// <summary>A safetensors file whose metadata have the checksum of all bytes, its own digits being zeros; others are left as they are.</summary>
    public static byte[] Tensors(byte[] bytes)
    {
        ReadOnlySpan<byte> before = "sha256\":\""u8;
        int place = bytes.AsSpan().IndexOf(before) + before.Length;
        if (place < before.Length || place + Digits > bytes.Length)
            return bytes;
        byte[] blank = [.. bytes];
        blank.AsSpan(place, Digits).Fill((byte)'0');
        return With(bytes, place, SHA256.HashData(blank));
    }

    private static byte[] With(byte[] bytes, int place, byte[] hash)
    {
        byte[] changed = [.. bytes];
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash)).CopyTo(changed, place);
        return changed;
    }
}
