using Talweg.Landscapes;

namespace Talweg.Noise;

/// <summary>Consecutive samples in chunks that a core's cache can hold the activations of.</summary>
internal static class SampleRanges
{
    private const int AtOnce = 1000;

    /// <summary>As <see cref="TorchRanges.Run"/>, the body taking the worker's number, the first sample and how many.</summary>
    public static void Run(int samples, int threads, Action<int, int, int> body, CancellationToken cancellation = default) =>
        TorchRanges.Run(Chunks(samples), threads, (worker, chunk) => body(worker, chunk * AtOnce, Math.Min(AtOnce, samples - chunk * AtOnce)), cancellation);

    /// <summary>How many workers <see cref="Run"/> takes.</summary>
    public static int Workers(int samples, int threads) => TorchRanges.Workers(Chunks(samples), threads);

    private static int Chunks(int samples) => (samples + AtOnce - 1) / AtOnce;
}
