using System.Diagnostics;
using System.Text;
using CsCheck;
using Talweg.Native;

namespace Talweg.Tests.Native;

public sealed class ElfVersionPatchTests
{
    private const string Readelf = "/usr/bin/readelf";
    private static readonly string? LibraryPath = !OperatingSystem.IsLinux() ? null
        : Directory.EnumerateFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories).FirstOrDefault();
    private static readonly byte[] Library = LibraryPath is null ? [] : File.ReadAllBytes(LibraryPath);

    private static void OnlyWhereTheLibraryIs() => Assert.SkipWhen(LibraryPath is null, "TorchSharp's library for Linux is not in the output.");

    [Fact]
    public void Nine_bytes_change_in_three_places()
    {
        OnlyWhereTheLibraryIs();
        byte[] before = [.. Library];
        var patch = Assert.IsType<ElfPatch.Rewritten>(ElfVersionPatch.Apply(Library));
        Assert.Equal(before, Library);
        Assert.Equal(Library.Length, patch.Bytes.Length);

        // Searched as text, not through the section headers that the patch goes by.
        int name = Library.AsSpan().IndexOf(Encoding.ASCII.GetBytes(ElfVersionPatch.Symbol + "\0"));
        int[] changed = [.. Enumerable.Range(0, Library.Length).Where(i => Library[i] != patch.Bytes[i])];
        Assert.Equal(9, changed.Length);
        Assert.Equal("getpid\0"u8.ToArray(), patch.Bytes[name..(name + 7)]);
        Assert.Equal(7, changed.Count(i => i >= name && i < name + 7));
        int[] others = [.. changed.Where(i => i < name || i >= name + 7)];
        int version = others.Single(i => Library[i] != 0);
        int flags = others.Single(i => Library[i] == 0);
        Assert.Equal(2, patch.Bytes[flags]);
        Assert.Equal(Library[version], Library[flags + 2]);   // the need's index follows its flags: the symbol was of that version
    }

    [Fact]
    public void Readelf_sees_a_weak_need_and_no_symbol_of_it()
    {
        OnlyWhereTheLibraryIs();
        Assert.SkipUnless(File.Exists(Readelf), "readelf is not installed.");
        var patch = Assert.IsType<ElfPatch.Rewritten>(ElfVersionPatch.Apply(Library));
        var directory = Directory.CreateTempSubdirectory();
        try
        {
            string path = Path.Combine(directory.FullName, "patched.so");
            File.WriteAllBytes(path, patch.Bytes);
            string needs = Run("-VW", path);
            Assert.Matches(@"GLIBCXX_3\.4\.32\s+Flags: WEAK", needs);
            Assert.Single(needs.Split('\n'), line => line.Contains("Flags: WEAK"));
            string[] symbols = Run("--dyn-syms", "-W", path).Split('\n');
            Assert.Single(symbols, line => line.Contains("UND getpid@GLIBC_2.2.5"));
            Assert.DoesNotContain(symbols, line => line.Contains("3.4.32") || line.Contains("ios_base_library_init"));
            Assert.Equal(Run("--dyn-syms", "-W", LibraryPath!).Split('\n').Length, symbols.Length);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_rewritten_library_is_left_alone()
    {
        OnlyWhereTheLibraryIs();
        var patch = Assert.IsType<ElfPatch.Rewritten>(ElfVersionPatch.Apply(Library));
        Assert.Contains("flags 2", Reason(patch.Bytes));
    }

    [Fact]
    public void A_library_without_the_need_is_left_alone()
    {
        OnlyWhereTheLibraryIs();
        byte[] other = Replaced("GLIBCXX_3.4.32", "GLIBCXX_3.4.33");
        Assert.Equal("it has 0 needs of GLIBCXX_3.4.32 instead of 1", Reason(other));
    }

    [Fact]
    public void A_library_with_another_symbol_of_that_version_is_left_alone()
    {
        OnlyWhereTheLibraryIs();
        byte[] other = Replaced("_ZSt21ios_base_library_initv", "_ZSt21ios_base_library_inita");
        Assert.Equal("its symbol of GLIBCXX_3.4.32 is _ZSt21ios_base_library_inita instead of _ZSt21ios_base_library_initv", Reason(other));
    }

    [Fact]
    public void What_is_no_library_is_left_alone()
    {
        Assert.Equal("it is not a 64-bit little-endian ELF file", Reason([]));
        Assert.Equal("it is not a 64-bit little-endian ELF file", Reason(Encoding.UTF8.GetBytes("MZ and so on")));
        Assert.Contains("it ends before byte", Reason([0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1]));
    }

    [Fact]
    public void Truncated_files_are_left_alone()
    {
        OnlyWhereTheLibraryIs();
        Gen.Int[0, Library.Length - 1].Sample(length => ElfVersionPatch.Apply(Library[..length]) is ElfPatch.LeftAlone { Reason.Length: > 0 }, iter: 200);
    }

    [Fact]
    public void Mutated_tables_are_rewritten_or_left_alone_but_never_crash()
    {
        OnlyWhereTheLibraryIs();
        int tables = Library.AsSpan().IndexOf(Encoding.ASCII.GetBytes(ElfVersionPatch.Symbol));
        int headers = (int)BitConverter.ToInt64(Library, 0x28);
        var place = Gen.OneOf(Gen.Int[6, 63], Gen.Int[headers, Library.Length - 1], Gen.Int[tables, Math.Min(tables + 300_000, headers)]);
        Gen.Select(place, Gen.Byte).List[1, 6].Sample(mutations =>
        {
            byte[] file = [.. Library];
            foreach (var (position, value) in mutations)
                file[position] = value;
            return ElfVersionPatch.Apply(file) is not null;
        }, iter: 300);
    }

    private static string Reason(byte[] file) => Assert.IsType<ElfPatch.LeftAlone>(ElfVersionPatch.Apply(file)).Reason;

    private static byte[] Replaced(string text, string by)
    {
        byte[] copy = [.. Library];
        Encoding.ASCII.GetBytes(by).CopyTo(copy, copy.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text + "\0")));
        return copy;
    }

    private static string Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Readelf, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
