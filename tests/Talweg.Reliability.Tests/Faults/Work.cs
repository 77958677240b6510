using Talweg.Cli.Tests;
using Talweg.Statistics;
using Talweg.Studies;
using Talweg.Trajectories;

namespace Talweg.Reliability.Tests.Faults;

/// <summary>A command that writes, and the folder in which it is given.</summary>
/// <remarks>Paths on its command line are relative, so that two folders can hold the same.</remarks>
internal sealed class Work : IDisposable
{
    private readonly SmallWorld _world = new();

    private Work(string writes, Func<SmallWorld, string[]> arguments)
    {
        Writes = writes;
        Arguments = arguments(_world);
    }

    /// <summary>The folder that the command writes into, from where it is started.</summary>
    public string Writes { get; }

    public IReadOnlyList<string> Arguments { get; }

    /// <summary>Where it is started.</summary>
    public string Folder => Path.GetDirectoryName(_world["folder"])!;

    /// <summary>The path of a file that it writes or reads; without a name, of the folder.</summary>
    public string this[string name] => name.Length == 0 ? Path.Combine(Folder, Writes) : Path.Combine(Folder, Writes, name);

    /// <summary>At a size that takes a second or two.</summary>
    public static Work Of(string name) => Of(name, epochs: 1500);

    /// <summary>At the smallest size.</summary>
    public static Work Brief(string name) => Of(name, epochs: 20);

    /// <summary>Runs it to its end, where and as it is.</summary>
    public ProgramEnd Run() => TalwegProgram.Run(Folder, [.. Arguments]);

    /// <summary>The same in this process, which saves the start.</summary>
    public ProgramEnd RunHere(params string[] more)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        string[] arguments = [Arguments[0], .. Arguments.Skip(1).Select(Whole), .. more];
        int code = Cli.CommandLine.Run(new(arguments, Cli.Terminal.Into(output, error), () => StudyCatalogue.Standard, CancellationToken.None));
        return new(code, output.ToString(), error.ToString());
    }

    public void Dispose() => _world.Dispose();

    private string Whole(string argument) =>
        argument == "." ? Folder : argument == Writes || argument.EndsWith(".safetensors", StringComparison.Ordinal) ? Path.Combine(Folder, argument) : argument;

    private static Work Of(string name, int epochs) => name switch
    {
        "run" => new("runs", _ => ["run", "effective-dimension", "--preset", "quick", .. Set(SmallRun.Dimensions), "--data-root", ".", "--out", "runs"]),
        "train" => new("trained", _ =>
        [
            "train", "--network", SmallWorld.Network, "--data", "mnist", "--data-root", ".", "--batch", "20", "--learning-rate", "0.2",
            "--epochs", $"{epochs}", "--extra-epochs", $"{epochs}", "--record", "all", "--layers", "2", "--out", "trained",
        ]),
        "continual" => new("learned", _ =>
        [
            "continual", "--data", "mnist", "--data-root", ".", "--network", SmallWorld.Network, "--tasks", "0,1,2", "--method", "ewc:lambda=1",
            "--epochs", $"{epochs / 10}", "--protocol", "from-scratch", "--batch", "10", "--threads", "1", "--out", "learned",
        ]),
        "measure" => new("measured", world =>
        {
            Directory.CreateDirectory(world["measured"]);
            Record(world["trajectory.safetensors"], 1000, 200);
            return ["measure", "modes", "--trajectory", "trajectory.safetensors", "--save-directions", "measured/modes.safetensors"];
        }),
        "report" => new("runs", world =>
        {
            SmallRun.Put(SmallRun.OfDimensions, world["runs"]);
            return ["report", "runs"];
        }),
        _ => throw new ArgumentException(name),
    };

    private static IEnumerable<string> Set(IEnumerable<string> settings) => settings.SelectMany(setting => (string[])["--set", setting]);

    private static void Record(string path, int rows, int dimension)
    {
        var random = new RandomStream(1, "trajectory");
        using var recorder = new TrajectoryRecorder(path, dimension);
        for (int row = 0; row < rows; row++)
            recorder.Record([.. Enumerable.Range(0, dimension).Select(_ => (float)random.NextNormal())]);
    }
}
