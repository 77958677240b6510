using System.Buffers.Binary;
using Talweg.Data;
using Talweg.Tests.Data;

namespace Talweg.Reliability.Tests.Fuzzing.Readers;

/// <summary>PNG and JPEG pictures.</summary>
internal static class PictureReaders
{
    public static IEnumerable<FuzzReader> All() =>
    [
        new("png", [PictureBytes.Png(PictureBytes.Values(1, 3, 5, 4), 3, 5, 4), PictureBytes.Png(PictureBytes.Values(2, 1, 3, 3), 1, 3, 3)], Read) { Finish = WithChecks, Memory = 160L << 20 },
        new("jpeg", [PictureBytes.Jpeg, PictureBytes.NoiseJpeg(9, 9, 60)], Read) { Memory = 160L << 20 },
    ];

    private static void Read(byte[] bytes, string folder)
    {
        using var stream = new MemoryStream(bytes);
        var header = PictureHeader.Read(stream, "picture");
        if ((long)header.Rows * header.Columns > 1 << 20)      // what is large is decoded as it is small, but slowly
            return;
        PictureDecoder.Decode(new("picture", bytes), header, header.Channels, 4, new byte[header.Channels * 16]);
    }

    /// <summary>Each chunk's checksum made that of its bytes, as far as there are whole chunks.</summary>
    private static byte[] WithChecks(byte[] png)
    {
        byte[] bytes = [.. png];
        for (long place = 8; place + 12 <= bytes.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan((int)place));
            if (place + 12 + length > bytes.Length)
                break;
            var body = bytes.AsSpan((int)place + 4, (int)length + 4);
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan((int)(place + 8 + length)), PictureBytes.Crc(body));
            place += 12 + length;
        }

        return bytes;
    }
}
