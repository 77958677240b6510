using System.Globalization;
using Talweg.Conventions;
using Talweg.Reliability.Tests.Fuzzing.Readers;

namespace Talweg.Reliability.Tests.Fuzzing;

/// <summary>Whatever bytes a file holds, its reader gives what is in them or an InputException, soon and with little memory.</summary>
public sealed class FuzzTests
{
    private static readonly Lazy<IReadOnlyList<FuzzReader>> Readers = new(() =>
        [.. TensorReaders.All(), .. DataReaders.All(), .. PictureReaders.All(), .. TableReaders.All(), .. TrainingReaders.All(), .. RunFolderReaders.All()]);

    public static TheoryData<string> Names => [.. Readers.Value.Select(reader => reader.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Damaged_files_are_refused_or_read_right(string name)
    {
        var reader = Readers.Value.Single(reader => reader.Name == name);
        var run = new FuzzRun(reader, Options.FuzzSeed);
        if (Options.FuzzReplay is { } replay)
        {
            Replay(run, name, replay);
            return;
        }

        if (!reader.RefusesAll)
            ReadsItsSeeds(reader);
        int inputs = (int)Math.Ceiling(Options.FuzzInputs * reader.Share / Readers.Value.Sum(one => one.Share));
        var outcome = run.Run(inputs, Environment.ProcessorCount);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {outcome.Inputs:N0} inputs of seed {Options.FuzzSeed}, {outcome.Refused:N0} refused, {outcome.Elapsed.TotalSeconds:F1} s; slowest {outcome.Slowest.TotalMilliseconds:F0} ms, most {outcome.MostBytes / 1024.0 / 1024:F1} MiB"));
        Assert.True(outcome.Failures.Count == 0, string.Join("\n\n", outcome.Failures));
        Assert.True(outcome.Refused > inputs / 10, $"only {outcome.Refused} of {inputs} inputs were refused: are they changed at all?");
    }

    /// <summary>A harness whose valid files are refused would find nothing.</summary>
    private static void ReadsItsSeeds(FuzzReader reader)
    {
        using var folders = new FuzzFolders();
        foreach (byte[] seed in reader.Seeds)
            reader.Read(reader.Finish?.Invoke(seed) ?? seed, folders.New(reader.Name));
    }

    private static void Replay(FuzzRun run, string name, string replay)
    {
        if (!replay.StartsWith(name + "/", StringComparison.Ordinal))
            return;
        int index = int.Parse(replay[(name.Length + 1)..], CultureInfo.InvariantCulture);
        string kept = Path.Combine(TestProcess.Outside, $"talweg-fuzz-{name}-{index}");
        File.WriteAllBytes(kept, run.Input(index));
        TestContext.Current.TestOutputHelper?.WriteLine($"The input is in {kept}.");
        using var folders = new FuzzFolders();
        Assert.Null(run.Try(index, folders.New(name))?.What);
    }
}
