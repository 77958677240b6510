using System.Text;

namespace Talweg.Data;

/// <summary>Pictures in files of bare bytes, the way CIFAR-10 and STL-10 are published.</summary>
internal abstract class BinaryFormat
{
    /// <summary>The files that must be there.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>A text file with a class a line, which need not be there.</summary>
    public abstract string ClassNamesFile { get; }

    /// <summary>The classes where that file is not there.</summary>
    public abstract IReadOnlyList<string> ClassNames { get; }

    /// <summary>The bytes that a file may have at most.</summary>
    public abstract long LongestOf(string name);

    /// <summary>Puts the set together from the contents of all <see cref="Names"/>.</summary>
    public Dataset Assemble(string name, IReadOnlyDictionary<string, NamedBytes> files)
    {
        var (train, test) = Split(name, files);
        return Dataset.Of(name, train, test) with { ClassNames = files.TryGetValue(ClassNamesFile, out var list) ? ReadClassNames(list) : ClassNames };
    }

    protected abstract (ImageSet Train, ImageSet Test) Split(string name, IReadOnlyDictionary<string, NamedBytes> files);

    private string[] ReadClassNames(NamedBytes file)
    {
        string[] names = Encoding.UTF8.GetString(file.Bytes).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length == ClassNames.Count ? names : throw new InputException(file.Source, "class names", $"{names.Length} lines of text", $"{ClassNames.Count}");
    }
}
