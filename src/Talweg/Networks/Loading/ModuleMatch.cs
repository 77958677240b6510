namespace Talweg.Networks.Loading;

/// <summary>Which module of a file is which of a network.</summary>
/// <param name="Pairs">In the order of the network's modules.</param>
/// <param name="Basis">What decided.</param>
internal sealed record ModuleMatch(IReadOnlyList<(NamedModule Wanted, NamedModule Found)> Pairs, MatchBasis Basis)
{
    /// <summary>The one assignment that kinds, shapes and order leave.</summary>
    /// <param name="wanted">The network's modules, in order.</param>
    /// <param name="found">The file's, as many of every signature as are wanted.</param>
    /// <param name="recorded">The file's modules in the order of its metadata; null where those have none.</param>
    /// <param name="ofData">The file's modules in the order of its data; null where that says nothing.</param>
    /// <param name="undecided">Modules of equal signatures between which nothing decides, where the answer is null.</param>
    public static ModuleMatch? Of(
        IReadOnlyList<NamedModule> wanted, IReadOnlyList<NamedModule> found, IReadOnlyList<NamedModule>? recorded, IReadOnlyList<NamedModule>? ofData, out ModuleTie? undecided)
    {
        undecided = null;
        var groups = wanted.GroupBy(module => module.Signature).Select(group => (Wanted: group.ToList(), Found: found.Where(module => module.Signature == group.Key).ToList())).ToList();
        if (groups.All(group => group.Wanted.Count == 1))
            return new(InOrder(wanted, groups.Select(group => (group.Wanted[0], group.Found[0]))), MatchBasis.Shapes);
        if (recorded is not null && Fits(wanted, recorded))
            return new([.. wanted.Zip(recorded)], MatchBasis.RecordedOrder);
        var kept = ofData is not null && Fits(wanted, ofData) ? ofData : null;
        var numbered = groups.Select(group => group.Found.Count == 1 ? group.Found : NumberedNames.Sorted(group.Found)).ToList();
        if (numbered.All(group => group is not null))
        {
            var pairs = InOrder(wanted, groups.Zip(numbered).SelectMany(group => group.First.Wanted.Zip(group.Second!)));
            if (NumberedNames.Agree(pairs.Select(pair => pair.Found)))
            {
                undecided = kept is null ? null : Contradiction(pairs, kept);
                return undecided is null ? new(pairs, MatchBasis.Numbers) : null;
            }
        }

        if (kept is not null && NumberedNames.Agree(kept))
            return new([.. wanted.Zip(kept)], MatchBasis.FileOrder);
        int tie = numbered.FindIndex(group => group is null);
        tie = tie >= 0 ? tie : groups.FindIndex(group => group.Wanted.Count > 1);
        undecided = new(groups[tie].Wanted, [.. groups[tie].Found.OrderBy(module => module.Name, Storage.NaturalOrder.Instance)]);
        return null;
    }

    /// <summary>The first modules of equal signatures that numbers put into another order than the file has; null where there are none.</summary>
    private static ModuleTie? Contradiction(IReadOnlyList<(NamedModule Wanted, NamedModule Found)> numbered, IReadOnlyList<NamedModule> kept) =>
        numbered.Zip(kept, (pair, other) => (pair.Wanted, pair.Found, Other: other)).GroupBy(one => one.Wanted.Signature)
            .Where(group => group.Any(one => one.Found != one.Other))
            .Select(group => new ModuleTie([.. group.Select(one => one.Wanted)], [.. group.Select(one => one.Found)], [.. group.Select(one => one.Other)]))
            .FirstOrDefault();

    private static bool Fits(IReadOnlyList<NamedModule> wanted, IReadOnlyList<NamedModule> found) =>
        wanted.Select(module => module.Signature).SequenceEqual(found.Select(module => module.Signature));

    private static List<(NamedModule Wanted, NamedModule Found)> InOrder(IReadOnlyList<NamedModule> wanted, IEnumerable<(NamedModule Wanted, NamedModule Found)> pairs)
    {
        var found = pairs.ToDictionary(pair => pair.Wanted.Place, pair => pair.Found);
        return [.. wanted.Select(module => (module, found[module.Place]))];
    }
}

/// <summary>Modules of equal kinds and shapes between which nothing decides.</summary>
/// <param name="Wanted">The network's.</param>
/// <param name="Found">The file's, as many.</param>
/// <param name="InFile">The file's in the order that its writer kept, where <paramref name="Found"/> is that of their numbers and contradicts it; null where neither order says anything.</param>
internal sealed record ModuleTie(IReadOnlyList<NamedModule> Wanted, IReadOnlyList<NamedModule> Found, IReadOnlyList<NamedModule>? InFile = null);
