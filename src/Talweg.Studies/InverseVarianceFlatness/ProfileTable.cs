using MathNet.Numerics;
using Talweg.Landscapes;
using Talweg.Storage;
using Talweg.Studies.Figures;

namespace Talweg.Studies.InverseVarianceFlatness;

/// <summary>Loss profiles along a few modes, for the figures.</summary>
internal static class ProfileTable
{
    public const string FileName = "profiles.parquet";

    private const int Points = 81;

    /// <summary>The modes of the paper's Figure 2A.</summary>
    private static readonly int[] Ranks = [10, 20, 50, 100];

    public static void Write(string path, Landscape landscape, WindowModes window, IReadOnlyList<Flatness> flatness, WorkOptions work)
    {
        int[] ranks = [.. Ranks.Where(rank => rank <= flatness.Count)];
        if (ranks.Length == 0)
            return;
        double reach = ranks.Max(rank => flatness[rank - 1].Value ?? landscape.Norm);
        double[] displacements = Generate.LinearSpaced(Points, -reach, reach);
        double[] directions = [.. ranks.SelectMany(rank => window.Modes.Direction(rank - 1).ToArray())];
        var profiles = Transects.Along(landscape, Directions.Of(directions, window.Modes.Dimension), displacements, options: work with { Progress = null });
        ParquetTable.Write(path, [
            new Column("rank", [.. ranks.SelectMany(rank => Enumerable.Repeat(rank, Points))]),
            new Column("displacement", [.. ranks.SelectMany(_ => displacements)]),
            new Column("loss", [.. profiles.SelectMany(profile => profile.Loss)]),
        ]);
    }

    public static IReadOnlyList<Curve> Read(string path)
    {
        if (!File.Exists(path))
            return [];
        var table = ParquetTable.Read(path);
        int[] ranks = table.Ints("rank");
        double[] displacements = table.Doubles("displacement");
        double[] losses = table.Doubles("loss");
        return [.. ranks.Distinct().Select(rank =>
        {
            int first = Array.IndexOf(ranks, rank);
            int points = ranks.Skip(first).TakeWhile(other => other == rank).Count();
            if (points < Points)
                throw new InputException(path, $"rank {rank}", $"{points} points in a row", $"{Points}; run the study again with --fresh to measure them anew");
            return new Curve($"mode {rank}", displacements[first..(first + Points)], losses[first..(first + Points)]);
        })];
    }
}
