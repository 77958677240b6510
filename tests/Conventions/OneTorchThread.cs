using Talweg.Conventions;
using Talweg.Native;
using TorchSharp;

[assembly: AssemblyFixture(typeof(OneTorchThread))]

namespace Talweg.Conventions;

/// <summary>Torch's operations take one thread each, in all tests: it is set before the first, since the number is the process's, not a test's.</summary>
public sealed class OneTorchThread
{
    public OneTorchThread()
    {
        TorchRuntime.Load();
        torch.set_num_threads(1);
    }
}
