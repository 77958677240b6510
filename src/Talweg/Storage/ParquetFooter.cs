using System.Text;

namespace Talweg.Storage;

/// <summary>The part of a Parquet file's footer that reading a table needs: its columns, and where their values are.</summary>
/// <remarks>apache/parquet-format, parquet.thrift. Only what <see cref="ParquetTable"/> writes is accepted: one group of rows, flat columns, no compression.</remarks>
/// <param name="Rows">As the file's header says.</param>
/// <param name="Columns">In their order.</param>
internal sealed record ParquetFooter(long Rows, IReadOnlyList<ParquetColumn> Columns)
{
    public const int MostColumns = 1000;

    /// <exception cref="FormatException">It is something else.</exception>
    public static ParquetFooter Parse(ReadOnlySpan<byte> footer)
    {
        var reader = new ThriftReader(footer);
        List<Leaf> leaves = [];
        List<Chunk> chunks = [];
        long rows = -1;
        for (int id = 0; reader.Next(ref id, out byte type);)
        {
            switch (id)
            {
                case 2:
                    leaves = Leaves(ref reader, reader.Structures(type));
                    break;
                case 3:
                    rows = reader.Integer(type);
                    break;
                case 4:
                    chunks = Groups(ref reader, reader.Structures(type));
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        if (leaves.Count != chunks.Count)
            throw new FormatException($"values of {chunks.Count} columns, expected {leaves.Count}");
        return new(rows, [.. leaves.Zip(chunks, Column)]);
    }

    private static ParquetColumn Column(Leaf leaf, Chunk chunk)
    {
        if (leaf.Name.Length == 0)
            throw new FormatException("a column without a name");
        if (leaf.Type != chunk.Type)
            throw new FormatException($"column '{Quoted.Name(leaf.Name)}' of type {chunk.Type}, expected {leaf.Type}");
        if (chunk.Codec != 0)
            throw new FormatException($"column '{Quoted.Name(leaf.Name)}' compressed, expected plain values");
        return new(leaf.Name, leaf.Type, leaf.Repetition == 1, chunk.Values, chunk.Place, chunk.Length);
    }

    private static List<Leaf> Leaves(ref ThriftReader reader, int count)
    {
        if (count is < 2 or > MostColumns + 1)
            throw new FormatException($"{count - 1} columns, expected 1 to {MostColumns}");
        var elements = new List<Leaf>();
        for (int i = 0; i < count; i++)
            elements.Add(Element(ref reader));
        if (elements[0].Children != count - 1 || elements.Skip(1).FirstOrDefault(leaf => leaf.Children != 0 || leaf.Repetition is not (0 or 1)) is not null)
            throw new FormatException("nested values, expected single values");
        return elements[1..];
    }

    private static Leaf Element(ref ThriftReader reader)
    {
        var leaf = new Leaf("", -1, 0, 0);
        for (int id = 0; reader.Next(ref id, out byte type);)
        {
            switch (id)
            {
                case 1:
                    leaf = leaf with { Type = reader.Integer(type) };
                    break;
                case 3:
                    leaf = leaf with { Repetition = reader.Integer(type) };
                    break;
                case 4:
                    leaf = leaf with { Name = Encoding.UTF8.GetString(reader.Text(type)) };
                    break;
                case 5:
                    leaf = leaf with { Children = reader.Integer(type) };
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return leaf;
    }

    private static List<Chunk> Groups(ref ThriftReader reader, int count)
    {
        if (count != 1)
            throw new FormatException($"{count} groups of rows, expected 1");
        List<Chunk> chunks = [];
        for (int id = 0; reader.Next(ref id, out byte type);)
        {
            if (id != 1)
            {
                reader.Skip(type);
                continue;
            }
            int columns = reader.Structures(type);
            for (int i = 0; i < columns; i++)
                chunks.Add(ChunkOf(ref reader));
        }
        return chunks;
    }

    private static Chunk ChunkOf(ref ThriftReader reader)
    {
        var chunk = new Chunk(-1, -1, -1, -1, -1);
        for (int id = 0; reader.Next(ref id, out byte type);)
        {
            if (id == 3)
            {
                ThriftReader.Structure(type);
                chunk = Details(ref reader);
            }
            else
            {
                reader.Skip(type);
            }
        }
        return chunk;
    }

    private static Chunk Details(ref ThriftReader reader)
    {
        var chunk = new Chunk(-1, -1, -1, -1, -1);
        for (int id = 0; reader.Next(ref id, out byte type);)
        {
            switch (id)
            {
                case 1:
                    chunk = chunk with { Type = reader.Integer(type) };
                    break;
                case 4:
                    chunk = chunk with { Codec = reader.Integer(type) };
                    break;
                case 5:
                    chunk = chunk with { Values = reader.Integer(type) };
                    break;
                case 7:
                    chunk = chunk with { Length = reader.Integer(type) };
                    break;
                case 9:
                    chunk = chunk with { Place = reader.Integer(type) };
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return chunk;
    }

    private sealed record Leaf(string Name, long Type, long Repetition, long Children);

    private sealed record Chunk(long Type, long Codec, long Values, long Length, long Place);
}
