namespace Talweg.Native;

/// <summary>One line of <c>.gnu.version_r</c>: a version that a library must offer.</summary>
/// <param name="Library">The library's name, such as libc.so.6.</param>
/// <param name="Version">The version's name, such as GLIBC_2.2.5.</param>
/// <param name="Index">The number by which <c>.gnu.version</c> refers to it.</param>
/// <param name="Flags">0, or 2 if its absence is accepted.</param>
/// <param name="FlagsOffset">Where the flags lie in the file.</param>
/// <param name="LibraryName">Where the library's name lies in <c>.dynstr</c>.</param>
/// <param name="VersionName">Where the version's name lies in <c>.dynstr</c>.</param>
internal sealed record VersionNeed(string Library, string Version, ushort Index, ushort Flags, long FlagsOffset, uint LibraryName, uint VersionName)
{
    private const int EntrySize = 16;

    public static IReadOnlyList<VersionNeed> ReadAll(ElfImage image)
    {
        var section = image.Section(".gnu.version_r");
        List<VersionNeed> needs = [];
        long library = section.Offset;
        for (uint left = Bounded(section, section.Entries); left > 0; left--)
        {
            ReadLibrary(image, section, library, needs);
            library = Following(section, library, image.UInt32(library + 12), left);
        }
        return needs;
    }

    private static void ReadLibrary(ElfImage image, ElfSection section, long library, List<VersionNeed> needs)
    {
        var strings = image.Section(".dynstr");
        uint libraryName = image.UInt32(library + 4);
        long version = library + image.UInt32(library + 8);
        for (uint left = Bounded(section, image.UInt16(library + 2)); left > 0; left--)
        {
            if (version > section.End - EntrySize)
                throw new InvalidDataException("its version needs leave their section");
            uint name = image.UInt32(version + 8);
            needs.Add(new(image.Name(strings, libraryName), image.Name(strings, name),
                image.UInt16(version + 6), image.UInt16(version + 4), version + 4, libraryName, name));
            version = Following(section, version, image.UInt32(version + 12), left);
        }
    }

    private static uint Bounded(ElfSection section, uint count) =>
        count <= section.Size / EntrySize ? count : throw new InvalidDataException($"it claims {count} version needs in {section.Size} bytes");

    private static long Following(ElfSection section, long entry, uint step, uint left)
    {
        long next = entry + step;
        bool last = left == 1;
        return last || (step > 0 && next <= section.End - EntrySize) ? next : throw new InvalidDataException("its version needs break off");
    }
}
