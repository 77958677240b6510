using MathNet.Numerics.LinearAlgebra;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Studies.FlatnessAndHessian;
using Talweg.Studies.Running;
using static Talweg.Studies.Tests.Near;

namespace Talweg.Studies.Tests.FlatnessAndHessian;

/// <summary>Every number of one small cell, computed anew: the Hessian by differences of a plain gradient, modes by a dense SVD, F by bisection on a plain loss.</summary>
public sealed class HessianCellOracleTests(HessianCellOracleTests.TinyCell tiny) : IClassFixture<HessianCellOracleTests.TinyCell>
{
    private const int Weights = 42, Pairs = 5, Randoms = 6, PerEpoch = 15, WindowEpochs = 4;

    [Fact]
    public void The_result_is_that_of_the_last_weights_and_the_last_epochs_window()
    {
        var (result, valley) = (tiny.Result, tiny.Valley);
        Assert.Equal((tiny.Again.Run.ZeroErrorEpoch, WindowEpochs * PerEpoch), (result.ZeroErrorEpoch, result.Iterations));
        Assert.NotNull(result.ZeroErrorEpoch);
        Assert.Equal(valley.LossAtOrigin, result.Loss, 1e-4 * valley.LossAtOrigin);   // single precision
        Assert.Equal(valley.Norm, result.Norm, 1e-6 * valley.Norm);
        Assert.Equal(2 * (Math.E - 1) * valley.LossAtOrigin / (100 * valley.Norm * valley.Norm), result.Vanishing, 1e-4 * result.Vanishing);   // as the loss
    }

    [Fact]
    public void The_spectrum_is_the_dense_Hessian_s_and_Lanczos_finds_its_top()
    {
        var result = tiny.Result;
        Assert.Equal(Weights, result.Spectrum.Count);
        for (int i = 0; i < Weights; i++)
            Assert.Equal(tiny.Eigenvalues[i], result.Spectrum[i], 1e-8);              // differences of the gradient err by 1e-10 an entry
        Assert.Equal(Pairs, result.LanczosValues.Count);
        Assert.Equal(Pairs, result.LanczosResiduals.Count);
        for (int i = 0; i < Pairs; i++)
            Assert.Equal(tiny.Eigenvalues[i], result.LanczosValues[i], 1e-8);
        Assert.All(result.LanczosResiduals, residual => Assert.InRange(residual, 0, 1e-8 * result.Spectrum[0]));
        Assert.InRange(result.LanczosProducts, Pairs, 10 * Weights);
        Assert.Equal("Converged", result.LanczosEnding);
        Assert.True(result.Spectrum[^1] < -5 * result.Vanishing, "The cell must have curvature that is negative and does not vanish.");
        Assert.InRange(result.Spectrum.Count(value => Math.Abs(value) <= result.Vanishing), 3, Weights - Pairs);
    }

    [Fact]
    public void The_overlap_is_of_as_many_modes_as_eigenvectors_and_that_of_random_directions_beside_it()
    {
        double[][] top = [.. Enumerable.Range(0, Pairs).Select(i => tiny.Eigenvectors[i])], modes = tiny.Modes.Directions[..Pairs];
        Assert.Equal(Overlap(modes, top), tiny.Result.Overlap, 1e-6);
        Assert.Equal(Overlap(tiny.Random[..Pairs], top), tiny.Result.RandomOverlap, 1e-6);

        static double Overlap(double[][] a, double[][] b) => a.Sum(p => b.Sum(v => Math.Pow(Naive.Dot(p, v), 2))) / Pairs;
    }

    [Fact]
    public void The_window_s_modes_are_looked_along_with_their_variances()
    {
        var rows = Rows(DirectionRow.Mode, Weights);
        Looked(rows, tiny.Modes.Directions);
        Assert.All(rows, row => Assert.Equal(tiny.Modes.Variances[row.Rank - 1], row.Variance!.Value, 1e-7 * row.Variance.Value + 1e-14 * tiny.Modes.Variances[0]));
    }

    [Fact]
    public void The_top_and_the_bottom_are_the_ends_of_the_spectrum()
    {
        Looked(Rows(DirectionRow.Top, Pairs), [.. tiny.Eigenvectors.Take(Pairs)]);
        var bottom = Rows(DirectionRow.Bottom, Pairs);
        Assert.All(bottom, row => Assert.Equal(tiny.Eigenvalues[^row.Rank], row.Curvature, 1e-8));
        Assert.True(bottom[0].Curvature < -5 * tiny.Result.Vanishing);
        Looked([bottom[0]], [tiny.Eigenvectors[^1]]);
        Assert.All(bottom, row => Assert.Null(row.Variance));
    }

    [Fact]
    public void Random_directions_are_the_cell_s_own() => Looked(Rows(DirectionRow.Random, Randoms), tiny.Random);

    /// <summary>The last of these lie in the span of eigenvalues that vanish, from either sign, and in no other's.</summary>
    [Fact]
    public void Random_directions_of_vanishing_curvature_have_vanishing_curvature()
    {
        var rows = Rows(DirectionRow.Flat, tiny.Flat.Length);
        Assert.InRange(rows.Length, 3, Randoms);
        Assert.All(rows, row => Assert.InRange(Math.Abs(row.Curvature), 0, tiny.Result.Vanishing));
        Looked(rows, tiny.Flat);
    }

