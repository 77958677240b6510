namespace Talweg.Mutate;

/// <summary>One run of the program: copy, sample, build, coverage, trials, report.</summary>
internal static class MutationRun
{
    /// <summary>0 when it came to its end, whatever was found.</summary>
    public static int Run(IReadOnlyList<Room> rooms, int count, int seed, string folder, bool listOnly)
    {
        string repository = Repository();
        var equivalents = Equivalents.Read(Path.Combine(repository, "tests", "mutate", "equivalent.txt"));
        Directory.CreateDirectory(folder);
        var copy = Copy.Of(repository, Path.Combine(folder, "copy"));
        string[] tests = [.. rooms.Select(room => room.Tests).Distinct()];
        Console.WriteLine("building the copy");
        copy.Build(tests);
        var projects = Projects(copy, rooms);
        var breeding = new Breeding(copy.Root, projects);
        var mutants = breeding.Sample(rooms, count, seed);
        if (listOnly)
        {
            foreach (var mutant in mutants)
                Console.WriteLine($"{mutant.File}:{mutant.Line}  {mutant.Change}");
            return 0;
        }

        foreach (var (file, source) in breeding.Sources)
            File.WriteAllText(file, source);
        Console.WriteLine($"building {mutants.Count} mutants");
        copy.Build(tests);
        var trial = new Trial(copy, Coverage.Record(copy, rooms));
        var results = Results(Path.Combine(folder, "results.tsv"), mutants, equivalents, trial.Try);
        File.WriteAllText(Path.Combine(folder, "survivors.txt"), Report.Survivors(results) + "\n");
        Console.WriteLine($"\n{Report.Survivors(results)}\n\n{Report.Scores(results)}");
        return 0;
    }

    /// <summary>Those known from an earlier start of the same run, and those tried now, each kept at once.</summary>
    private static List<Result> Results(string file, IReadOnlyList<Mutant> mutants, Equivalents equivalents, Func<Mutant, Result> find)
    {
        var known = (File.Exists(file) ? File.ReadLines(file).Select(Result.Parse) : []).ToLookup(result => (result.File, result.Line, result.Source, result.Change));
        List<Result> results = [];
        foreach (var mutant in mutants)
        {
            var result = equivalents.Contains(mutant) ? Trial.Ended(mutant, Fate.Equivalent) : known[(mutant.File, mutant.Line, mutant.Source, mutant.Change)].FirstOrDefault();
            if (result is null)
            {
                result = find(mutant);
                File.AppendAllText(file, result.Text + "\n");
            }

            results.Add(result);
            Console.WriteLine($"{results.Count} of {mutants.Count}: {result.Fate} {result.File}:{result.Line}  {result.Change}  {result.Test}");
        }

        return results;
    }

    private static IReadOnlyList<Project> Projects(Copy copy, IReadOnlyList<Room> rooms)
    {
        string tests = rooms.Any(room => room.Project == "Talweg.Studies") ? "Talweg.Studies.Tests" : rooms[0].Tests;
        var library = Project.Read(copy, "Talweg", tests);
        return tests == "Talweg.Studies.Tests" ? [library, Project.Read(copy, "Talweg.Studies", tests, library)] : [library];
    }

    /// <summary>The folder above that holds the solution.</summary>
    private static string Repository()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Talweg.slnx")))
                return folder.FullName;
        throw new InvalidOperationException($"{Environment.CurrentDirectory}: found no Talweg.slnx here or above; start the program within the repository.");
    }
}
