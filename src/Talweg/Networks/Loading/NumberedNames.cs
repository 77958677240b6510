using System.Text.RegularExpressions;
using Talweg.Storage;

namespace Talweg.Networks.Loading;

/// <summary>The order that numbers in names give: <c>conv2</c> before <c>conv10</c>, <c>layer1.0.bn2</c> before <c>layer1.1.bn1</c>, and none for <c>in</c> and <c>out</c>.</summary>
internal static partial class NumberedNames
{
    /// <summary>Sorts names by their numbers; null where two of them differ in something else first, so that numbers say nothing.</summary>
    public static IReadOnlyList<NamedModule>? Sorted(IEnumerable<NamedModule> modules)
    {
        var sorted = modules.OrderBy(module => module.Name, NaturalOrder.Instance).ToList();
        // In a sorted list neighbours suffice: where a differs from b in a number, and b from c, a differs from c in the earlier of the two.
        return sorted.Zip(sorted.Skip(1)).All(pair => DifferInNumber(pair.First.Name, pair.Second.Name)) ? sorted : null;
    }

    /// <summary>Whether the modules stand in the order of their numbers wherever numbers say one.</summary>
    /// <param name="modules">In the order of the network.</param>
    public static bool Agree(IEnumerable<NamedModule> modules)
    {
        var open = new Stack<(List<(string[] Tokens, int Place)> Names, int Depth)>();
        open.Push(([.. modules.Select((module, place) => (Tokens(module.Name), place))], 0));
        while (open.TryPop(out var level))
        {
            var groups = level.Names.Where(name => name.Tokens.Length > level.Depth).GroupBy(name => name.Tokens[level.Depth]).Select(group => (group.Key, Names: group.ToList())).ToList();
            int last = -1;
            foreach (var (_, names) in groups.Where(group => char.IsAsciiDigit(group.Key[0])).OrderBy(group => group.Key, NaturalOrder.Instance))
            {
                if (names.Min(name => name.Place) < last)
                    return false;
                last = names.Max(name => name.Place);
            }

            foreach (var (_, names) in groups.Where(group => group.Names.Count > 1))
                open.Push((names, level.Depth + 1));
        }

        return true;
    }

    private static bool DifferInNumber(string a, string b)
    {
        string[] one = Tokens(a), other = Tokens(b);
        for (int i = 0; i < Math.Min(one.Length, other.Length); i++)
        {
            if (one[i] != other[i])
                return char.IsAsciiDigit(one[i][0]) && char.IsAsciiDigit(other[i][0]);
        }

        return false;
    }

    private static string[] Tokens(string name) => [.. Runs().Matches(name).Select(match => match.Value)];

    [GeneratedRegex("[0-9]+|[^0-9]+", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Runs();
}