    [Fact]
    public void There_are_no_other_directions() => Assert.Equal(Weights + 2 * Pairs + Randoms + tiny.Flat.Length, tiny.Rows.Count);

    private DirectionRow[] Rows(string kind, int count)
    {
        DirectionRow[] rows = [.. tiny.Rows.Where(row => row.Kind == kind)];
        Assert.Equal(Enumerable.Range(1, count), rows.Select(row => row.Rank));
        return rows;
    }

    private void Looked(IReadOnlyList<DirectionRow> rows, double[][] directions)
    {
        double[] gradient = tiny.Valley.Gradient();
        foreach (var row in rows)
        {
            double[] p = directions[row.Rank - 1];
            var vector = Vector<double>.Build.Dense(p);
            Assert.Equal(vector * (tiny.Hessian * vector), row.Curvature, 1e-7);
            Assert.Equal(Naive.Dot(p, gradient), row.Slope, 1e-7);
            var sides = tiny.Valley.Sides(p);
            Close(sides.Left, row.Left, 3e-4);                  // a side is found to 1e-4 of its length
            Close(sides.Right, row.Right, 3e-4);
            Close(sides.Right - sides.Left, row.Flatness, 3e-4);
            Close(tiny.Valley.Parabola(p, sides).RSquared, row.FitRSquared, 1e-5);   // losses in single precision: R² errs by 6e-8
        }
    }

    /// <summary>One cell, measured once, beside the same training by a plan written out here.</summary>
    public sealed class TinyCell : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public TinyCell()
        {
            var network = FullyConnected.Parse("fc:6-7-6-4,tanh");
            var data = TinyRun.Clouds();
            var cell = new HessianCell
            {
                Data = "clouds",
                Network = "fc:6-7-6-4,tanh",
                Layer = 2,
                Samples = 0,
                BatchSize = 4,
                LearningRate = 0.2,
                Seed = 4,
                MaxEpochs = 150,
                WindowEpochs = WindowEpochs,
                Modes = 0,
                Eigenpairs = Pairs,
                RandomDirections = Randoms,
            };
            Assert.True(new CellMeasurement(cell, TinyRun.Context(_folder.Path), data).Run().Completed);
            Result = CellResult.Read(_folder.File("hessian.json"));
            Rows = RowTable.Read<DirectionRow>(_folder.File("directions.parquet"));
            Again = new(new() { Network = network, BatchSize = 4, LearningRate = 0.2, Seed = 4, MaxEpochs = 150, ExtraEpochs = WindowEpochs, RecordedLayers = [2] }, data);
            Valley = new(Again.After(Again.Run.CompletedEpochs), data.Train, 2);
            Modes = NaiveModes.Of(Again.Rows[^(WindowEpochs * PerEpoch)..]);
            Hessian = Valley.Hessian();
            var evd = Hessian.Evd(Symmetricity.Symmetric);
            Eigenvalues = [.. evd.EigenValues.Select(value => value.Real).Reverse()];
            Eigenvectors = [.. Enumerable.Range(1, Weights).Select(i => NaiveModes.Oriented([.. evd.EigenVectors.Column(Weights - i)]))];
            Random = Split(RandomDirections.In(Weights, Randoms, new RandomStream(4, "random directions")), Weights);
            Flat = FlatDirections(HessianMatrix.Of(Again.After(Again.Run.CompletedEpochs), data.Train, WeightSpace.Of(network, 2)).Diagonalise(), Result.Vanishing);
        }

        internal CellResult Result { get; }

        internal IReadOnlyList<DirectionRow> Rows { get; }

        internal TinyRun Again { get; }

        internal NaiveValley Valley { get; }

        internal NaiveModes Modes { get; }

        internal Matrix<double> Hessian { get; }

        /// <summary>Descending.</summary>
        internal double[] Eigenvalues { get; }

        internal double[][] Eigenvectors { get; }

        internal double[][] Random { get; }

        internal double[][] Flat { get; }

        public void Dispose()
        {
            Again.Dispose();
            _folder.Dispose();
        }

        /// <summary>Combinations of the eigenvectors whose eigenvalues vanish. Which basis of a nearly degenerate space these are is the library's choice.</summary>
        private static double[][] FlatDirections(Eigenpairs spectrum, double vanishing)
        {
            double[][] flat = [.. Enumerable.Range(0, Weights).Where(i => spectrum.Values[i] >= -vanishing && spectrum.Values[i] <= vanishing).Select(i => spectrum.Vector(i).ToArray())];
            double[][] coefficients = Split(RandomDirections.In(flat.Length, Math.Min(Randoms, flat.Length), new RandomStream(4, "flat directions")), flat.Length);
            return [.. coefficients.Select(c => Enumerable.Range(0, Weights).Select(n => c.Select((x, j) => x * flat[j][n]).Sum()).ToArray())];
        }

        private static double[][] Split(double[] rows, int length) => [.. rows.Chunk(length)];
    }
}
