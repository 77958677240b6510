namespace Talweg.Studies.Universality;

/// <summary>A network, how it is trained, and the layers that are studied in it. The papers leave the hyperparameters out; these were chosen before anything was run.</summary>
/// <param name="Name">As the parameter <c>cases</c> has it.</param>
/// <param name="Label">In words.</param>
/// <param name="Network">As <c>--network</c> takes it.</param>
/// <param name="Optimizer">As <c>--optimizer</c> takes it.</param>
/// <param name="Layers">Counted from 1.</param>
/// <param name="IsConvolutional">Whether a forward pass is costly, so that fewer samples and modes are taken in quick.</param>
/// <param name="InColour">Whether it takes the second data set, of 3 × 32 × 32.</param>
internal sealed record UniversalityCase(
    string Name, string Label, string Network, string Optimizer, IReadOnlyList<int> Layers, bool IsConvolutional = false, bool InColour = false)
{
    /// <summary>All of them, in the order of the report.</summary>
    public static IReadOnlyList<UniversalityCase> All { get; } =
    [
        new("deep", "four hidden layers", "fc:784-50-50-50-50-10", "sgd:lr=0.1", [2, 3, 4]),
        new("lenet-mnist", "LeNet", "lenet-mnist", "sgd:lr=0.05", [1, 2, 3], IsConvolutional: true),
        new("lenet-cifar", "LeNet in colour, momentum", "lenet-cifar", "sgd:lr=0.01,momentum=0.9", [1, 2, 3, 4, 5], IsConvolutional: true, InColour: true),
        new("momentum", "two hidden layers, momentum", "fc:784-50-50-10", "sgd:lr=0.01,momentum=0.9", [2]),
        new("adam", "two hidden layers, Adam", "fc:784-50-50-10", "adam:lr=0.001", [2]),
    ];

    /// <summary>The cases that a comma-separated list names, in its order.</summary>
    /// <exception cref="InputException">A name is not known, or stands twice.</exception>
    public static IReadOnlyList<UniversalityCase> Parse(string names)
    {
        string[] wanted = names.Split(',', StringSplitOptions.TrimEntries);
        if (wanted.FirstOrDefault(name => wanted.Count(other => other == name) > 1) is { } twice)
            throw new InputException("--set", "cases", $"'{twice}' twice", "every case once");
        return [.. wanted.Select(name => All.FirstOrDefault(known => known.Name == name) ?? throw new InputException("--set", "cases", $"'{name}'", Suggestion.Among(All.Select(known => known.Name), name)))];
    }
}
