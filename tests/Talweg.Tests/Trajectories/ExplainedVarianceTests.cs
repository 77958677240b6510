using Talweg.Trajectories;

namespace Talweg.Tests.Trajectories;

public sealed class ExplainedVarianceTests
{
    [Fact]
    public void The_first_mode_counts_in_one_and_not_in_the_other()
    {
        double[] variances = [90, 5, 3, 1, 1];
        Assert.Equal(1, ExplainedVariance.Modes(variances, 0.9));
        Assert.Equal(4, ExplainedVariance.Modes(variances, 0.99));
        Assert.Equal(2, ExplainedVariance.ModesWithoutFirst(variances, 0.8));
        Assert.Equal(3, ExplainedVariance.ModesWithoutFirst(variances, 0.9));
        Assert.Equal(4, ExplainedVariance.ModesWithoutFirst(variances, 1));
        Assert.Equal([90, 95, 98, 99, 100], ExplainedVariance.Cumulative(variances));
    }

    [Fact]
    public void Without_variance_no_mode_is_needed()
    {
        Assert.Equal(0, ExplainedVariance.Modes([0, 0], 0.9));
        Assert.Equal(0, ExplainedVariance.ModesWithoutFirst([1], 0.9));
        Assert.Equal(0, ExplainedVariance.ModesWithoutFirst([], 0.9));
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        Assert.Contains("not be 0", Assert.Throws<ArgumentOutOfRangeException>(() => ExplainedVariance.Modes([1], 0)).Message);
        Assert.Contains("descending", Assert.Throws<ArgumentException>(() => ExplainedVariance.Modes([1, 2], 0.5)).Message);
        Assert.Contains("The variance 1 is NaN", Assert.Throws<ArgumentException>(() => ExplainedVariance.Modes([1, double.NaN], 0.5)).Message);
    }
}
