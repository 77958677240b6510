using System.Buffers.Binary;
using System.Text;

namespace Talweg.Native;

/// <summary>A part of an ELF file: where it lies, how long it is, and the number of entries that its header states.</summary>
internal readonly record struct ElfSection(long Offset, long Size, uint Entries)
{
    public long End => Offset + Size;
}

/// <summary>Reads a 64-bit little-endian ELF file held in memory; every read checks its bounds.</summary>
/// <remarks>
/// Layout: System V ABI, "Object Files", and the GNU symbol versioning of the Linux Standard Base 5.0, chapter 10.7.
/// Whatever does not fit ends in an <see cref="InvalidDataException"/> that says what.
/// </remarks>
internal sealed class ElfImage
{
    private const int SectionHeaderSize = 64;
    private static ReadOnlySpan<byte> Magic => [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1];   // 2: 64 bits, 1: little endian

    private readonly byte[] _bytes;
    private readonly Dictionary<string, ElfSection> _sections = new(StringComparer.Ordinal);

    public ElfImage(byte[] bytes)
    {
        _bytes = bytes;
        if (!bytes.AsSpan().StartsWith(Magic))
            throw new InvalidDataException("it is not a 64-bit little-endian ELF file");
        ReadSections();
    }

    public ElfSection Section(string name) =>
        _sections.TryGetValue(name, out var section) ? section : throw new InvalidDataException($"it has no section {name}");

    public ushort UInt16(long offset) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(offset, sizeof(ushort)));

    public uint UInt32(long offset) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(offset, sizeof(uint)));

    /// <summary>A 64-bit offset or size, which must fit into the file.</summary>
    public long Position(long offset)
    {
        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(Slice(offset, sizeof(ulong)));
        return value <= (ulong)_bytes.Length ? (long)value : throw new InvalidDataException($"the position {value} lies outside its {_bytes.Length} bytes");
    }

    /// <summary>The zero-terminated name at <paramref name="index"/> of a string table.</summary>
    public string Name(ElfSection strings, uint index)
    {
        if (index >= strings.Size)
            throw new InvalidDataException($"the name {index} lies outside a table of {strings.Size} bytes");
        var rest = Slice(strings.Offset + index, strings.Size - index);
        int length = rest.IndexOf((byte)0);
        return length >= 0 ? Encoding.ASCII.GetString(rest[..length]) : throw new InvalidDataException($"the name {index} does not end");
    }

    private ReadOnlySpan<byte> Slice(long offset, long length) =>
        offset >= 0 && length >= 0 && offset <= _bytes.Length - length
            ? _bytes.AsSpan((int)offset, (int)length)
            : throw new InvalidDataException($"it ends before byte {offset + length}: it has {_bytes.Length} bytes");

    private void ReadSections()
    {
        long table = Position(0x28);
        int count = UInt16(0x3C);
        if (UInt16(0x3A) != SectionHeaderSize)
            throw new InvalidDataException($"its section headers have {UInt16(0x3A)} bytes instead of {SectionHeaderSize}");
        var names = SectionAt(table, UInt16(0x3E));
        for (int i = 0; i < count; i++)
            _sections.TryAdd(Name(names, UInt32(table + i * SectionHeaderSize)), SectionAt(table, i));
    }

    private ElfSection SectionAt(long table, int index)
    {
        const uint NoBits = 8;   // such a section occupies nothing in the file, whatever its size
        long header = table + (long)index * SectionHeaderSize;
        var section = new ElfSection(Position(header + 24), UInt32(header + 4) == NoBits ? 0 : Position(header + 32), UInt32(header + 44));
        Slice(section.Offset, section.Size);
        return section;
    }
}
