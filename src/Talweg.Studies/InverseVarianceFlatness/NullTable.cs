using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Storage;
using Talweg.Studies.Running;
using Talweg.Trajectories;

namespace Talweg.Studies.InverseVarianceFlatness;

/// <summary>The same measures on what PCA makes of random walks with the real N, T, E and step variance (measures.md, Null surrogates).</summary>
public sealed record NullTable
{
    /// <summary>Its file in a cell's folder.</summary>
    public const string FileName = "nulls.parquet";

    /// <summary>A surrogate's modes, one row each.</summary>
    /// <param name="Variance">σ²ᵢ.</param>
    /// <param name="Flatness">Fᵢ around the real w₀ along the surrogate's modes; null where not measured or open.</param>
    /// <param name="Straightness">s.</param>
    /// <param name="Persistence">Lag-1 correlation of epoch displacements.</param>
    public sealed record Surrogate(double[] Variance, double?[] Flatness, double?[] Straightness, double?[] Persistence);

    /// <summary>The isotropic walk, the epoch-balanced walk and the shuffled steps, in this order.</summary>
    public required IReadOnlyList<Surrogate> Surrogates { get; init; }

    internal static NullTable Measure(
        VarianceFlatnessCell cell, WindowModes window, Trajectory trajectory, DenseWeights weights, WeightSpace space, LabelledSamples samples, WorkOptions work)
    {
        var modes = new (PrincipalModes Modes, IReadOnlyList<ModeDrift> Drift)[NullWindows.Names.Count];
        var recorded = trajectory.Slice(window.FirstRow, window.Iterations);
        int done = 0;
        work.Progress?.Report(new("null surrogates", 0, NullWindows.Names.Count));
        Parallel.For(0, NullWindows.Names.Count, new ParallelOptions { MaxDegreeOfParallelism = work.Threads, CancellationToken = work.Cancellation }, index =>
        {
            TorchThreads.One();
            var surrogate = NullWindows.Draw(NullWindows.Names[index], recorded, window.IterationsPerEpoch, cell.Seed);
            var found = PrincipalModes.Of(surrogate, Math.Min(CellMeasurement.FewModes, Math.Min(surrogate.Iterations, surrogate.Dimension)));
            modes[index] = (found, ModeDrift.OfModes(found, surrogate, window.IterationsPerEpoch));
            work.Progress?.Report(new("null surrogates", Interlocked.Increment(ref done), NullWindows.Names.Count));
        });
        using var landscape = Landscape.Of(weights, samples, space, threads: work.Threads);
        return new() { Surrogates = [.. modes.Select(found => Along(landscape, found.Modes, found.Drift, cell.NullModes, work))] };
    }

    internal void Write(string path) => ParquetTable.Write(path, [
        new Column("surrogate", [.. Surrogates.SelectMany((surrogate, i) => Enumerable.Repeat(NullWindows.Names[i], surrogate.Variance.Length))]),
        new Column("rank", [.. Surrogates.SelectMany(surrogate => Enumerable.Range(1, surrogate.Variance.Length))]),
        new Column("variance", [.. Surrogates.SelectMany(surrogate => surrogate.Variance)]),
        new Column("flatness", [.. Surrogates.SelectMany(surrogate => surrogate.Flatness)]),
        new Column("straightness", [.. Surrogates.SelectMany(surrogate => surrogate.Straightness)]),
        new Column("persistence", [.. Surrogates.SelectMany(surrogate => surrogate.Persistence)]),
    ]);

    /// <summary>Reads what a cell wrote.</summary>
    public static NullTable Read(string path)
    {
        var table = ParquetTable.Read(path);
        string[] names = table.Strings("surrogate");
        double[] variance = table.Doubles("variance");
        double?[] flatness = table.NullableDoubles("flatness");
        double?[] straightness = table.NullableDoubles("straightness");
        double?[] persistence = table.NullableDoubles("persistence");
        Surrogate Of(string name)
        {
            int first = Array.IndexOf(names, name);
            if (first < 0)
                throw new InputException(path, $"surrogate '{name}'", "no row", "a row a mode; run the study again with --fresh to measure it anew");
            var rows = first..(Array.LastIndexOf(names, name) + 1);
            return new(variance[rows], flatness[rows], straightness[rows], persistence[rows]);
        }

        return new() { Surrogates = [.. NullWindows.Names.Select(Of)] };
    }

    private static Surrogate Along(Landscape landscape, PrincipalModes modes, IReadOnlyList<ModeDrift> drift, int flatnessModes, WorkOptions work)
    {
        int count = modes.Variances.Length;
        var (flatness, straightness, persistence) = (new double?[count], new double?[count], new double?[count]);
        int[] ranks = NullWindows.Ranks(flatnessModes, Math.Min(CellMeasurement.FewModes, modes.Count));
        double[] chosen = [.. ranks.SelectMany(rank => modes.Direction(rank - 1).ToArray())];
        var found = Flatness.Along(landscape, Directions.Of(chosen, modes.Dimension), new() { Fit = false }, work);
        for (int i = 0; i < ranks.Length; i++)
            flatness[ranks[i] - 1] = found[i].Value;
        for (int i = 0; i < drift.Count; i++)
            (straightness[i], persistence[i]) = (drift[i].Straightness, drift[i].DisplacementCorrelation);
        return new(modes.Variances, flatness, straightness, persistence);
    }
}
