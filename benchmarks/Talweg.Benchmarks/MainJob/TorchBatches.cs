using static TorchSharp.torch;

namespace Talweg.Benchmarks.MainJob;

/// <summary>Minibatches of an epoch as TorchSharp gets them: cut beforehand, or gathered when their turn comes.</summary>
internal sealed class TorchBatches(int count, Func<int, (Tensor Inputs, Tensor Labels)> batch, IReadOnlyList<Tensor> owned) : IDisposable
{
    public int Count => count;

    public (Tensor Inputs, Tensor Labels) this[int index] => batch(index);

    public void Dispose()
    {
        foreach (var tensor in owned)
            tensor.Dispose();
    }
}
