using Talweg.Cli.Host;
using Talweg.Native;
using TorchSharp;

namespace Talweg.Cli;

/// <summary>Loads libtorch for commands that compute with it. Other commands must not: it takes most of a second.</summary>
internal static class TorchSetup
{
    /// <summary>Loads it, with the given number of threads for one operation.</summary>
    /// <exception cref="InputException">The folder for temporary files takes none.</exception>
    /// <exception cref="DllNotFoundException">It does not load.</exception>
    public static void Prepare(int threads)
    {
        TemporaryFiles.Require();
        TorchRuntime.Load();
        torch.set_num_threads(threads);
    }
}
