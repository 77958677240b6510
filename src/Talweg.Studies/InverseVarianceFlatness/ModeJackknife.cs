using Talweg.Statistics;

namespace Talweg.Studies.InverseVarianceFlatness;

/// <summary>For one cell: an interval for a difference of two exponents, by leaving out blocks of neighbouring ranks from both.</summary>
/// <remarks>
/// It tells how well these modes fix the difference, not what another run would give. Theil–Sen is a median of slopes over pairs of modes:
/// a block takes part in thousands of pairs, so the jackknife, which fails for the median of single values, may be used.
/// </remarks>
internal static class ModeJackknife
{
    private const int BlockLength = 20;

    /// <param name="cell">The cell.</param>
    /// <param name="last">The last rank that the difference uses; the first is 2.</param>
    /// <param name="difference">The difference, made from the cell's tables after the given function took the modes left out from them.</param>
    /// <returns>No interval where there are fewer than three blocks, or the difference is undefined without one of them.</returns>
    public static Estimate Of(MeasuredCell cell, int last, Func<Func<ModeTable, ModeTable>, double> difference)
    {
        double value = difference(modes => modes);
        int measured = Math.Min(last, cell.Modes.OpenSides.TakeWhile(sides => sides is not null).Count());
        int[][] blocks = [.. Enumerable.Range(2, Math.Max(0, measured - 1)).Chunk(BlockLength)];
        double Without(IReadOnlyList<int[]> kept)
        {
            var ranks = kept.SelectMany(block => block).ToHashSet();
            return difference(modes => Only(modes, ranks));
        }

        bool defined = blocks.Length >= 3 && blocks.All(left => double.IsFinite(Without([.. blocks.Where(block => block != left)])));
        return defined ? BlockJackknife.Of(blocks, Without).ToEstimate($"blocks of {BlockLength} modes, one cell") : new(value, null, "");
    }

    private static ModeTable Only(ModeTable modes, HashSet<int> ranks)
    {
        double?[] Kept(double?[] values) => [.. values.Select((value, i) => ranks.Contains(i + 1) ? value : null)];
        return modes with
        {
            Flatness = Kept(modes.Flatness),
            FlatnessAtLevel2 = Kept(modes.FlatnessAtLevel2),
            FlatnessAroundMean = Kept(modes.FlatnessAroundMean),
        };
    }
}
