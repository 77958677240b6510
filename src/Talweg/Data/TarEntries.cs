using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Talweg.Data;

/// <summary>The regular files of a tar archive, one after another: ustar, with the long names of GNU and of PAX (POSIX.1-2017, pax, "ustar Interchange Format").</summary>
/// <remarks>
/// .NET's own reader sets as much memory aside as an extended header claims to be long, so a kilobyte can ask for gigabytes; here such a header may have
/// <see cref="LongestExtension"/>. What an archive says of all its files (a global header) is not of use and passed over, as are links, folders and devices.
/// </remarks>
/// <param name="archive">Read forward only.</param>
/// <param name="path">What messages call it.</param>
internal sealed class TarEntries(Stream archive, string path)
{
    /// <summary>Bytes of an extended header: names have some hundred.</summary>
    public const int LongestExtension = 1 << 20;

    private const int BlockSize = 512;

    private readonly byte[] _header = new byte[BlockSize];
    private long _length;
    private long _left;

    /// <summary>The next regular file, whether or not the last one was read; null at the end.</summary>
    /// <exception cref="InvalidDataException">What stands there is no header.</exception>
    /// <exception cref="InputException">An extended header is too long, or the archive ends within a file.</exception>
    /// <exception cref="EndOfStreamException">The archive ends within a header.</exception>
    public (string Name, long Length)? Next()
    {
        string? name = null;
        long? length = null;
        Skip();
        while (ReadHeader())
        {
            char type = (char)_header[156];
            _length = length ?? Number(_header.AsSpan(124, 12));
            _left = Padded(_length);
            switch (type)
            {
                case 'L':
                    name = Text(Extension(type));
                    break;
                case 'x':
                    (name, length) = Records(Extension(type), name);
                    break;
                case 'g' or 'K':
                    Extension(type);
                    break;
                case '0' or '\0' when !(name ?? OwnName()).EndsWith('/'):
                    return (name ?? OwnName(), _length);
                case >= '1' and <= '6':
                    (_left, name, length) = (0, null, null);   // links, devices and folders have nothing behind their header
                    break;
                default:
                    Skip();
                    (name, length) = (null, null);
                    break;
            }
        }

        return null;
    }

    /// <summary>The bytes of the file that <see cref="Next"/> has come to.</summary>
    public byte[] Read(string source)
    {
        byte[] bytes = BoundedBytes.Read(archive, _length, source);
        _left -= _length;
        return bytes;
    }

    /// <summary>False at the end: a block of zeros, or none.</summary>
    private bool ReadHeader()
    {
        int got = archive.ReadAtLeast(_header, BlockSize, throwOnEndOfStream: false);
        if (got == 0 || (got == BlockSize && !_header.AsSpan().ContainsAnyExcept((byte)0)))
            return false;
        if (got < BlockSize)
            throw new EndOfStreamException();
        int sum = 8 * ' ';                                     // its own field is taken as blanks
        for (int i = 0; i < BlockSize; i++)
            sum += i is >= 148 and < 156 ? 0 : _header[i];
        return Number(_header.AsSpan(148, 8)) == sum ? true : throw new InvalidDataException("a header's checksum is wrong");
    }

    private byte[] Extension(char type)
    {
        if (_length > LongestExtension)
            throw new InputException(path, "archive", $"an extended header ({type}) of {_length} bytes", $"at most {LongestExtension}");
        byte[] bytes = Read($"{path}: extended header");
        Skip();
        return bytes;
    }

    private void Skip()
    {
        byte[] block = new byte[Math.Min(_left, 1 << 16)];
        while (_left > 0)
        {
            int got = archive.Read(block, 0, (int)Math.Min(_left, block.Length));
            if (got == 0)
                throw new EndOfStreamException();
            _left -= got;
        }
    }

    /// <summary>Name and length of the file behind, of records "LENGTH KEY=VALUE\n" whose length counts itself.</summary>
    private static (string? Name, long? Length) Records(ReadOnlySpan<byte> records, string? name)
    {
        long? length = null;
        while (!records.IsEmpty)
        {
            int blank = records.IndexOf((byte)' ');
            if (blank < 1 || !int.TryParse(records[..blank], NumberStyles.None, CultureInfo.InvariantCulture, out int size) || size <= blank + 1 || size > records.Length)
                throw new InvalidDataException("an extended header's record has no length");
            string record = Encoding.UTF8.GetString(records[(blank + 1)..size]).TrimEnd('\n');
            if (record.StartsWith("path=", StringComparison.Ordinal))
                name = record[5..];
            else if (record.StartsWith("size=", StringComparison.Ordinal))
                length = long.TryParse(record[5..], NumberStyles.None, CultureInfo.InvariantCulture, out long stated) && stated <= long.MaxValue / 2
                    ? stated
                    : throw new InvalidDataException("an extended header's size is no number");
            records = records[size..];
        }

        return (name, length);
    }

    private string OwnName()
    {
        string name = Text(_header.AsSpan(0, 100)), prefix = _header.AsSpan(257, 6).SequenceEqual("ustar\0"u8) ? Text(_header.AsSpan(345, 155)) : "";
        return prefix.Length > 0 ? $"{prefix}/{name}" : name;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes.IndexOf((byte)0) is >= 0 and var end ? bytes[..end] : bytes);

    /// <summary>Octal digits, or GNU's binary number behind a set first bit.</summary>
    private static long Number(ReadOnlySpan<byte> field)
    {
        if (field[0] == 0x80 && field.Length == 12 && BinaryPrimitives.ReadInt64BigEndian(field[4..]) is >= 0 and <= long.MaxValue / 2 and var binary)
            return binary;
        long number = 0;
        foreach (byte digit in field.Trim(" \0"u8))
            number = digit is >= (byte)'0' and <= (byte)'7' ? (number << 3) + digit - '0' : throw new InvalidDataException("a header's number is not octal");
        return number;
    }

    private static long Padded(long length) => (length + BlockSize - 1) / BlockSize * BlockSize;
}
