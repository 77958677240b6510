using System.Globalization;
using System.Reflection;
using Talweg.Data;
using TorchSharp;

namespace Talweg.Conventions;

/// <summary>No test changes what the whole process shares while others run, nor writes where others do.</summary>
/// <remarks>Compiled into every test project; each looks at itself.</remarks>
public sealed class SharedStateTests
{
    /// <summary>What is set before the first test, once.</summary>
    private static readonly Type[] BeforeAllTests = [typeof(TestProcess), typeof(ProcessFixture)];

    [Fact]
    public void What_the_process_shares_is_changed_by_tests_that_run_alone()
    {
        string[] violations =
        [
            .. from caller in Callers.Of(typeof(SharedStateTests).Assembly)
               where !BeforeAllTests.Contains(caller.Type) && caller.Type != typeof(SharedStateTests) && !RunsAlone(caller.Type)
               from called in caller.Calls.Where(ChangesProcess)
               select $"{caller} calls {called.DeclaringType}.{called.Name}",
        ];
        Assert.True(violations.Length == 0, string.Join('\n', violations) + $"\nHand it over as an argument, to a process of its own, or put the class into the collection '{Alone.Name}'.");
    }

    [Fact]
    public void The_scan_finds_what_is_planted()
    {
        var caller = Callers.Of(typeof(SharedStateTests).Assembly).Single(caller => caller.Name == nameof(Planted) && caller.Type == typeof(SharedStateTests));
        Assert.Equal(
            ["SetEnvironmentVariable", "SetOut", "manual_seed", "rand", "set_CurrentCulture", "set_CurrentDirectory", "set_num_threads", "set_rng_state"],
            caller.Calls.Where(ChangesProcess).Select(called => called.Name).Order(StringComparer.Ordinal));
        Assert.False(RunsAlone(typeof(SharedStateTests)));
    }

    [Fact]
    public void Temporary_files_and_caches_are_this_process_alone()
    {
        Assert.StartsWith(TestProcess.Folder, Path.GetTempPath(), StringComparison.Ordinal);
        Assert.StartsWith(TestProcess.Folder, DataRoots.Of(null).Cache, StringComparison.Ordinal);
        Assert.NotEqual(TestProcess.Outside, Path.GetTempPath());
    }

    private static bool RunsAlone(Type type) =>
        type.GetCustomAttribute<CollectionAttribute>()?.Name == Alone.Name || type.DeclaringType is { } around && RunsAlone(around);

    private static bool ChangesProcess(MethodBase called)
    {
        string? type = called.DeclaringType?.FullName;
        return type switch
        {
            "System.Environment" => called.Name is "SetEnvironmentVariable" or "set_CurrentDirectory" or "set_ExitCode",
            "System.IO.Directory" => called.Name == "SetCurrentDirectory",
            "System.Console" => called.Name is "SetOut" or "SetError" or "SetIn" or "set_OutputEncoding",
            "System.AppContext" => called.Name is "SetSwitch" or "SetData",
            "System.Threading.ThreadPool" => called.Name.StartsWith("Set", StringComparison.Ordinal),
            "System.Globalization.CultureInfo" => called.IsStatic && called.Name.StartsWith("set_", StringComparison.Ordinal),
            "TorchSharp.torch" => called.Name.StartsWith("set_", StringComparison.Ordinal) || IsDrawnByTorch(called.Name),
            "TorchSharp.torch+random" => called.Name is "manual_seed" or "seed" or "set_rng_state",
            "TorchSharp.torch+nn+init" => true,
            _ => false,
        };
    }

    /// <summary>From torch's own generator, which all threads share.</summary>
    private static bool IsDrawnByTorch(string name) => name is "manual_seed" or "seed" or "normal" or "bernoulli" or "multinomial" || name.StartsWith("rand", StringComparison.Ordinal);

    private static void Planted()
    {
        Environment.SetEnvironmentVariable("A", "B");
        Environment.CurrentDirectory = ".";
        Console.SetOut(TextWriter.Null);
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        torch.set_num_threads(1);
        torch.manual_seed(1);
        torch.random.set_rng_state(torch.rand(1));
    }
}
