namespace Talweg.Mutate;

/// <summary>Code with one idea, and the tests that answer for it.</summary>
/// <param name="Name">Its name: "Statistics".</param>
/// <param name="Project">The project that holds it, a folder of src.</param>
/// <param name="Tests">The project of its tests, a folder of tests.</param>
/// <param name="Namespace">The tests' namespace and all below it.</param>
/// <param name="Holds">Whether a source file, by its path in the project, belongs to it.</param>
internal sealed record Room(string Name, string Project, string Tests, string Namespace, Func<string, bool> Holds)
{
    /// <summary>Every room that can be measured.</summary>
    public static IReadOnlyList<Room> All { get; } =
    [
        .. new[] { "Statistics", "Trajectories", "Landscapes", "Noise", "Thermodynamics", "Continual", "Training", "Networks", "Data", "Storage" }.Select(OfLibrary),
        new("Verdicts", "Talweg.Studies", "Talweg.Studies.Tests", "Talweg.Studies.Tests", path =>
            path.StartsWith("Findings/", StringComparison.Ordinal) || path.EndsWith("Findings.cs", StringComparison.Ordinal) || path.EndsWith("Bands.cs", StringComparison.Ordinal)),
        new("Studies", "Talweg.Studies", "Talweg.Studies.Tests", "Talweg.Studies.Tests", path =>
            path.EndsWith("Measurement.cs", StringComparison.Ordinal) && !path.StartsWith("Findings/", StringComparison.Ordinal)),
    ];

    /// <summary>What is measured unless rooms are named.</summary>
    public static IReadOnlyList<string> Usual { get; } = ["Statistics", "Trajectories", "Landscapes", "Noise", "Continual", "Training", "Verdicts"];

    private static Room OfLibrary(string name) => new(name, "Talweg", "Talweg.Tests", $"Talweg.Tests.{name}", path => path.StartsWith($"{name}/", StringComparison.Ordinal));
}
