using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Talweg.Landscapes;

/// <summary>Losses, and slopes if asked for, of a block of consecutive samples at every displacement, gathered from torch for a reducer.</summary>
internal sealed class BlockResults(int first, int count, int displacements, bool withSlopes)
{
    private readonly double[] _losses = new double[(long)count * displacements];
    private readonly double[] _slopes = withSlopes ? new double[(long)count * displacements] : [];

    /// <summary>Takes the results at displacements from <paramref name="firstPoint"/> on.</summary>
    /// <param name="firstPoint">The number of the first.</param>
    /// <param name="losses">[displacements, samples].</param>
    /// <param name="slopes">Likewise, or null.</param>
    public void Set(int firstPoint, Tensor losses, Tensor? slopes)
    {
        Copy(losses, _losses.AsSpan(firstPoint * count));
        if (slopes is not null)
            Copy(slopes, _slopes.AsSpan(firstPoint * count));
    }

    public void HandTo(TransectReducer reducer)
    {
        int[] samples = [.. Enumerable.Range(first, count)];
        reducer.Add(new(samples, _losses, _slopes, count));
    }

    private static void Copy(Tensor values, Span<double> to) =>
        MemoryMarshal.Cast<byte, double>(values.detach().to(ScalarType.Float64).contiguous().bytes).CopyTo(to);
}
