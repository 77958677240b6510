using Talweg.Studies.EinsteinRelation;
using Talweg.Studies.Findings;

namespace Talweg.Studies.Tests.EinsteinRelation;

/// <summary>FT-20 and FT-21 from numbers of which no two are alike, by plain formulas.</summary>
public sealed class EinsteinNumbersTests
{
    /// <summary>97.5% of Student's t with two degrees of freedom: three seeds.</summary>
    private const double Student = 4.302652730;

    private static readonly EinsteinTask[] Tasks = [EinsteinTask.Descent, EinsteinTask.ConstantNoise, EinsteinTask.FollowingNoise, EinsteinTask.FlatnessNoise, EinsteinTask.Sgd];

    private static readonly string[] Names = ["gradient descent", "+ constant isotropic noise", "+ isotropic noise, SGD's strength", "+ noise spread by flatness", "SGD"];

    private static EinsteinCell Cell(EinsteinTask task, int seed) => new() { Task = task, Data = "synthetic", Network = "fc:784-50-50-10", Layer = 2, Samples = 2000, BatchSize = 50, LearningRate = 0.1, Seed = seed };

    /// <summary>A number from 1 to 2 for every variant, seed and quantity.</summary>
    private static double Number(int task, int seed, int quantity) => 1 + Math.Abs(Math.Sin(1 + 7.3 * task + 3.1 * seed + 1.7 * quantity + task * seed * quantity));

    private static double Error(int task, int seed) => 0.1 * Number(task, seed, 1);

    /// <summary>Losses differ by a factor of a hundred between variants.</summary>
    private static double Loss(int task, int seed) => 0.001 * Math.Pow(3, task) * Number(task, seed, 2);

    private static double Sharp(int task, int seed) => Number(task, seed, 3);

    private static double Random(int task, int seed) => 5 * Number(task, seed, 4);

    private static MeasuredVariant Variant(int task, int seed) => new(Cell(Tasks[task], seed), new()
    {
        UpdatesPerEpoch = 1,
        Curve = [new(1, 9, 9, 9, 9), new(2, Loss(task, seed), 0.3, 0.4, Error(task, seed))],
        ZeroErrorUpdate = task == 4 ? 100 * seed : null,
        RandomFlatness = Random(task, seed),
        SharpFlatness = Sharp(task, seed),
        OpenDirections = 0,
    });

    /// <summary>Seeds in another order for every variant.</summary>
    private static MeasuredVariant[] Variants => [.. Enumerable.Range(0, 5).SelectMany(task => ((int[])[1, 2, 3]).OrderBy(seed => (seed + task) % 3).Select(seed => Variant(task, seed)))];

    private static void Is(double[] perSeed, Measurement found)
    {
        double mean = perSeed.Average(), deviation = Math.Sqrt(perSeed.Sum(x => Math.Pow(x - mean, 2)) / 2);
        Assert.Equal(mean, found.Value, 1e-10);
        Assert.Equal(mean - Student * deviation / Math.Sqrt(3), found.Interval!.Value.Low, 1e-7);
        Assert.Equal(mean + Student * deviation / Math.Sqrt(3), found.Interval.Value.High, 1e-7);
        Assert.Equal("3 seeds", found.IntervalOver);
    }

    private static double[] Seeds(Func<int, double> of) => [.. Enumerable.Range(1, 3).Select(of)];

    [Fact]
    public void Errors_are_subtracted_and_flatness_at_equal_loss_divided_seed_by_seed()
    {
        var found = VariantFindings.Of(Variants).Measurements;
        (int One, int Other)[] differences = [(0, 4), (1, 4), (0, 3), (1, 3), (3, 4)];
        foreach (var ((one, other), i) in differences.Select((pair, i) => (pair, i)))
        {
            Assert.Equal($"test error: {Names[one]} − {Names[other]}", found[i].Name);
            Is(Seeds(seed => Error(one, seed) - Error(other, seed)), found[i]);
        }

        foreach (var (task, i) in ((int[])[0, 1, 3]).Select((task, i) => (task, 5 + i)))
        {
            Assert.Equal($"F/√L: {Names[task]} over SGD", found[i].Name);
            Is(Seeds(seed => Sharp(task, seed) / Math.Sqrt(Loss(task, seed)) / (Sharp(4, seed) / Math.Sqrt(Loss(4, seed)))), found[i]);
        }
    }

    [Fact]
    public void What_is_written_beside_them_are_means_over_seeds()
    {
        var notes = VariantFindings.Of(Variants).Notes;
        for (int task = 0; task < 5; task++)
        {
            string phase = task == 4 ? "zero training error first seen at update " : "training error never seen at zero";
            Assert.Contains(notes, note => note.StartsWith($"{Names[task]}: {phase}", StringComparison.Ordinal)
                && note.Contains($"at the end training loss {Mean(seed => Loss(task, seed))}, test error {Mean(seed => Error(task, seed))}, F {Mean(seed => Random(task, seed))} along random directions and {Mean(seed => Sharp(task, seed))} along the Hessian's top eigenvectors.", StringComparison.Ordinal));
        }

        for (int task = 0; task < 4; task++)
            Assert.Contains($"{Names[task]}: F itself, at its own training loss, is {Mean(seed => Sharp(task, seed) / Sharp(4, seed))} of SGD's, paired by seed.", notes);

        string Mean(Func<int, double> of)
        {
            double[] values = Seeds(of);
            double mean = values.Average(), half = Student * Math.Sqrt(values.Sum(x => Math.Pow(x - mean, 2)) / 2 / 3);
            var (text, interval) = NumberText.Of(mean, new(mean - half, mean + half));
            return $"{text} {interval}";
        }
    }

