using Talweg.Networks;
using Talweg.Networks.Layers;

namespace Talweg.Landscapes;

/// <summary>Which units each output of a max pooling is the largest of; without pooling every unit is its own window.</summary>
internal sealed class PoolingWindows
{
    private PoolingWindows(int[] units, int[] starts)
    {
        Units = units;
        Starts = starts;
    }

    /// <summary>The units, [channels][rows][columns], of all windows, one after the other; ascending within a window.</summary>
    public int[] Units { get; }

    /// <summary>Where each window begins, and behind the last where it ends.</summary>
    public int[] Starts { get; }

    /// <summary>Number of windows.</summary>
    public int Count => Starts.Length - 1;

    public static PoolingWindows Of(ImageShape units, MaxPooling? pooling)
    {
        pooling ??= new(1, 1, 0);
        var pooled = pooling.After(units);
        var windows = new List<int>();
        var starts = new List<int> { 0 };
        for (int output = 0; output < pooled.Length; output++)
        {
            var (plane, place) = Math.DivRem(output, pooled.Rows * pooled.Columns);
            var (row, column) = Math.DivRem(place, pooled.Columns);
            foreach (int y in Inside(row, units.Rows))
            {
                foreach (int x in Inside(column, units.Columns))
                    windows.Add((plane * units.Rows + y) * units.Columns + x);
            }

            starts.Add(windows.Count);
        }

        return new([.. windows], [.. starts]);

        IEnumerable<int> Inside(int window, int size)
        {
            int first = window * pooling.Stride - pooling.Padding;
            return Enumerable.Range(first, pooling.Size).Where(place => place >= 0 && place < size);
        }
    }
}
