using System.Buffers.Binary;

namespace Talweg.Storage;

/// <summary>What a safetensors file says about itself: eight bytes of length, then JSON. Every claim is checked before it is used.</summary>
/// <remarks>The rules are those of https://huggingface.co/docs/safetensors; the data are not looked at.</remarks>
internal sealed record SafeTensorsHeader(
    IReadOnlyList<TensorEntry> Entries, IReadOnlyDictionary<string, string> Metadata, long DataStart)
{
    /// <summary>Bytes of the length that comes first.</summary>
    public const int PrefixBytes = 8;

    private const long LongestJson = 100_000_000;

    /// <summary>Reads and checks the header, including that the tensors fill the rest of the file exactly.</summary>
    /// <exception cref="InputException">Any rule of the format is broken.</exception>
    public static SafeTensorsHeader Read(InputFile file)
    {
        var header = ReadUnplaced(file);
        SafeTensorsLayout.Check(file.Path, header, file.Length);
        return header;
    }

    /// <summary>As <see cref="Read"/>, but without asking whether the data are all there: a file may have lost its last rows.</summary>
    public static SafeTensorsHeader ReadUnplaced(InputFile file)
    {
        long length = JsonLength(file);
        byte[] json = new byte[length];
        file.Read(PrefixBytes, json);
        if (json[0] != '{')
            throw Foreign(file) ?? new InputException(file.Path, "header", $"byte 0x{json[0]:X2} first", "JSON beginning with '{'");
        return SafeTensorsJson.Parse(file.Path, json, PrefixBytes + length);
    }

    private static long JsonLength(InputFile file)
    {
        if (file.Length < PrefixBytes)
            throw new InputException(file.Path, "header length", $"a file of {file.Length} bytes", "at least 8 bytes of a safetensors file");
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        file.Read(0, prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        long most = Math.Min(LongestJson, file.Length - PrefixBytes);
        if (length < 2 || length > (ulong)most)
        {
            throw Foreign(file) ?? new InputException(file.Path, "header length", $"{length}",
                $"2 to {most} bytes, for a safetensors file of {file.Length} bytes; is it one, and complete?");
        }
        return (long)length;
    }

    private static InputException? Foreign(InputFile file)
    {
        byte[] start = new byte[(int)Math.Min(16, file.Length)];
        file.Read(0, start);
        return ForeignFormat.Recognise(file.Path, start);
    }
}
