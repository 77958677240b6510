using System.Diagnostics;

namespace Talweg.Benchmarks;

/// <summary>Times of Talweg and of the alternative, taken in turns so that whatever else the machine does hits both.</summary>
/// <param name="Talweg">Seconds, one number a repetition.</param>
/// <param name="Alternative">Likewise.</param>
internal sealed record PairedTimes(IReadOnlyList<double> Talweg, IReadOnlyList<double> Alternative)
{
    /// <summary>How many times as fast Talweg is, pair by pair.</summary>
    public IReadOnlyList<double> Ratios => [.. Alternative.Zip(Talweg, (alternative, talweg) => alternative / talweg)];

    /// <param name="repeat">Pairs.</param>
    /// <param name="talweg">Does the work for the repetition of this number and returns seconds.</param>
    /// <param name="alternative">Does the same work the other way.</param>
    public static PairedTimes Take(int repeat, Func<int, double> talweg, Func<int, double> alternative)
    {
        var times = new PairedTimes(new double[repeat], new double[repeat]);
        for (int i = 0; i < repeat; i++)
        {
            ((double[])times.Talweg)[i] = talweg(i);
            ((double[])times.Alternative)[i] = alternative(i);
            Workplace.Say($"  {i + 1} of {repeat}: {Numbers.Duration(times.Talweg[i])} against {Numbers.Duration(times.Alternative[i])}");
        }

        return times;
    }

    /// <summary>Seconds that <paramref name="work"/> takes by the clock on the wall.</summary>
    public static double Seconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The median times a unit of work.</summary>
    public string Note(string unit, int units, string alternative) =>
        $"{Numbers.Duration(Numbers.Median(Talweg) / units)} {unit} against {Numbers.Duration(Numbers.Median(Alternative) / units)} for {alternative} (medians)";
}
