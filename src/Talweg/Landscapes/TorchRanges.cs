using static TorchSharp.torch;

namespace Talweg.Landscapes;

/// <summary>Torch's work on many pieces, spread over threads by us: torch itself spreads small operations to its own harm.</summary>
internal static class TorchRanges
{
    /// <summary>
    /// Gives each of at most <paramref name="threads"/> workers a contiguous range of the pieces, so that sums kept by worker are the same bits whenever
    /// the number of threads is. Within, torch takes one thread and no gradients; every piece has its own dispose scope.
    /// </summary>
    /// <param name="pieces">How many.</param>
    /// <param name="threads">At least 1.</param>
    /// <param name="body">Takes the worker's number and the piece's.</param>
    /// <param name="cancellation">Asked before every piece.</param>
    /// <returns>The number of workers.</returns>
    public static int Run(int pieces, int threads, Action<int, int> body, CancellationToken cancellation = default)
    {
        int workers = Workers(pieces, threads);
        Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation }, worker =>
        {
            set_num_threads(1);
            using var noGradient = no_grad();
            int end = (int)((long)pieces * (worker + 1) / workers);
            for (int piece = (int)((long)pieces * worker / workers); piece < end; piece++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                body(worker, piece);
            }
        });
        return workers;
    }

    /// <summary>How many workers <see cref="Run"/> takes.</summary>
    public static int Workers(int pieces, int threads) => Math.Clamp(threads, 1, pieces);
}
