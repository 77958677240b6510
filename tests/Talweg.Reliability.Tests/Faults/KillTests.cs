using System.Diagnostics;
using Talweg.Statistics;

namespace Talweg.Reliability.Tests.Faults;

/// <summary>Killed at any moment, however often, the same command ends with the bytes of one that was left alone.</summary>
public abstract class KillTests(string name)
{
    [Fact]
    public void Killed_at_any_moment_it_ends_with_the_same_bytes()
    {
        using var alone = Work.Of(name);
        var clock = Stopwatch.StartNew();
        alone.Run().AssertSuccess();
        var whole = clock.Elapsed;
        var expected = FolderBytes.Of(alone[""]);

        using var killed = Work.Of(name);
        var random = new RandomStream(Options.FaultSeed, $"kills/{name}");
        int kills = 0;
        var moments = new List<double>();
        for (int i = 0; i < Options.Kills; i++)
        {
            moments.Add(0.2 + 0.8 * random.NextDouble());      // nothing is written while the program is being loaded
            kills += KillAfter(killed, moments[^1] * whole) ? 1 : 0;
        }

        killed.Run().AssertSuccess();
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: killed {kills} times of {Options.Kills}, at {string.Join(", ", moments.Select(m => $"{m * whole.TotalSeconds:F2}"))} s of {whole.TotalSeconds:F2}; seed {Options.FaultSeed}");
        FolderBytes.AssertSame(expected, killed[""]);
    }

    private static bool KillAfter(Work work, TimeSpan moment)
    {
        using var process = TalwegProgram.Start(work.Folder, [TalwegProgram.File, .. work.Arguments]);
        _ = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        if (process.WaitForExit(moment))
            return false;
        process.Kill();
        process.WaitForExit();
        return true;
    }
}

/// <summary><c>talweg run</c>.</summary>
public sealed class KilledRunTests() : KillTests("run");

/// <summary><c>talweg train</c>.</summary>
public sealed class KilledTrainTests() : KillTests("train");

/// <summary><c>talweg continual</c>.</summary>
public sealed class KilledContinualTests() : KillTests("continual");

/// <summary><c>talweg measure … --save-directions</c>.</summary>
public sealed class KilledMeasureTests() : KillTests("measure");

/// <summary><c>talweg report</c>.</summary>
public sealed class KilledReportTests() : KillTests("report");
