using System.Diagnostics;
using Talweg.Conventions;
using Talweg.Trajectories;

namespace Talweg.Tests.Trajectories;

/// <summary>A window on disk is never held in memory. Runs alone, since it looks at the whole process.</summary>
[Collection(Alone.Name)]
public sealed class WideWindowMemoryTests : IDisposable
{
    private const int Iterations = 2000;
    private const int Dimension = 50_000;   // 400 MB on disk

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"talweg-{Guid.NewGuid():N}.safetensors");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Modes_of_a_window_on_disk_take_less_memory_than_the_window()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "this takes /proc");
        Write();
        using var trajectory = Trajectory.Open(_path);
        var window = trajectory.View(0, Iterations);
        PrincipalModes.Of(trajectory.View(0, 20), 2, new() { Method = PcaMethod.Sketch });   // loads what torch loads
        GC.Collect();
        long before = Resident();
        long peak = 0;
        using (var watch = new Timer(_ => peak = Math.Max(peak, Resident()), null, 0, 20))
        {
            var modes = PrincipalModes.Of(window, 10, new() { Method = PcaMethod.Sketch });
            Assert.Equal(SketchEnding.Converged, modes.Sketch!.Ending);
            Assert.Equal(9, LearningDimension.Of(modes, 0.99).Modes);
        }

        // A block has 256 MiB; the window itself would be 380 MiB more, and 760 in double precision.
        long grown = peak - before;
        Assert.True(grown is > 200L << 20 and < 400L << 20, $"{grown >> 20} MiB at the peak");
    }

    /// <summary>Ten cosines in time along ten groups of weights.</summary>
    private void Write()
    {
        using var recorder = new TrajectoryRecorder(_path, Dimension);
        float[] row = new float[Dimension];
        for (int t = 0; t < Iterations; t++)
        {
            float[] motion = [.. Enumerable.Range(1, 10).Select(k => (float)(Math.Cos(Math.PI * k * (t + 0.5) / Iterations) / k))];
            for (int j = 0; j < Dimension; j++)
                row[j] = motion[j % 10];
            recorder.Record(row);
        }
    }

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
