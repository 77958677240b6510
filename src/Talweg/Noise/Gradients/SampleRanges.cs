using Talweg.Landscapes;

namespace Talweg.Noise.Gradients;

/// <summary>Consecutive samples in chunks, spread over threads.</summary>
internal static class SampleRanges
{
    /// <summary>As <see cref="TorchRanges.Run"/>, the body taking the worker's number, the first sample and how many.</summary>
    public static void Run(int samples, int atOnce, int threads, Action<int, int, int> body) =>
        TorchRanges.Run(Chunks(samples, atOnce), threads, (worker, chunk) => body(worker, chunk * atOnce, Math.Min(atOnce, samples - chunk * atOnce)));

    /// <summary>How many workers <see cref="Run"/> takes.</summary>
    public static int Workers(int samples, int atOnce, int threads) => TorchRanges.Workers(Chunks(samples, atOnce), threads);

    private static int Chunks(int samples, int atOnce) => (samples + atOnce - 1) / atOnce;
}
