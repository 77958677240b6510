namespace Talweg.Landscapes;

/// <summary>Mean losses of groups of samples along one direction: samples k·size … (k + 1)·size − 1 in file order form group k.</summary>
/// <remarks>Groups tell how much a profile depends on the samples. A last, smaller group is left out.</remarks>
public sealed class GroupedProfileReducer : TransectReducer
{
    private readonly int _displacements;
    private readonly int _groupSize;
    private readonly double[] _sums;

    /// <param name="displacements">Number of displacements.</param>
    /// <param name="samples">Number of samples in all.</param>
    /// <param name="groups">How many groups of equal size.</param>
    public GroupedProfileReducer(int displacements, int samples, int groups)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, groups);
        _displacements = displacements;
        _groupSize = samples / groups;
        Groups = groups;
        _sums = new double[groups * displacements];
    }

    /// <summary>Number of groups.</summary>
    public int Groups { get; }

    /// <inheritdoc/>
    public override void Add(in TransectBlock block)
    {
        for (int i = 0; i < _displacements; i++)
        {
            var losses = block.Losses(i);
            for (int place = 0; place < losses.Length; place++)
            {
                int group = block.Samples[place] / _groupSize;
                if (group < Groups)
                    _sums[group * _displacements + i] += losses[place];
            }
        }
    }

    /// <summary>Mean loss of one group at every displacement.</summary>
    public double[] Loss(int group) => [.. _sums.AsSpan(group * _displacements, _displacements).ToArray().Select(sum => sum / _groupSize)];
}
