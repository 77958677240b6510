using Talweg.Studies.InverseVarianceFlatness;

namespace Talweg.Studies.Tests.InverseVarianceFlatness;

public sealed class NullRanksTests
{
    /// <summary>From the second, where the claims' modes begin: a surrogate is judged on ranks that the window is judged on.</summary>
    [Fact]
    public void A_surrogates_flatness_is_measured_from_rank_2_to_the_last_evenly_over_their_logarithms()
    {
        Assert.Equal([2, 20, 200], NullTable.Ranks(3, 200));
        Assert.Equal([2, 4, 8, 16, 32], NullTable.Ranks(5, 32));
        Assert.Equal([2, 3], NullTable.Ranks(8, 3));
    }
}
