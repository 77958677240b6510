using Talweg.Landscapes;

namespace Talweg.Tests.Networks;

/// <summary>Keeps every sample's loss and slope, which real reducers must not, and checks that each comes exactly once.</summary>
internal sealed class PerSample : TransectReducer
{
    private readonly bool[] _seen;

    private PerSample(int samples, int displacements, bool withSlopes)
    {
        _seen = new bool[samples];
        Losses = [.. Enumerable.Range(0, displacements).Select(_ => new double[samples])];
        Slopes = withSlopes ? [.. Enumerable.Range(0, displacements).Select(_ => new double[samples])] : null;
    }

    /// <summary>[displacements][samples].</summary>
    public double[][] Losses { get; }

    public double[][]? Slopes { get; }

    public static PerSample Of(Landscape landscape, double[] direction, double[] displacements, bool withSlopes = false)
    {
        var reducer = new PerSample(landscape.Samples, displacements.Length, withSlopes);
        landscape.Sweep(direction, displacements, withSlopes, reducer);
        Assert.All(reducer._seen, Assert.True);
        return reducer;
    }

    public override void Add(in TransectBlock block)
    {
        Assert.Equal(Slopes is not null, block.HasSlopes);
        for (int i = 0; i < block.Samples.Length; i++)
        {
            Assert.False(_seen[block.Samples[i]], $"sample {block.Samples[i]} came twice");
            _seen[block.Samples[i]] = true;
            for (int d = 0; d < Losses.Length; d++)
            {
                Losses[d][block.Samples[i]] = block.Losses(d)[i];
                if (Slopes is not null)
                    Slopes[d][block.Samples[i]] = block.Slopes(d)[i];
            }
        }
    }
}
