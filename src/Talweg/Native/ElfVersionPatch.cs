using System.Buffers.Binary;

namespace Talweg.Native;

/// <summary>Frees TorchSharp 0.107's native library from the one symbol for which it asks for the libstdc++ of GCC 13.</summary>
/// <remarks>
/// That symbol, <c>std::ios_base_library_init()</c>, makes sure that <c>std::cout</c> is initialised; a libstdc++ too old to have it
/// does so by itself. So the need for its version becomes weak (the dynamic linker then accepts its absence), and the
/// symbol becomes <c>getpid</c>, which every libc has and which does no harm when called without arguments.
/// Three places change. If anything is not exactly as expected, nothing does.
/// </remarks>
internal static class ElfVersionPatch
{
    public const string Version = "GLIBCXX_3.4.32";
    public const string Symbol = "_ZSt21ios_base_library_initv";
    private const string StandInVersion = "GLIBC_2.2.5";
    private const int SymbolSize = 24;
    private const byte Weak = 2;   // VER_FLG_WEAK
    private static ReadOnlySpan<byte> StandIn => "getpid\0"u8;

    public static ElfPatch Apply(byte[] file)
    {
        try
        {
            return Rewrite(file, new ElfImage(file));
        }
        catch (InvalidDataException unexpected)
        {
            return new ElfPatch.LeftAlone(unexpected.Message);
        }
    }

    private static ElfPatch.Rewritten Rewrite(byte[] file, ElfImage image)
    {
        var needs = VersionNeed.ReadAll(image);
        var need = Only(needs.Where(n => n.Version == Version), $"needs of {Version}");
        var standIn = Only(needs.Where(n => n is { Library: "libc.so.6", Version: StandInVersion }), $"needs of {StandInVersion} of libc.so.6");
        if (need.Flags != 0)
            throw new InvalidDataException($"its need of {Version} has the flags {need.Flags} instead of none");
        int symbol = SymbolOf(image, need);
        long version = image.Section(".gnu.version").Offset + 2 * symbol;
        long name = NameOf(image, needs, symbol);

        byte[] copy = [.. file];
        copy[need.FlagsOffset] |= Weak;
        BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan((int)version), standIn.Index);
        StandIn.CopyTo(copy.AsSpan((int)name));
        return new(copy, [((int)need.FlagsOffset, 1), ((int)version, 2), ((int)name, StandIn.Length)]);
    }

    /// <summary>The index of the only symbol of that version.</summary>
    private static int SymbolOf(ElfImage image, VersionNeed need)
    {
        var symbols = image.Section(".dynsym");
        var versions = image.Section(".gnu.version");
        long count = symbols.Size / SymbolSize;
        if (versions.Size != 2 * count)
            throw new InvalidDataException($"it has {count} dynamic symbols but {versions.Size / 2} symbol versions");
        List<int> found = [];
        for (int i = 0; i < count; i++)
        {
            if (image.UInt16(versions.Offset + 2L * i) == need.Index)
                found.Add(i);
        }
        int symbol = Only(found, $"symbols of {Version}");
        string name = image.Name(image.Section(".dynstr"), image.UInt32(symbols.Offset + (long)symbol * SymbolSize));
        return name == Symbol ? symbol : throw new InvalidDataException($"its symbol of {Version} is {name} instead of {Symbol}");
    }

    /// <summary>Where the symbol's name lies, after checking that no other name shares its letters.</summary>
    private static long NameOf(ElfImage image, IReadOnlyList<VersionNeed> needs, int symbol)
    {
        var symbols = image.Section(".dynsym");
        uint name = image.UInt32(symbols.Offset + (long)symbol * SymbolSize);
        bool Shares(uint other) => other >= name && other <= name + Symbol.Length;
        for (int i = 0; i < symbols.Size / SymbolSize; i++)
        {
            if (i != symbol && Shares(image.UInt32(symbols.Offset + (long)i * SymbolSize)))
                throw new InvalidDataException($"the name {Symbol} is shared by the dynamic symbol {i}");
        }
        if (needs.Any(n => Shares(n.VersionName) || Shares(n.LibraryName)) || DynamicNames(image).Any(Shares))
            throw new InvalidDataException($"the name {Symbol} is shared by the name of a library or version");
        return image.Section(".dynstr").Offset + name;
    }

    /// <summary>The names in the dynamic section: needed libraries, the library's own name, search paths.</summary>
    private static IEnumerable<uint> DynamicNames(ElfImage image)
    {
        var dynamic = image.Section(".dynamic");
        for (long entry = dynamic.Offset; entry + 16 <= dynamic.End; entry += 16)
        {
            if (image.UInt32(entry) is 1 or 14 or 15 or 29)   // DT_NEEDED, DT_SONAME, DT_RPATH, DT_RUNPATH
                yield return image.UInt32(entry + 8);
        }
    }

    private static T Only<T>(IEnumerable<T> found, string what)
    {
        T[] all = [.. found];
        return all.Length == 1 ? all[0] : throw new InvalidDataException($"it has {all.Length} {what} instead of 1");
    }
}
