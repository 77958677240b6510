using System.Runtime.InteropServices;
using Talweg.Data;
using static TorchSharp.torch;

namespace Talweg.Networks;

/// <summary>Samples' inputs as torch tensors.</summary>
/// <remarks>In torch's own memory, which starts on a cache line: on a pinned array, which starts anywhere, MKL rounds differently from call to call.</remarks>
internal static class SampleInputs
{
    /// <summary>Of consecutive samples, [count, width].</summary>
    public static Tensor Of(LabelledSamples samples, int first, int count, ScalarType type)
    {
        var inputs = empty(count, samples.Width, ScalarType.Float32);
        samples.Read(first, count, MemoryMarshal.Cast<byte, float>(inputs.bytes));
        return inputs.to(type);
    }

    /// <summary>Of samples in any order, [samples, width].</summary>
    public static Tensor Of(LabelledSamples samples, ReadOnlySpan<int> which, ScalarType type)
    {
        var inputs = empty(which.Length, samples.Width, ScalarType.Float32);
        samples.Read(which, MemoryMarshal.Cast<byte, float>(inputs.bytes));
        return inputs.to(type);
    }
}
