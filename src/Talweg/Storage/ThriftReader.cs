namespace Talweg.Storage;

/// <summary>Reads Thrift's compact protocol, in which Parquet keeps its headers, in time and memory bounded by the bytes that are there.</summary>
/// <remarks>Every element of a list takes a byte, so none is believed that claims more elements than bytes are left.</remarks>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    private const int DeepestNesting = 16;
    private const byte True = 1, False = 2, Byte = 3, Short = 4, Int = 5, Long = 6, Double = 7, Binary = 8, List = 9, Set = 10, Struct = 12;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>How many bytes have been read.</summary>
    public int Place { get; private set; }

    /// <summary>Goes on to the next field of a structure; false at its end.</summary>
    /// <param name="id">The last field's number, 0 before the first; becomes this one's.</param>
    /// <param name="type">Its type.</param>
    public bool Next(ref int id, out byte type)
    {
        byte header = One();
        type = (byte)(header & 15);
        if (header == 0)
            return false;
        id = header >> 4 > 0 ? id + (header >> 4) : checked((int)Number());
        return true;
    }

    /// <summary>The value of an integer field.</summary>
    public long Integer(byte type) => type is Short or Int or Long ? Number() : throw Unexpected(type, "an integer");

    /// <summary>The bytes of a text.</summary>
    public ReadOnlySpan<byte> Text(byte type) => type == Binary ? Take(Count()) : throw Unexpected(type, "a text");

    /// <summary>How many structures a list has, which follow.</summary>
    public int Structures(byte type)
    {
        if (type != List)
            throw Unexpected(type, "a list");
        int count = Elements(out byte element);
        return count == 0 || element == Struct ? count : throw Unexpected(element, "a structure");
    }

    /// <summary>Requires that a field is a structure, whose fields follow.</summary>
    public static void Structure(byte type)
    {
        if (type != Struct)
            throw Unexpected(type, "a structure");
    }

    /// <summary>Passes over a field's value.</summary>
    public void Skip(byte type) => Skip(type, 0);

    private void Skip(byte type, int depth)
    {
        if (depth > DeepestNesting)
            throw new FormatException($"values nested deeper than {DeepestNesting}");
        switch (type)
        {
            case True or False:
                break;                     // a flag's value is its type
            case Byte:
                One();
                break;
            case Short or Int or Long:
                Number();
                break;
            case Double:
                Take(sizeof(double));
                break;
            case Binary:
                Take(Count());
                break;
            case List or Set:
                SkipElements(depth);
                break;
            case Struct:
                for (int id = 0; Next(ref id, out byte field);)
                    Skip(field, depth + 1);
                break;
            default:
                throw Unexpected(type, "a type that tables have");
        }
    }

    private void SkipElements(int depth)
    {
        int count = Elements(out byte element);
        for (int i = 0; i < count; i++)
        {
            if (element is True or False)
                One();                     // in a list a flag takes a byte
            else
                Skip(element, depth + 1);
        }
    }

    private int Elements(out byte type)
    {
        byte header = One();
        type = (byte)(header & 15);
        int count = header >> 4 < 15 ? header >> 4 : Count();
        return count <= _bytes.Length - Place ? count : throw new FormatException($"a list of {count} elements in {_bytes.Length - Place} bytes");
    }

    private int Count()
    {
        ulong count = Unsigned();
        return count <= (ulong)(_bytes.Length - Place) ? (int)count : throw new FormatException($"a length of {count} in {_bytes.Length - Place} bytes");
    }

    private long Number()
    {
        ulong value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong Unsigned()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte part = One();
            value |= (ulong)(part & 127) << shift;
            if (part < 128)
                return value;
        }
        throw new FormatException("a number longer than 64 bits");
    }

    private byte One() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - Place)
            throw new FormatException($"{count} bytes where {_bytes.Length - Place} are left");
        var taken = _bytes.Slice(Place, count);
        Place += count;
        return taken;
    }

    private static FormatException Unexpected(byte type, string expected) => new($"a value of type {type}, expected {expected}");
}
