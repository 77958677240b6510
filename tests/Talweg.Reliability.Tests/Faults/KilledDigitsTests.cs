using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Talweg.Data;
using Talweg.Statistics;

namespace Talweg.Reliability.Tests.Faults;

/// <summary>The cache of drawn digits, written by processes that are killed, is drawn anew or whole: never other digits.</summary>
/// <remarks>Fewer digits than the command draws, by this test program in a process of its own, told so by its environment.</remarks>
public sealed class KilledDigitsTests
{
    private const string Variable = "TALWEG_TESTS_DRAW_IN";
    private const int Train = 400, Test = 50;

    private static readonly Lazy<string> Checksum = new(() =>
        Dataset.Of("digits", DrawnDigits.DrawTrain(Train, CancellationToken.None), DrawnDigits.DrawTest(Test, CancellationToken.None)).Checksum);

    [ModuleInitializer]
    internal static void DrawIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split('|') is not [var cache, var checksum])
            return;
        new DigitsCache(Train, Test, checksum).Load(cache, null, CancellationToken.None);
        Environment.Exit(0);
    }

    [Fact]
    public void Killed_at_any_moment_the_cache_is_whole_or_drawn_anew()
    {
        using var folder = new Cli.Tests.TemporaryFolder();
        var clock = Stopwatch.StartNew();
        TalwegProgram.End(Draw(folder["alone"])).AssertSuccess();
        var whole = clock.Elapsed;
        var expected = FolderBytes.Of(folder["alone"]);
        Assert.Equal(4, expected.Count);

        var random = new RandomStream(Options.FaultSeed, "kills/digits");
        for (int i = 0; i < Options.Kills; i++)
        {
            // Mostly near the end, where files are written.
            var moment = (i == 0 ? random.NextDouble() : 0.7 + 0.3 * random.NextDouble()) * whole;
            using (var process = Draw(folder["killed"]))
            {
                if (!process.WaitForExit(moment))
                    process.Kill();
                process.WaitForExit();
            }

            var digits = new DigitsCache(Train, Test, Checksum.Value).Load(folder["killed"], null, CancellationToken.None);
            Assert.Equal(Checksum.Value, digits.Checksum);
            FolderBytes.AssertSame(expected, folder["killed"]);
            Directory.Delete(folder["killed"], recursive: true);
        }
    }

    /// <summary>This test program, also where it was started as `dotnet Talweg.Reliability.Tests.dll`.</summary>
    private static string[] Self => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.ProcessPath!, typeof(KilledDigitsTests).Assembly.Location] : [Environment.ProcessPath!];

    private static Process Draw(string cache) =>
        TalwegProgram.Start(Path.GetTempPath(), Self, (Variable, string.Create(CultureInfo.InvariantCulture, $"{cache}|{Checksum.Value}")));
}
