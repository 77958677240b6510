using TorchSharp;

namespace Talweg.Studies.Running;

/// <summary>How many threads torch may take for one operation, which each thread of a study must say for itself.</summary>
public static class TorchThreads
{
    /// <summary>
    /// One for the calling thread. Cells, windows and directions are what is spread over the cores; and libtorch rounds differently with
    /// other numbers of threads, so that cells would not be the same to the last bit.
    /// </summary>
    public static void One() => torch.set_num_threads(1);
}
