namespace Talweg.Mutate;

/// <summary>Which tests run which mutants' code, and how long each takes.</summary>
internal sealed class Coverage
{
    private readonly List<Line> _lines = [];

    /// <summary>One test, or what a class did before its tests ("*").</summary>
    private sealed record Line(string Room, string Class, string Method, double Milliseconds, HashSet<int> Mutants);

    /// <summary>Runs the rooms' tests once, one after another, nothing alive.</summary>
    /// <exception cref="InvalidOperationException">A test fails without any mutant: nothing could be learnt.</exception>
    public static Coverage Record(Copy copy, IEnumerable<Room> rooms)
    {
        var coverage = new Coverage();
        foreach (var group in rooms.GroupBy(room => (room.Tests, room.Namespace)))
        {
            string file = Path.Combine(copy.Root, $"{group.Key.Namespace}.coverage");
            Console.WriteLine($"tests of {group.Key.Namespace}, without a mutant");
            var (code, text) = TestProgram.Run(copy, group.Key.Tests, ["--filter-namespace", group.Key.Namespace, "--filter-namespace", $"{group.Key.Namespace}.*", "--parallel", "none"], TimeSpan.FromHours(1), ("TALWEG_MUTANT_COVERAGE", file));
            if (code != 0)
                throw new InvalidOperationException($"Tests of {group.Key.Namespace} fail without a mutant:\n{text}");
            foreach (string line in File.ReadLines(file))
                foreach (var room in group)
                    coverage._lines.Add(Parse(line, room.Name));
        }

        return coverage;
    }

    /// <summary>The tests of its room that run the mutant's code, the quickest first, as arguments of the test program; in portions of about five seconds, then all the rest.</summary>
    public IReadOnlyList<(IReadOnlyList<string> Arguments, TimeSpan Time)> Tests(Mutant mutant)
    {
        Line[] room = [.. _lines.Where(line => line.Room == mutant.Room.Name)];
        HashSet<string> whole = [.. room.Where(line => line.Method == "*" && line.Mutants.Contains(mutant.Number)).Select(line => line.Class)];
        var tests = room.Where(line => line.Method != "*" && (line.Mutants.Contains(mutant.Number) || whole.Contains(line.Class)))
            .GroupBy(line => $"{line.Class}.{line.Method}", (name, lines) => (Name: name, Time: lines.Sum(line => line.Milliseconds)))
            .OrderBy(test => test.Time).ThenBy(test => test.Name, StringComparer.Ordinal).ToArray();
        double sum = 0;
        int quick = tests.TakeWhile(test => (sum += test.Time) < 5000).Count();
        return [.. new[] { tests[..quick], tests[quick..] }.Where(portion => portion.Length > 0).Select(portion =>
            ((IReadOnlyList<string>)[.. portion.SelectMany(test => new[] { "--filter-method", test.Name })], TimeSpan.FromMilliseconds(portion.Sum(test => test.Time))))];
    }

    private static Line Parse(string line, string room)
    {
        string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new(room, parts[0], parts[1], double.Parse(parts[2]), [.. parts[3..].Select(int.Parse)]);
    }
}
