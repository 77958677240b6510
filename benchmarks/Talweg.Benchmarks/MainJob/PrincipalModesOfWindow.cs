using Talweg.Trajectories;

namespace Talweg.Benchmarks.MainJob;

/// <summary>All principal modes of ten epochs of the middle layer's weights against scikit-learn's full PCA, both in double precision.</summary>
internal sealed class PrincipalModesOfWindow : IBenchmark
{
    private const int Iterations = 12000;
    private const int Dimension = 2500;
    private const int ComparedVariances = 200;

    /// <summary>Both compute in double precision; at the 200th mode, three decades down, this leaves much to spare.</summary>
    private const double Tolerance = 1e-6;

    public string Name => "principal-modes";

    public string Compares => "PCA of 12,000 × 2,500 in double precision, against scikit-learn's full solver, one thread each";

    private static Bar Needed => Bar.AtLeast(4);

    public IEnumerable<Measurement> Run(Workplace workplace)
    {
        if (ScikitLearnPca.Missing() is { } missing)
        {
            yield return Measurement.Skipped(Name, "times as fast", Needed, missing);
            yield break;
        }

        var window = SteepWindow.Draw(Iterations, Dimension);
        using var scikitLearn = new ScikitLearnPca(window, workplace.Folder, ComparedVariances);
        double[] own = [];
        double[] other = [];
        var times = PairedTimes.Take(
            workplace.Repeat,
            _ => PairedTimes.Seconds(() => own = PrincipalModes.Of(window).Variances),
            _ =>
            {
                (double seconds, other) = scikitLearn.Fit();
                return seconds;
            });
        // scikit-learn divides by T − 1, Talweg by T.
        double difference = Numbers.RelativeDifference(own[..ComparedVariances], [.. other.Select(variance => variance * (Iterations - 1) / Iterations)]);
        yield return new(Name, "times as fast", times.Ratios, Needed)
        {
            Notes =
            [
                times.Note("for all modes", 1, scikitLearn.Version),
                $"the largest {ComparedVariances} variances differ by {Numbers.Text(difference)} at most, relative (allowed {Numbers.Text(Tolerance)})",
            ],
            Differs = !(difference <= Tolerance),
        };
    }
}