    /// <summary>Modes of which no two lie on one power law; the thermal ones of even rank relax too slowly.</summary>
    private static MotionTable Modes(int count, int salt, Func<int, double?> relaxations, int? open = null) => new()
    {
        Variance = [.. Enumerable.Range(1, count).Select(i => Math.Pow(i, -1.5) * Number(salt, i, 5))],
        Flatness = [.. Enumerable.Range(1, count).Select(i => i == open ? null : (double?)(Math.Pow(i, 0.4) * Number(salt, i, 6)))],
        Relaxations = [.. Enumerable.Range(1, count).Select(relaxations)],
    };

    private static MeasuredControl Control(int seed) => new(
        Cell(EinsteinTask.Control, seed),
        new()
        {
            ZeroErrorEpoch = 30,
            SgdIterations = 800,
            SolutionLoss = 0.006,
            Curvatures = [0.5, 0.1, 0.01],
            SquaredGradient = 2e-4,
            SquaredGradientInSpan = 5e-5,
            StepSize = 0.2,
            Temperature = 2e-5,
            Steps = 1000,
            Stride = 10,
            BurnInLosses = [9, 9],
            Losses = [0.004, 0.012],
            LossDrift = 0.01 * seed * seed,
            LossDriftLow = -0.3,
            LossDriftHigh = 0.4,
            LossDriftOver = "10 blocks of 100 steps",
        },
        Modes(40, seed, i => i % 2 == 0 ? 9.9 : 10),
        Modes(30, seed + 10, i => i > 20 ? 9.9 : 11),
        Modes(230, seed + 20, _ => null, open: 50));

    private static (double[] X, double[] Y) Points(MotionTable table, Func<int, bool> isFitted)
    {
        int[] ranks = [.. Enumerable.Range(1, table.Count).Where(rank => isFitted(rank) && table.Flatness[rank - 1] is not null)];
        return ([.. ranks.Select(rank => table.Flatness[rank - 1]!.Value)], [.. ranks.Select(rank => table.Variance[rank - 1])]);
    }

    private static double Exponent(MotionTable table, Func<int, bool> isFitted)
    {
        var (x, y) = Points(table, isFitted);
        return Naive.Exponent(x, y);
    }

    [Fact]
    public void Exponents_are_least_squares_over_modes_that_relax_and_over_SGDs_modes_2_to_200()
    {
        MeasuredControl[] controls = [Control(1), Control(2), Control(3)];
        var found = ControlFindings.Of(controls).Measurements;
        Is(Seeds(seed => Exponent(controls[seed - 1].Thermal, rank => rank % 2 == 1)), found[0]);
        Is(Seeds(seed => Exponent(controls[seed - 1].Sgd, rank => rank is >= 2 and <= 200)), found[1]);
        Is(Seeds(seed => 0.01 * seed * seed), found[2]);
        Assert.Equal((3 * 20, 3), (found[0].LeftOut, found[1].LeftOut));
        Assert.Equal(Exponent(controls[0].Fixed, rank => rank <= 20), controls[0].FixedLaw!.Exponent, 1e-10);
        var notes = ControlFindings.Of(controls).Notes;
        Assert.Contains("Seed 2: step size 0.200 and temperature 2.00e−5 by rule; the span of 3 directions, with curvatures from 0.500 to 0.0100, holds 25% of ‖∇L‖².", notes);
        Assert.Contains("Seed 2: loss 0.00600 at the solution, 0.00800 on average in thermal motion.", notes);
    }

    /// <summary>Of one run: Student's interval of the least-squares slope, 2.101 standard errors on either side with 18 degrees of freedom.</summary>
    [Fact]
    public void One_controls_interval_is_Students_of_the_slope()
    {
        var control = Control(1);
        var found = ControlFindings.Of([control]).Measurements;
        var drift = found[2].Interval!.Value;
        Slope(Points(control.Thermal, rank => rank % 2 == 1), 2.100922040, found[0], "20 modes of one run");
        Slope(Points(control.Sgd, rank => rank is >= 2 and <= 200), 1.972141222, found[1], "198 modes of one run");
        Assert.Equal((0.01, -0.3, 0.4, "10 blocks of 100 steps"), (found[2].Value, drift.Low, drift.High, found[2].IntervalOver));

        static void Slope((double[] X, double[] Y) points, double student, Measurement found, string over)
        {
            double[] x = [.. points.X.Select(a => Math.Log(a))], y = [.. points.Y.Select(b => Math.Log(b))];
            double slope = Plain.Slope(x, y), meanX = x.Average(), meanY = y.Average();
            double error = Math.Sqrt(x.Zip(y, (a, b) => Math.Pow(b - meanY - slope * (a - meanX), 2)).Sum() / (x.Length - 2) / x.Sum(a => Math.Pow(a - meanX, 2)));
            Assert.Equal(slope, found.Value, 1e-10);
            var interval = found.Interval!.Value;
            Assert.Equal(slope - student * error, interval.Low, 1e-6);
            Assert.Equal(slope + student * error, interval.High, 1e-6);
            Assert.Equal(over, found.IntervalOver);
        }
    }
}
