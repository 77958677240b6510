using System.Buffers;
using System.Numerics;

namespace Talweg.Storage;

/// <summary>Reads consecutive elements of a tensor in blocks of bounded size, converting as it goes.</summary>
internal static class TensorReader
{
    private const int BlockBytes = 1 << 18;

    /// <param name="file">The file.</param>
    /// <param name="entry">The tensor in it.</param>
    /// <param name="first">The first element to read, in row-major order.</param>
    /// <param name="destination">Where they go; its length says how many.</param>
    /// <exception cref="InputException">The type is not a number Talweg reads, or a value does not fit <typeparamref name="T"/>.</exception>
    public static void Read<T>(InputFile file, TensorEntry entry, long first, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireReadable(file, entry);
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            int perBlock = BlockBytes / ElementTypes.Size(entry.Type);
            while (!destination.IsEmpty)
            {
                int count = Math.Min(perBlock, destination.Length);
                ReadBlock(file, entry, first, block, destination[..count]);
                first += count;
                destination = destination[count..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>The number of elements as an array length.</summary>
    public static int ArrayLength(InputFile file, TensorEntry entry) => entry.Count <= Array.MaxLength
        ? (int)entry.Count
        : throw new InputException(file.Path, Field(entry), $"{entry.Count} numbers", $"at most {Array.MaxLength}; read it in rows");

    private static void ReadBlock<T>(InputFile file, TensorEntry entry, long first, byte[] block, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = ElementTypes.Size(entry.Type);
        var bytes = block.AsSpan(0, destination.Length * size);
        file.Read(entry.Offset + first * size, bytes);
        int unfit = ElementDecoder.Decode(entry.Type, bytes, destination);
        if (unfit >= 0)
        {
            throw new InputException(file.Path, entry.At(first + unfit), ElementDecoder.Show(entry.Type, bytes.Slice(unfit * size, size)),
                typeof(T) == typeof(float) ? "a number that single precision holds" : "a number that double precision holds exactly");
        }
    }

    private static void RequireReadable(InputFile file, TensorEntry entry)
    {
        if (!ElementTypes.IsReadable(entry.Type))
        {
            throw new InputException(file.Path, $"{Field(entry)}, dtype", ElementTypes.Name(entry.Type),
                "F64, F32, F16, BF16 or an integer type; this type has no plain meaning as real numbers here");
        }
    }

    private static string Field(TensorEntry entry) => $"tensor '{Quoted.Name(entry.Name)}'";
}
