using System.Runtime.InteropServices;
using Talweg.Data;
using static TorchSharp.torch;

namespace Talweg.Landscapes;

/// <summary>Samples in blocks, as tensors.</summary>
internal static class SampleBlocks
{
    /// <summary>Consecutive samples, so many at a time; the last block has the rest.</summary>
    public static IEnumerable<(int First, int Count)> Of(int samples, int size)
    {
        for (int first = 0; first < samples; first += size)
            yield return (first, Math.Min(size, samples - first));
    }

    /// <summary>As above, but a rest goes to the last block: where samples make each other's statistics, none is left with few.</summary>
    public static IEnumerable<(int First, int Count)> WithoutRest(int samples, int size)
    {
        int blocks = Math.Max(1, samples / size);
        for (int block = 0; block < blocks; block++)
            yield return (block * size, block == blocks - 1 ? samples - block * size : size);
    }

    /// <summary>The inputs of consecutive samples, [count, width].</summary>
    /// <remarks>In torch's own memory, which starts on a cache line: on a pinned array, which starts anywhere, MKL rounds differently from call to call.</remarks>
    public static Tensor Inputs(LabelledSamples samples, int first, int count, ScalarType type)
    {
        var inputs = empty(count, samples.Width, ScalarType.Float32);
        samples.Read(first, count, MemoryMarshal.Cast<byte, float>(inputs.bytes));
        return inputs.to(type);
    }
}
