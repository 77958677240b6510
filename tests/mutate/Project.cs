using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Talweg.Mutate;

/// <summary>One project of the copy, parsed and bound: its files by path, and what the compiler knows of them.</summary>
internal sealed class Project
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest);

    private Project(string name, string folder, CSharpCompilation compilation)
    {
        (Name, Folder, Compilation) = (name, folder, compilation);
        KnownErrors = Breeding.Errors(compilation).Select(error => error.Id).ToHashSet();
    }

    /// <summary>"Talweg".</summary>
    public string Name { get; }

    /// <summary>Where its files are.</summary>
    public string Folder { get; }

    /// <summary>The project as it is.</summary>
    public CSharpCompilation Compilation { get; }

    /// <summary>The errors that it has without a mutant: source generators, which the build runs, are not run here.</summary>
    public IReadOnlySet<string> KnownErrors { get; }

    /// <summary>Reads src/<paramref name="name"/> of the copy; its libraries are those beside a built test program.</summary>
    public static Project Read(Copy copy, string name, string tests, params Project[] referenced)
    {
        string folder = Path.Combine(copy.Root, "src", name);
        string objects = Path.Combine(folder, "obj");
        string[] made = Directory.GetFiles(objects, "*.g.cs", SearchOption.AllDirectories).Concat(Directory.GetFiles(objects, "*.AssemblyInfo.cs", SearchOption.AllDirectories)).ToArray();
        var sources = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.StartsWith(objects, StringComparison.Ordinal) && !file.StartsWith(Path.Combine(folder, "bin"), StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Concat(made);
        var trees = sources.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), Options, file));
        var libraries = Directory.EnumerateFiles(copy.Built(tests), "*.dll").Where(file => !Path.GetFileName(file).StartsWith("Talweg", StringComparison.Ordinal) && IsManaged(file))
            .Concat(((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(file => Path.GetFileName(file).StartsWith("System", StringComparison.Ordinal) || Path.GetFileName(file) is "netstandard.dll" or "mscorlib.dll" or "Microsoft.Win32.Primitives.dll"))
            .DistinctBy(Path.GetFileName)
            .Select(file => (MetadataReference)MetadataReference.CreateFromFile(file));
        return new(name, folder, CSharpCompilation.Create(name, trees, [.. libraries, .. referenced.Select(other => other.Compilation.ToMetadataReference())],
            new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable)));
    }

    private static bool IsManaged(string file)
    {
        try
        {
            return System.Reflection.AssemblyName.GetAssemblyName(file) is not null;
        }
        catch (BadImageFormatException)
        {
            return false;   // a native library
        }
    }
}
