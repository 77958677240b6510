using Microsoft.CodeAnalysis;

namespace Talweg.Mutate;

/// <summary>Chooses mutants by chance, and keeps those that compile.</summary>
internal sealed class Breeding(string root, IReadOnlyList<Project> projects)
{
    /// <summary>The sources with the mutants in them, by path.</summary>
    public IReadOnlyDictionary<string, string> Sources { get; private set; } = new Dictionary<string, string>();

    /// <summary>As many as asked for (fewer only if there are no more), every place alike likely, the same for the same seed and code.</summary>
    public IReadOnlyList<Mutant> Sample(IReadOnlyList<Room> rooms, int count, int seed)
    {
        List<Mutant> candidates = [.. projects.SelectMany(project => Candidates(project, rooms))];
        Mutant[] drawn = [.. candidates];
        new Random(seed).Shuffle(drawn);
        Console.WriteLine($"{candidates.Count} possible changes: {string.Join(", ", candidates.CountBy(mutant => mutant.Room.Name).Select(room => $"{room.Key} {room.Value}"))}");
        var queue = new Queue<Mutant>(drawn);
        List<Mutant> kept = [];
        while (kept.Count < count && queue.Count > 0)
        {
            while (kept.Count < count && queue.Count > 0)
                kept.Add(queue.Dequeue());
            for (var faulty = Faulty(kept); faulty.Count > 0; faulty = Faulty(kept))
                kept.RemoveAll(mutant => faulty.Contains(mutant.Number));
        }

        return [.. kept.OrderBy(mutant => mutant.Number)];
    }

    private IEnumerable<Mutant> Candidates(Project project, IReadOnlyList<Room> rooms)
    {
        int number = project.Name == "Talweg" ? 0 : 1 << 15;
        foreach (var tree in project.Compilation.SyntaxTrees)
        {
            string path = Path.GetRelativePath(project.Folder, tree.FilePath).Replace('\\', '/');
            var room = rooms.FirstOrDefault(room => room.Project == project.Name && room.Holds(path));
            if (room is null)
                continue;
            foreach (var (node, replacement) in MutantFinder.In(tree, project.Compilation.GetSemanticModel(tree)))
                yield return new() { Number = number++, Room = room, File = Path.GetRelativePath(root, tree.FilePath).Replace('\\', '/'), Node = node, Replacement = replacement };
        }
    }

    /// <summary>The numbers of the mutants that the compiler refuses; keeps the sources.</summary>
    private HashSet<int> Faulty(IReadOnlyList<Mutant> mutants)
    {
        var byNode = mutants.ToLookup(mutant => mutant.Node);
        var sources = new Dictionary<string, string>();
        HashSet<int> faulty = [];
        foreach (var project in projects)
        {
            var changed = project.Compilation;
            foreach (var tree in mutants.Select(mutant => mutant.Node.SyntaxTree).Where(project.Compilation.ContainsSyntaxTree).Distinct())
            {
                var implanted = tree.WithRootAndOptions(new Implanter(byNode, project.Compilation.GetSemanticModel(tree)).Visit(tree.GetRoot())!, tree.Options);
                changed = changed.ReplaceSyntaxTree(tree, implanted);
                sources[tree.FilePath] = implanted.GetRoot().ToFullString();
            }

            foreach (var error in Errors(changed).Where(error => !project.KnownErrors.Contains(error.Id)))
                faulty.UnionWith(Guilty(error));
        }

        Sources = sources;
        return faulty;
    }

    /// <summary>The compiler's errors.</summary>
    public static IEnumerable<Diagnostic> Errors(Compilation compilation) => compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    private static IEnumerable<int> Guilty(Diagnostic error)
    {
        var node = error.Location.SourceTree?.GetRoot().FindNode(error.Location.SourceSpan, getInnermostNodeForTie: true);
        string? mark = node?.AncestorsAndSelf().SelectMany(above => above.GetAnnotations(Implanter.Mark)).FirstOrDefault()?.Data;
        return mark is not null ? [int.Parse(mark)] : throw new InvalidOperationException($"The copy does not compile, and no mutant is the cause: {error}");
    }
}
