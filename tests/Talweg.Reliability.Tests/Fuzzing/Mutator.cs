using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Talweg.Statistics;

namespace Talweg.Reliability.Tests.Fuzzing;

/// <summary>Changes valid files in the ways in which files are wrong: cut, spliced, repeated, with other lengths and other tokens.</summary>
internal sealed class Mutator(RandomStream random)
{
    private static readonly string[] Numbers = [
        "0", "-1", "1", "2", "255", "256", "65536", "2147483647", "2147483648", "-2147483649", "4294967296", "9223372036854775807", "9223372036854775808",
        "1e999", "-0", "0.5", "NaN", "\"NaN\"", "\"Infinity\"",
    ];

    private static readonly string[] Tokens = ["null", "true", "[]", "{}", "\"\"", "[[[]]]", "\"\\u001b[31m\"", "{\"a\":1}", ",", ":", "\"", "}", "]"];

    private static readonly long[] Values = [0, 1, -1, 2, 7, 8, 127, 128, 255, 256, 32767, 65535, 65536, int.MaxValue, uint.MaxValue, 1L << 32, long.MaxValue, long.MinValue];

    /// <summary>One of the seeds, changed one to four times.</summary>
    public byte[] Change(IReadOnlyList<byte[]> seeds)
    {
        byte[] bytes = seeds[random.Next(seeds.Count)];
        int most = 4 * bytes.Length + 4096;
        for (int changes = 1 + random.Next(4); changes > 0; changes--)
            bytes = Once(bytes, seeds);
        return bytes.Length <= most ? bytes : bytes[..most];
    }

    private byte[] Once(byte[] bytes, IReadOnlyList<byte[]> seeds) => random.Next(bytes.Length == 0 ? 2 : 14) switch
    {
        0 => [.. bytes, .. Noise(1 + random.Next(64))],
        1 => Splice(bytes, seeds[random.Next(seeds.Count)]),
        2 or 3 => Flip(bytes),
        4 => With(bytes, random.Next(bytes.Length), [(byte)random.Next(256)]),
        5 => bytes[..random.Next(bytes.Length)],
        6 => Insert(bytes, random.Next(bytes.Length), Noise(1 + random.Next(16))),
        7 => Cut(bytes),
        8 => Repeat(bytes),
        9 => Swap(bytes),
        10 or 11 => Length(bytes),
        12 => Replace(bytes, char.IsAsciiDigit, Numbers),
        _ => Replace(bytes, c => c is '"' or '[' or '{' or ',' or ':', Tokens),
    };

    private byte[] Flip(byte[] bytes)
    {
        int place = random.Next(bytes.Length);
        return With(bytes, place, [(byte)(bytes[place] ^ (1 << random.Next(8)))]);
    }

    private byte[] Splice(byte[] bytes, byte[] other) => [.. bytes.AsSpan(0, random.Next(bytes.Length + 1)), .. other.AsSpan(random.Next(other.Length + 1))];

    private byte[] Cut(byte[] bytes)
    {
        var (start, end) = Range(bytes);
        return [.. bytes[..start], .. bytes[end..]];
    }

    private byte[] Repeat(byte[] bytes)
    {
        var (start, end) = Range(bytes);
        byte[] part = bytes[start..end];
        return Insert(bytes, random.Next(2) == 0 ? end : random.Next(bytes.Length), [.. Enumerable.Repeat(part, 1 + random.Next(4)).SelectMany(copy => copy)]);
    }

    private byte[] Swap(byte[] bytes)
    {
        var (start, end) = Range(bytes);
        return With(bytes, random.Next(Math.Max(1, bytes.Length - (end - start))), bytes.AsSpan(start, end - start));
    }

    /// <summary>Another number where a length, count or offset may be: of 1 to 8 bytes, in either order.</summary>
    private byte[] Length(byte[] bytes)
    {
        int size = 1 << random.Next(4);
        long value = random.Next(3) switch
        {
            0 => Values[random.Next(Values.Length)],
            1 => bytes.Length + random.Next(-2, 3),
            _ => (long)random.NextBits() >> random.Next(64),
        };
        Span<byte> number = stackalloc byte[8];
        if (random.Next(2) == 0)
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
        else
            BinaryPrimitives.WriteInt64BigEndian(number, value << (64 - 8 * size));
        return With(bytes, random.Next(bytes.Length), number[..size]);
    }

    /// <summary>Another text where one of a kind of characters stands, with all of its kind that follow it.</summary>
    private byte[] Replace(byte[] bytes, Func<char, bool> kind, string[] texts)
    {
        int from = random.Next(bytes.Length);
        int place = Array.FindIndex(bytes, from, value => kind((char)value));
        if (place < 0)
            return Flip(bytes);
        int end = place + 1;
        while (end < bytes.Length && char.IsAsciiDigit((char)bytes[place]) && char.IsAsciiDigit((char)bytes[end]))
            end++;
        string text = random.Next(8) == 0 ? random.NextBits().ToString(CultureInfo.InvariantCulture) : texts[random.Next(texts.Length)];
        return [.. bytes[..place], .. Encoding.UTF8.GetBytes(text), .. bytes[end..]];
    }

    private (int Start, int End) Range(byte[] bytes)
    {
        int start = random.Next(bytes.Length);
        int most = random.Next(4) == 0 ? bytes.Length - start : Math.Min(64, bytes.Length - start);
        return (start, start + 1 + random.Next(most));
    }

    private byte[] Noise(int length)
    {
        byte[] noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }

    private static byte[] Insert(byte[] bytes, int place, byte[] part) => [.. bytes[..place], .. part, .. bytes[place..]];

    private static byte[] With(byte[] bytes, int place, ReadOnlySpan<byte> part)
    {
        byte[] changed = [.. bytes];
        part[..Math.Min(part.Length, bytes.Length - place)].CopyTo(changed.AsSpan(place));
        return changed;
    }
}
