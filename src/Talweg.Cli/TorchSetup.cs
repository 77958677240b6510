using Talweg.Native;
using TorchSharp;

namespace Talweg.Cli;

/// <summary>Loads libtorch for commands that compute with it. Other commands must not: it takes most of a second.</summary>
internal static class TorchSetup
{
    /// <summary>Loads it, with the given number of threads for one operation.</summary>
    public static void Prepare(int threads)
    {
        TorchRuntime.Prepare();
        torch.set_num_threads(threads);
    }
}
