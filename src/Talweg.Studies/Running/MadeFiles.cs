using System.Text.RegularExpressions;
using Talweg.Storage;

namespace Talweg.Studies.Running;

/// <summary>The run's own list of the files that it made, a path a line, for <c>--fresh</c>: what is not in it is somebody else's.</summary>
/// <remarks>
/// A name is written before its file is, so that no kill leaves a file that is not listed. The list itself may come from a stranger, so only
/// names of the kinds that runs write are taken from it.
/// </remarks>
internal sealed partial class MadeFiles(OwnFolder run)
{
    /// <summary>The list's name in the run's folder.</summary>
    public const string FileName = ".made";

    private readonly Lock _lock = new();
    private HashSet<string>? _names;

    /// <summary>Whether there is a list.</summary>
    public bool Exists => File.Exists(run.File(FileName));

    /// <summary>Adds names, relative to the run's folder and with slashes; folders and what is in them a run does not list.</summary>
    public void Add(params IEnumerable<string> names)
    {
        lock (_lock)
        {
            _names ??= [.. Read()];
            int known = _names.Count;
            _names.UnionWith(names.Where(name => Ours().IsMatch(name)));
            if (_names.Count > known)
                AtomicFile.WriteAllText(run.File(FileName), string.Join('\n', [.. _names.Order(StringComparer.Ordinal), ""]));
        }
    }

    /// <summary>The names that runs may have written; the list's other lines are passed over.</summary>
    public IReadOnlyList<string> Read()
    {
        lock (_lock)
            return Exists ? [.. File.ReadLines(run.File(FileName)).Where(name => Ours().IsMatch(name)).Distinct()] : [];
    }

    /// <summary>The names in a folder of the run, without the folder's.</summary>
    public IEnumerable<string> In(string folder) =>
        Read().Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal)).Select(name => name[(folder.Length + 1)..]);

    /// <summary>Deletes the files that are listed, then the list.</summary>
    public void Delete()
    {
        foreach (string name in Read())
            run.Remove(name);
        lock (_lock)
        {
            run.Remove(FileName);
            _names = null;
        }
    }

    [GeneratedRegex(@"^(study\.json|findings\.json|report\.html|figures/[\w-][\w.-]*\.(svg|png)|cells/[0-9a-f]{16}/([\w-][\w.,=-]*\.(json|parquet|safetensors)|done))$")]
    private static partial Regex Ours();
}
