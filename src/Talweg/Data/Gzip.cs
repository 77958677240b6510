namespace Talweg.Data;

/// <summary>What is known of a gzip file before it is unpacked.</summary>
internal static class Gzip
{
    /// <summary>How much an idx file may shrink: drawings in two colours reach 120, zeros 1032.</summary>
    public const int LargestRatio = 250;

    /// <summary>How much an archive of photographs may shrink: 2 is usual.</summary>
    public const int LargestRatioOfPhotographs = 20;

    /// <summary>So many bytes may come of any file, however small.</summary>
    public const long AlwaysAllowed = 64L << 20;

    /// <summary>Whether <paramref name="file"/> starts as gzip files do; leaves its position at the start.</summary>
    public static bool Starts(Stream file)
    {
        Span<byte> first = stackalloc byte[2];
        int got = file.ReadAtLeast(first, 2, throwOnEndOfStream: false);
        file.Position = 0;
        return got == 2 && first is [0x1F, 0x8B];
    }

    /// <summary>Bytes that a file of <paramref name="packed"/> bytes may give: a bomb is refused by what it claims, before it is unpacked.</summary>
    public static long MostFrom(long packed, int ratio) => Math.Max(AlwaysAllowed, packed > long.MaxValue / ratio ? long.MaxValue : packed * ratio);
}
