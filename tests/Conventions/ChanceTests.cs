using System.Reflection;
using System.Security.Cryptography;
using CsCheck;
using static TorchSharp.torch;

namespace Talweg.Conventions;

/// <summary>No test depends on chance: torch's modules have weights that do not change from run to run, and random cases are drawn from a seed.</summary>
/// <remarks>Compiled into every test project; each looks at itself.</remarks>
public sealed class ChanceTests
{
    private static readonly IReadOnlyList<Caller> Own = Callers.Of(typeof(ChanceTests).Assembly);

    /// <summary>Modules without weights, and those whose weights torch does not draw; all others of <c>torch.nn</c> are taken to draw theirs.</summary>
    private static readonly HashSet<string> Undrawn =
    [
        "Sequential", "ReLU", "Tanh", "SiLU", "Sigmoid", "Softmax", "LogSoftmax", "Dropout", "Flatten", "MaxPool2d", "AdaptiveAvgPool2d", "CrossEntropyLoss",
        "BatchNorm1d", "BatchNorm2d", "LayerNorm", "GroupNorm",
    ];

    [Fact]
    public void Modules_that_tests_build_have_fixed_weights()
    {
        string[] violations = [.. Unfixed(Own.Where(caller => caller.Type != typeof(ChanceTests)).ToArray())];
        Assert.True(violations.Length == 0, string.Join('\n', violations) + "\nTorch draws these weights from a generator that nobody seeded: call Fixed() on the module, or in its constructor.");
    }

    [Fact]
    public void Random_cases_are_drawn_from_a_seed()
    {
        string[] violations = [.. Own.Where(caller => caller.Type != typeof(SeededCases) && caller.Calls.Any(IsUnseeded)).Select(caller => $"{caller}")];
        Assert.True(violations.Length == 0, string.Join('\n', violations) + "\nLet random cases come from Talweg.SeededCases.Sample, and random numbers from a RandomStream or Random with a seed.");
    }

    [Fact]
    public void The_scans_find_what_is_planted()
    {
        Assert.Equal(
            [$"{typeof(ChanceTests)}.{nameof(PlantedLambda)}: Linear", $"{typeof(ChanceTests)}.{nameof(PlantedModule)}: {nameof(Drawn)}"],
            Unfixed([.. Own.Where(caller => caller.Type == typeof(ChanceTests) || caller.Type == typeof(Drawn))]).Order(StringComparer.Ordinal));
        Assert.Contains(typeof(Check).GetMethods(), IsUnseeded);
        Assert.Contains(typeof(Random).GetConstructors(), IsUnseeded);
        Assert.Contains(typeof(RandomNumberGenerator).GetMethods(), IsUnseeded);
        Assert.DoesNotContain(typeof(Random).GetConstructor([typeof(int)])!, new[] { typeof(Random) }.SelectMany(type => type.GetConstructors()).Where(IsUnseeded));
    }

    /// <summary>The same seed gives the same cases, another one others.</summary>
    [Fact]
    public void Cases_are_the_same_in_every_run()
    {
        List<long> first = [], again = [], other = [];
        Gen.Long.Sample(first.Add, iter: 5);
        Gen.Long.Sample(again.Add, iter: 5);
        Gen.Long.Sample(other.Add, iter: 5, test: "another test");
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        if (TestSeed.Value == 1)
            Assert.Equal(FirstOfSeed1, first);
    }

    /// <summary>What this very test drew when it was written.</summary>
    private static readonly long[] FirstOfSeed1 = [46622809378074, 4332167834120, -283599911, -627456330559904832, 22625240632];

    private static IEnumerable<string> Unfixed(Caller[] callers)
    {
        // A module's constructor may leave its weights to whoever makes the module.
        HashSet<Type> drawn = [];
        int before;
        do
        {
            before = drawn.Count;
            drawn.UnionWith(callers.Where(caller => caller.IsConstructor && caller.Type.IsAssignableTo(typeof(nn.Module)) && Draws(caller, drawn).Any()).Select(caller => caller.Type));
        }
        while (drawn.Count > before);
        return callers.Where(caller => !drawn.Contains(caller.Type) || !caller.IsConstructor).SelectMany(caller => Draws(caller, drawn).Select(what => $"{caller}: {what}").Take(1));
    }

    private static IEnumerable<string> Draws(Caller caller, HashSet<Type> drawn) =>
        caller.Calls.Any(called => called.Name == nameof(FixedWeights.Fixed) && called.DeclaringType == typeof(FixedWeights))
            ? []
            : caller.Calls.Where(called => DrawsWeights(called) || called.IsConstructor && drawn.Contains(called.DeclaringType!)).Select(called => called.IsConstructor ? called.DeclaringType!.Name : called.Name);

    private static bool DrawsWeights(MethodBase called) =>
        called is MethodInfo factory && factory.DeclaringType == typeof(nn) && factory.ReturnType.IsAssignableTo(typeof(nn.Module)) && !Undrawn.Contains(factory.Name);

    private static bool IsUnseeded(MethodBase called) =>
        called.DeclaringType == typeof(Check) && called.Name.StartsWith("Sample", StringComparison.Ordinal)
        || called.DeclaringType == typeof(RandomNumberGenerator)
        || called.DeclaringType == typeof(Random) && (called.IsConstructor && called.GetParameters().Length == 0 || called.Name == "get_Shared");

    private static nn.Module PlantedLambda() => new Func<nn.Module>(() => nn.Linear(1, 1))();

    private static Drawn PlantedModule() => new Drawn();

    private static TorchSharp.Modules.Sequential PlantedAndFixed() => nn.Sequential(nn.Linear(1, 1), new Drawn()).Fixed();

    private sealed class Drawn : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _linear = nn.Linear(1, 1);

        public Drawn()
            : base("drawn") => RegisterComponents();

        public override Tensor forward(Tensor input) => _linear.call(input);
    }
}
