namespace Talweg.Data;

/// <summary>What an element of an idx file is; the third byte of its magic number.</summary>
internal enum IdxType
{
    /// <summary>0 to 255.</summary>
    Byte = 0x08,

    /// <summary>−128 to 127.</summary>
    SignedByte = 0x09,

    /// <summary>16 bits, signed.</summary>
    Short = 0x0B,

    /// <summary>32 bits, signed.</summary>
    Int = 0x0C,
}

/// <summary>What an idx file should hold.</summary>
internal enum IdxContent
{
    /// <summary>Bytes in 3 dimensions.</summary>
    Images,

    /// <summary>Bytes in 1 dimension.</summary>
    Labels,

    /// <summary>Whole numbers in 1 dimension, or in 2, of which the first column counts: QMNIST's labels.</summary>
    AnyLabels,
}

/// <summary>Magic numbers: two zeros, the type of an element, the number of dimensions.</summary>
internal static class IdxContents
{
    /// <summary>Bytes of an element.</summary>
    public static int Size(this IdxType type) => type switch
    {
        IdxType.Short => 2,
        IdxType.Int => 4,
        _ => 1,
    };

    /// <summary>The magic number under which such contents are published, and written.</summary>
    public static (uint Magic, int Dimensions) Usual(this IdxContent content) => content == IdxContent.Images ? (0x0803u, 3) : (0x0801u, 1);

    /// <summary>Type and dimensions of a file with this magic number, which may be another than the usual for <see cref="IdxContent.AnyLabels"/>.</summary>
    /// <exception cref="InputException">It is the magic number of something else.</exception>
    public static (IdxType Type, int Dimensions) Require(this IdxContent content, uint magic, string source)
    {
        bool known = content == IdxContent.AnyLabels
            ? Enum.IsDefined((IdxType)(magic >> 8)) && (magic & 0xFF) is 1 or 2
            : magic == content.Usual().Magic;
        return known ? ((IdxType)(magic >> 8), (int)(magic & 0xFF)) : throw new InputException(source, "magic number", Describe(magic), Expected(content, magic));
    }

    private static string Expected(IdxContent content, uint magic) => content switch
    {
        IdxContent.Images => Describe(0x0803),
        IdxContent.AnyLabels => "labels: whole numbers of 8 to 32 bits in 1 dimension, or in 2",
        _ when Enum.IsDefined((IdxType)(magic >> 8)) && (magic & 0xFF) is 1 or 2 => $"{Describe(0x0801)}; --data {IdxFilesName.Pattern} reads such labels",
        _ => Describe(0x0801),
    };

    private static string Describe(uint magic) => magic switch
    {
        0x0803 => "2051 (idx images: bytes in 3 dimensions)",
        0x0801 => "2049 (idx labels: bytes in 1 dimension)",
        <= 0xFFFF when magic >> 8 != 8 => $"{magic} (idx type 0x{magic >> 8:X2}, not bytes 0x08)",
        <= 0xFFFF => $"{magic} (idx bytes in {magic & 0xFF} dimensions)",
        _ => $"0x{magic:X8} (not an idx file)",
    };
}
