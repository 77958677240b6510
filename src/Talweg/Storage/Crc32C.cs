using System.Buffers.Binary;
using System.Numerics;

namespace Talweg.Storage;

/// <summary>The cyclic redundancy check CRC-32C of bytes that come piece by piece: it can be gone on with from its value alone, and costs next to nothing. Every single changed byte changes it.</summary>
internal static class Crc32C
{
    /// <summary>The check of all bytes so far and of these, however they are cut into pieces; it begins with 0.</summary>
    public static uint Add(uint check, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            check = BitOperations.Crc32C(check, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte one in bytes)
            check = BitOperations.Crc32C(check, one);
        return check;
    }
}
