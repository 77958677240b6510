using System.Diagnostics;
using Talweg.Trajectories;

namespace Talweg.Benchmarks.Wide;

/// <summary>The leading modes of a 400 × 400 layer over ten epochs: time, and the most memory this process ever had.</summary>
internal sealed class WideWindowModes : IBenchmark
{
    private const int Iterations = 12000;
    private const int Dimension = 512 * 313;   // 160,256: 400 × 400 and a little more, so that Walsh functions fit
    private const int Modes = 200;

    public string Name => "wide-modes";

    public string Compares => "200 modes of 12,000 × 160,256 from disk: peak resident memory in MiB";

    private static Bar Needed => Bar.Below(4096);

    public IEnumerable<Measurement> Run(Workplace workplace)
    {
        string path = Path.Combine(workplace.Folder, "wide.safetensors");
        double writing = PairedTimes.Seconds(() => WideTrajectory.Write(path, Iterations, Dimension));
        Workplace.Say($"trajectory written in {Numbers.Duration(writing)}");
        using var trajectory = Trajectory.Open(path);
        PrincipalModes? modes = null;
        double seconds = PairedTimes.Seconds(() => modes = PrincipalModes.Of(trajectory.View(0, Iterations), Modes));
        using var process = Process.GetCurrentProcess();
        double difference = Numbers.RelativeDifference(modes!.Variances, [.. Enumerable.Range(0, Modes).Select(mode => WideTrajectory.Variance(mode, Iterations))]);
        var sketch = modes.Sketch!;
        yield return new(Name, "MiB", [process.PeakWorkingSet64 / (double)(1 << 20)], Needed)
        {
            Notes =
            [
                $"{Numbers.Duration(seconds)}, {sketch.Passes} passes with {sketch.BasisSize} vectors: {sketch.Ending}",
                $"largest residual over variance {Numbers.Text(sketch.Residuals.Zip(modes.Variances, (r, v) => r / v).Max())}",
                $"variances differ from the known ones by {Numbers.Text(difference)} at most, relative; D_L at 90% is {LearningDimension.Of(modes, 0.9)}, at 99% {LearningDimension.Of(modes, 0.99)}",
            ],
            // Beside the cosines' variance noise is a mean of 8e-6 at the 200th mode, and itself known to a hundredth only.
            Differs = !(difference <= 1e-6),
        };
        File.Delete(path);
    }
}
