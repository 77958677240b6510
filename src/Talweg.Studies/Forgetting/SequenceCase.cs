namespace Talweg.Studies.Forgetting;

/// <summary>A sequence of tasks of FT-19: harder than a pair of digit pairs.</summary>
/// <param name="Name">As the parameter <c>sequences</c> has it.</param>
/// <param name="Label">In words.</param>
/// <param name="Tasks">As <c>--tasks</c> takes it.</param>
/// <param name="Network">As <c>--network</c> takes it.</param>
/// <param name="Layers">The layers that are trained, counted from 1.</param>
/// <param name="InColour">Whether it takes the second data set.</param>
internal sealed record SequenceCase(string Name, string Label, string Tasks, string Network, IReadOnlyList<int> Layers, bool InColour = false)
{
    /// <summary>The pair of the papers' Figure 4, which FT-15 to FT-18 are measured on.</summary>
    public const string Pair = "pair";

    /// <summary>All of them, in the order of the report.</summary>
    public static IReadOnlyList<SequenceCase> All { get; } =
    [
        new("halves", "five digits, then five", "01234,56789", "fc:784-50-50-10", [2]),
        new("five-tasks", "five pairs of digits", "01,23,45,67,89", "fc:784-50-50-10", [2]),
        new("animals-objects", "animals, then objects", "animals,objects", "lenet-cifar", [3, 4], InColour: true),
    ];

    /// <summary>The sequences that a comma-separated list names, in its order; none for "none".</summary>
    /// <exception cref="InputException">A name is not known, or stands twice.</exception>
    public static IReadOnlyList<SequenceCase> Parse(string names)
    {
        if (names == "none")
            return [];
        string[] wanted = names.Split(',', StringSplitOptions.TrimEntries);
        if (wanted.FirstOrDefault(name => wanted.Count(other => other == name) > 1) is { } twice)
            throw new InputException("--set", "sequences", $"'{twice}' twice", "every sequence once");
        return [.. wanted.Select(name => All.FirstOrDefault(known => known.Name == name) ?? throw new InputException("--set", "sequences", $"'{name}'", Suggestion.Among(All.Select(known => known.Name), name)))];
    }
}
