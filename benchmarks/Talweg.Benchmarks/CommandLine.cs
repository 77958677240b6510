using System.CommandLine;
using Spectre.Console;
using Talweg.Benchmarks.Continual;
using Talweg.Benchmarks.Curvature;
using Talweg.Benchmarks.MainJob;
using Talweg.Benchmarks.Networks;
using Talweg.Benchmarks.Noise;
using Talweg.Benchmarks.Reports;
using Talweg.Benchmarks.Wide;
using Talweg.Native;
using TorchSharp;

namespace Talweg.Benchmarks;

/// <summary>From arguments to a table of benchmarks.</summary>
internal static class CommandLine
{
    private static readonly IReadOnlyList<BenchmarkSet> Sets =
        [MainJobBenchmarks.Set, NoiseBenchmarks.Set, WideBenchmarks.Set, CurvatureBenchmarks.Set, NetworkBenchmarks.Set, ContinualBenchmarks.Set];

    public static RootCommand Of()
    {
        var root = new RootCommand("Measures Talweg against stated alternatives, alternating. See docs/benchmarks.md.");
        foreach (var set in Sets)
            root.Add(CommandOf(set));
        return root;
    }

    private static Command CommandOf(BenchmarkSet set)
    {
        var only = new Option<string?>("--only") { Description = "Run this benchmark alone", HelpName = "NAME" };
        only.AcceptOnlyFromAmong([.. set.All.Select(benchmark => benchmark.Name)]);
        var repeat = new Option<int?>("--repeat") { Description = $"Paired repetitions (default {BenchmarkOptions.DefaultRepeat})", HelpName = "N" };
        repeat.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1)
                result.AddError("--repeat must be at least 1.");
        });
        var full = new Option<bool>("--full") { Description = "Measure all of what is otherwise measured on a sample (flatness-2500)" };
        var json = new Option<bool>("--json") { Description = "Print one JSON document and nothing else" };
        var command = new Command(set.Name, $"{set.About}\n\n{Describe(set)}") { only, repeat, full, json };
        command.SetAction(parsed => Run(set, new(parsed.GetValue(only), parsed.GetValue(repeat), parsed.GetValue(full)), parsed.GetValue(json)));
        return command;
    }

    private static string Describe(BenchmarkSet set) => string.Join('\n', set.All.Select(benchmark => $"  {benchmark.Name,-26} {benchmark.Compares}"));

    /// <returns>0; 1 if results that must agree differ. A ratio short of its bar is told, not an error: it may be the machine's load.</returns>
    private static int Run(BenchmarkSet set, BenchmarkOptions options, bool json)
    {
        TorchRuntime.Prepare();
        torch.set_num_threads(1);
        using var workplace = new Workplace(options);
        var measurements = new List<Measurement>();
        foreach (var benchmark in set.All.Where(benchmark => options.Only is null || benchmark.Name == options.Only))
        {
            Workplace.Say($"{benchmark.Name}: {benchmark.Compares}");
            measurements.AddRange(benchmark.Run(workplace));
        }

        if (json)
            Console.WriteLine(JsonReport.Text(measurements, workplace.DataName));
        else
            TableReport.Print(AnsiConsole.Console, measurements, workplace.DataName);
        return measurements.Exists(measurement => measurement.Differs) ? 1 : 0;
    }
}
